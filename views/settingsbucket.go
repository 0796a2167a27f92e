// The bucket that photos are hosted in.

package views

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/views/kit"
)

// bucketSection is the card of the bucket.
type bucketSection struct {
	desk
	card  *settingsCard
	guide *bucketGuide

	endpoint, region, name, access, secret, token, public *widget.Entry

	save   *widget.Button
	create *widget.Button
	check  *widget.Button
	remove *widget.Button
	where  *kit.MutedText
	result *settingsResult

	edited   bool // what is typed is not saved yet
	filling  bool
	secretAt string
	working  bool
}

func newBucketSection(w desk) *bucketSection {
	s := &bucketSection{desk: w.part(), where: kit.NewMutedText(""), result: newSettingsResult()}
	s.endpoint = s.input("s3.eu-central-1.amazonaws.com")
	s.region = s.input(lang.L("Asked of the store when empty"))
	s.name = s.input("my-photos")
	s.access = s.input("")
	s.secret = s.input("")
	s.secret.Password = true
	s.token = s.input(lang.L("Only for temporary keys, whose ids begin with ASIA"))
	s.token.Password = true
	s.public = s.input(lang.L("Empty: expiring links, which is more private"))
	s.save = widget.NewButtonWithIcon(lang.L("Save"), theme.DocumentSaveIcon(), s.saveBucket)
	s.create = widget.NewButtonWithIcon(lang.L("Create it for me"), theme.ContentAddIcon(), s.createBucket)
	s.check = widget.NewButtonWithIcon(lang.L("Check"), theme.ConfirmIcon(), s.checkBucket)
	s.remove = widget.NewButtonWithIcon(lang.L("Delete"), theme.DeleteIcon(), s.askDelete)
	s.remove.Importance = widget.LowImportance
	s.guide = newBucketGuide(s)
	objects := []fyne.CanvasObject{
		kit.NewMutedText(lang.L("An S3-compatible store of yours. LucyDream also puts your models there.")),
	}
	objects = append(objects, s.guide.lines()...)
	objects = append(objects,
		labelled(lang.L("Bucket"), s.name),
		labelled(lang.L("Access key"), s.access), labelled(lang.L("Secret key"), s.secret), labelled(lang.L("Session token"), s.token),
		labelled(lang.L("Public URL"), s.public),
		container.NewHBox(s.create, s.guide.values),
		container.NewBorder(nil, nil, nil, container.NewHBox(s.result.spinner(), s.save, s.check, s.remove), s.where),
		s.result,
	)
	s.card = newSettingsCard(objects...)
	s.fill()
	return s
}

func (s *bucketSection) input(hint string) *widget.Entry {
	entry := widget.NewEntry()
	entry.SetPlaceHolder(hint)
	entry.OnChanged = func(string) { s.changed() }
	return entry
}

func (s *bucketSection) object() fyne.CanvasObject { return s.card }

func (s *bucketSection) field() fyne.Focusable {
	switch {
	case s.endpoint.Disabled():
		return nil
	case s.guide.store().account:
		return s.guide.account
	}
	return s.endpoint
}

// fixed reports whether the bucket is given from outside.
func (s *bucketSection) fixed() bool {
	return s.studio.Demo() || s.studio.Bucket.Settings() != s.studio.Settings.Now().Bucket
}

// refresh shows what is stored, unless somebody is typing something else, and
// looks where the secret is.
func (s *bucketSection) refresh() {
	if !s.edited {
		s.fill()
	}
	studio := s.studio
	kit.Begin(s.work, "look", func(ctx context.Context) keyPlace {
		where, err := studio.Access.KeyWhere(ctx, access.BucketAccount)
		return keyPlace{string(where), err}
	}, s.showPlace)
}

func (s *bucketSection) fill() {
	set := s.studio.Bucket.Settings()
	s.filling = true
	s.endpoint.SetText(set.Endpoint)
	s.region.SetText(set.Region)
	s.name.SetText(set.Name)
	s.access.SetText(set.AccessKey)
	s.public.SetText(set.PublicURL)
	s.secret.SetText("")
	s.token.SetText("")
	s.guide.show(set.Endpoint)
	s.filling = false
	s.enable()
}

func (s *bucketSection) showPlace(p keyPlace) {
	s.secretAt = p.where
	words := ""
	switch {
	case p.err != nil:
		words = fullSentence(sayError(p.err))
	case s.studio.Demo():
		words = lang.L("The sandbox's own bucket, for this demo.")
	case s.fixed():
		words = lang.L("Taken from MAQUETTE_BUCKET_ENDPOINT and the variables beside it.")
	case p.where == "keyring":
		words = lang.L("The secret key is kept in the system's keyring.")
	case p.where == "session":
		words = lang.L("The secret key is kept for this session only: this system offers no keyring.")
	case p.where == "environment":
		words = lang.L("The secret key is taken from MAQUETTE_BUCKET_SECRET_KEY.")
	}
	s.where.SetText(words)
	s.secret.SetPlaceHolder("")
	if p.where != "" && !s.fixed() {
		s.secret.SetPlaceHolder(lang.L("There is one; type another to replace it"))
	}
	s.enable()
	s.card.Refresh()
}

func (s *bucketSection) enable() {
	open := !s.fixed() && !s.working
	for _, entry := range []*widget.Entry{s.endpoint, s.region, s.name, s.access, s.secret, s.token, s.public} {
		kit.SetEnabled(open, entry)
	}
	s.guide.enable(open)
	stored := s.studio.Bucket.Settings().Endpoint != ""
	kit.SetEnabled(open && s.edited, s.save)
	kit.SetEnabled(open && (stored || s.edited), s.create)
	kit.SetEnabled(stored && !s.edited && !s.working, s.check)
	kit.SetEnabled(open && stored, s.remove)
}

// changed takes back what was said about another bucket.
func (s *bucketSection) changed() {
	if s.filling {
		return
	}
	s.edited = true
	s.work.Drop("ask")
	s.result.end("", nil)
	s.enable()
	s.card.Refresh()
}

func (s *bucketSection) begin() {
	s.working = true
	s.result.begin()
	s.enable()
}

func (s *bucketSection) end(good string, err error) {
	s.working = false
	s.result.end(good, err)
	s.enable()
	s.card.Refresh()
}

// typed is what the fields hold.
func (s *bucketSection) typed() (settings.Bucket, access.BucketSecrets) {
	set := settings.Bucket{
		Endpoint: strings.TrimSpace(s.endpoint.Text), Region: strings.TrimSpace(s.region.Text), Name: strings.TrimSpace(s.name.Text),
		AccessKey: strings.TrimSpace(s.access.Text), PublicURL: strings.TrimSpace(s.public.Text),
	}
	return set, access.BucketSecrets{Key: strings.TrimSpace(s.secret.Text), Token: strings.TrimSpace(s.token.Text)}
}

func (s *bucketSection) saveBucket() {
	set, secrets := s.typed()
	s.work.Drop("ask")
	s.begin()
	studio := s.studio
	kit.Do(s.work, func(ctx context.Context) error {
		_, err := studio.Bucket.Set(ctx, set, secrets)
		return err
	}, func(err error) {
		s.edited = err != nil
		s.end(lang.L("Saved. Check it to see whether photos can be hosted in it."), err)
		s.refresh()
	})
}

// createBucket saves what is typed, and makes the bucket as far as the keys may.
func (s *bucketSection) createBucket() {
	if s.working {
		return
	}
	set, secrets := s.typed()
	edited, studio := s.edited, s.studio
	s.work.Drop("ask")
	s.begin()
	kit.Do(s.work, func(ctx context.Context) createdBucket {
		if edited {
			if _, err := studio.Bucket.Set(ctx, set, secrets); err != nil {
				return createdBucket{err: err}
			}
		}
		steps, err := studio.Bucket.Create(ctx)
		return createdBucket{true, steps, err}
	}, func(c createdBucket) {
		s.working, s.edited = false, edited && !c.saved
		s.result.endWith(c.words(), errors.Join(c.err, access.Trouble(c.steps)))
		s.refresh()
		s.enable()
		s.card.Refresh()
	})
}

// createdBucket is what came of making a bucket.
type createdBucket struct {
	saved bool
	steps []access.Made
	err   error
}

// words say what was done, a step a line.
func (c createdBucket) words() string {
	var lines []string
	for _, step := range c.steps {
		lines = append(lines, say(step.Text()))
	}
	return strings.Join(lines, "\n")
}

func (s *bucketSection) checkBucket() {
	if s.working {
		return
	}
	s.result.begin()
	s.check.Disable()
	studio := s.studio
	kit.Begin(s.work, "ask", func(ctx context.Context) checkedBucket {
		proofs, err := studio.Bucket.Check(ctx)
		return checkedBucket{proofs, err}
	}, s.showChecked)
}

func (s *bucketSection) showChecked(c checkedBucket) {
	s.working = false
	s.result.endWith(c.words(), errors.Join(c.err, c.proofs.Err()))
	s.enable()
	s.card.Refresh()
}

// checkedBucket is what a check found.
type checkedBucket struct {
	proofs access.Proofs
	err    error
}

// words say what works, a service a line.
func (c checkedBucket) words() string {
	if c.err != nil {
		return ""
	}
	lines := []string{lang.L("What jobs do was tried with small files:")}
	for _, p := range c.proofs {
		lines = append(lines, say(p.Words()))
	}
	return strings.Join(lines, "\n")
}

func (s *bucketSection) askDelete() {
	kit.Confirm(s.window, kit.Question{
		Title: lang.L("Delete the bucket's settings?"),
		Text:  lang.L("The bucket and what is in it stay. Jobs that host photos stop until a bucket is set up again."),
		Yes:   lang.L("Delete"), No: lang.L("Cancel"),
	}, s.deleteBucket)
}

func (s *bucketSection) deleteBucket() {
	s.work.Drop("ask")
	s.begin()
	studio := s.studio
	kit.Do(s.work, func(ctx context.Context) error { return studio.Bucket.Delete(ctx) }, func(err error) {
		s.edited = false
		s.end(lang.L("Deleted."), err)
		s.refresh()
	})
}
