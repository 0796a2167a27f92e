// The guide to a bucket: which fields a store really has, how to get what goes
// into them, and filling them in from what was copied there.

package views

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/views/kit"
)

// store is a provider of buckets.
type store struct {
	title    string
	host     string // what its endpoints hold; "" for none
	page     string // where buckets and keys are made
	steps    string
	endpoint string // an example
	account  bool   // the endpoint is told by the account's id
	region   bool   // the region has to be told
}

// stores are those that the guide knows; the last is any other.
func stores() []store {
	return []store{
		{
			"Cloudflare R2", "r2.cloudflarestorage.com", "https://dash.cloudflare.com/?to=/:account/r2/overview",
			lang.L("1. Create a bucket and leave it private.\n2. In its settings, add a lifecycle rule that deletes objects with the prefix “maquette-” after two days.\n3. Under “Manage API tokens”, create a token for this bucket with “Object Read & Write”.\n4. Copy the account ID and both keys from the page that appears: it is shown once.\n5. Save here, then check. With a token for “Admin Read & Write”, “Create it for me” does 1 and 2."),
			"", true, false,
		},
		{
			"Amazon S3", "amazonaws.com", "https://console.aws.amazon.com/s3/buckets",
			lang.L("1. Create a bucket and leave “Block all public access” on.\n2. Under “Management”, add a lifecycle rule that expires objects with the prefix “maquette-” after two days.\n3. In IAM, create a user who may only list, get, put and delete in this bucket.\n4. Create an access key for that user and copy both parts.\n5. Save here, then check."),
			"https://s3.eu-central-1.amazonaws.com", false, true,
		},
		{
			"Backblaze B2", "backblazeb2.com", "https://secure.backblaze.com/b2_buckets.htm",
			lang.L("1. Create a private bucket and note its endpoint.\n2. In its lifecycle settings, have files with the prefix “maquette-” deleted after two days.\n3. Under “Application Keys”, add a key for this bucket with read and write access.\n4. Copy the keyID and the applicationKey: the latter is shown once.\n5. Save here, then check."),
			"https://s3.eu-central-003.backblazeb2.com", false, false,
		},
		{
			"MinIO", "", "",
			lang.L("1. Create a private bucket on your server. Services have to reach it from the internet.\n2. Add a lifecycle rule that deletes objects with the prefix “maquette-” after two days.\n3. Create an access key that may only read and write in this bucket.\n4. Copy both parts.\n5. Save here, then check."),
			"https://minio.example.com", false, true,
		},
		{lang.L("Another store"), "", "", "", "https://s3.example.com", false, true},
	}
}

// bucketGuide is the upper part of the bucket's card.
type bucketGuide struct {
	section *bucketSection
	stores  []store

	choice  *widget.Select
	steps   *kit.Caption
	page    *widget.Hyperlink
	account *widget.Entry
	said    *kit.MutedText

	accountLine, endpointLine, regionLine fyne.CanvasObject
	paste                                 *widget.Button
	values                                *widget.Button // copies what LucyDream's dashboard asks for
}

func newBucketGuide(s *bucketSection) *bucketGuide {
	g := &bucketGuide{section: s, stores: stores(), steps: kit.NewCaption(""), said: kit.NewMutedText("")}
	titles := make([]string, len(g.stores))
	for i, store := range g.stores {
		titles[i] = store.title
	}
	g.choice = widget.NewSelect(titles, func(string) { g.follow() })
	g.page = widget.NewHyperlink(lang.L("Open its page"), nil)
	g.page.OnTapped = func() { s.openSite(g.store().page) }
	g.account = widget.NewEntry()
	g.account.SetPlaceHolder("0123456789abcdef0123456789abcdef")
	g.account.OnChanged = func(text string) {
		if !s.filling && g.store().account {
			s.endpoint.SetText(access.CloudflareEndpoint(strings.TrimSpace(text)))
		}
	}
	g.accountLine = labelled(lang.L("Account ID"), g.account)
	g.endpointLine, g.regionLine = labelled(lang.L("Endpoint"), s.endpoint), labelled(lang.L("Region"), s.region)
	g.paste = widget.NewButtonWithIcon(lang.L("Fill in from the clipboard"), theme.ContentPasteIcon(), g.fillIn)
	g.values = widget.NewButtonWithIcon(lang.L("Values for LucyDream…"), theme.ContentCopyIcon(), g.showValues)
	g.said.Hide()
	return g
}

// lines are the guide's, from the choice to the region.
func (g *bucketGuide) lines() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		labelled(lang.L("Store"), container.NewBorder(nil, nil, nil, container.NewHBox(g.page, g.paste), g.choice)),
		g.said, g.steps, g.accountLine, g.endpointLine, g.regionLine,
	}
}

func (g *bucketGuide) store() store { return g.stores[max(0, g.choice.SelectedIndex())] }

// show chooses the store that an endpoint is of, and shows the account it names.
func (g *bucketGuide) show(endpoint string) {
	g.account.SetText(access.CloudflareAccount(endpoint))
	at := 0
	if endpoint != "" {
		at = slices.IndexFunc(g.stores, func(s store) bool { return s.host != "" && strings.Contains(endpoint, s.host) })
		if at < 0 || g.stores[at].account && g.account.Text == "" { // a jurisdiction's endpoint is more than an account
			at = len(g.stores) - 1
		}
	}
	g.choice.SetSelectedIndex(at)
	g.follow()
}

// follow shows what the chosen store has.
func (g *bucketGuide) follow() {
	store := g.store()
	g.steps.SetText(store.steps)
	g.section.endpoint.SetPlaceHolder(store.endpoint)
	kit.SetVisible(store.steps != "", g.steps)
	kit.SetVisible(store.page != "", g.page)
	kit.SetVisible(store.account, g.accountLine)
	kit.SetVisible(!store.account, g.endpointLine)
	kit.SetVisible(store.region, g.regionLine)
	if g.section.card != nil {
		g.section.card.Refresh()
	}
}

// fillIn takes what is on the clipboard apart.
func (g *bucketGuide) fillIn() {
	found, secrets, known := access.PastedBucket(fyne.CurrentApp().Clipboard().Content())
	if !known {
		g.say(lang.L("Nothing on the clipboard is about a bucket. Copy its address, a section of rclone.conf, an AWS profile or the JSON of a key."))
		return
	}
	var parts []string
	for _, part := range []struct {
		entry *widget.Entry
		value string
		name  string
	}{
		{g.section.endpoint, found.Endpoint, lang.L("Endpoint")},
		{g.section.region, found.Region, lang.L("Region")},
		{g.section.name, found.Name, lang.L("Bucket")},
		{g.section.access, found.AccessKey, lang.L("Access key")},
		{g.section.secret, secrets.Key, lang.L("Secret key")},
		{g.section.token, secrets.Token, lang.L("Session token")},
		{g.section.public, found.PublicURL, lang.L("Public URL")},
	} {
		if part.value != "" {
			part.entry.SetText(part.value)
			parts = append(parts, part.name)
		}
	}
	if found.Endpoint != "" {
		g.section.filling = true
		g.show(found.Endpoint)
		g.section.filling = false
	}
	g.say(fmt.Sprintf(lang.L("Filled in: %s. Nothing is saved yet."), kit.Listed(parts...)))
}

func (g *bucketGuide) say(words string) {
	g.said.SetText(words)
	g.said.Show()
	g.section.card.Refresh()
}

// enable follows whether the bucket can be changed, and whether its values are
// those that LucyDream's dashboard takes.
func (g *bucketGuide) enable(open bool) {
	kit.SetEnabled(open, g.choice)
	kit.SetEnabled(open, g.account)
	kit.SetEnabled(open, g.paste)
	set := g.section.studio.Bucket.Settings()
	kit.SetVisible(access.CloudflareAccount(set.Endpoint) != "", g.values)
}

// showValues shows the five values that LucyDream's dashboard asks for. The
// secret key is read when it is copied, and not shown.
func (g *bucketGuide) showValues() {
	s := g.section
	set := s.studio.Bucket.Settings()
	rows := container.NewVBox(kit.NewMutedText(lang.L("LucyDream puts your models into this bucket: enter these five values in its API dashboard.")))
	for _, row := range []struct{ name, value string }{
		{lang.L("Account ID"), access.CloudflareAccount(set.Endpoint)},
		{lang.L("Access key"), set.AccessKey},
		{lang.L("Bucket"), set.Name},
		{lang.L("Bucket URL"), cmp.Or(set.PublicURL, lang.L("its r2.dev address, in the bucket's settings at Cloudflare"))},
	} {
		value := kit.WrappedLabel()
		value.Wrapping = fyne.TextWrapBreak
		value.SetText(row.value)
		rows.Add(labelled(row.name, container.NewBorder(nil, nil, nil, s.copying(func() { s.toClipboard(row.value) }), value)))
	}
	secret := s.copying(s.copySecret)
	rows.Add(labelled(lang.L("Secret key"), container.NewBorder(nil, nil, nil, secret, widget.NewLabel("••••••••"))))
	kit.Inform(s.window, lang.L("Values for LucyDream"), container.New(&kit.FixedWidth{Width: 560}, rows))
}

func (s *bucketSection) copying(do func()) *widget.Button {
	return widget.NewButtonWithIcon(lang.L("Copy"), theme.ContentCopyIcon(), do)
}

// copySecret puts the secret key on the clipboard, once the keyring gave it.
func (s *bucketSection) copySecret() {
	studio := s.studio
	kit.Do(s.work, func(ctx context.Context) string {
		secret, _, _ := studio.Access.Keys.Get(ctx, access.BucketAccount)
		return secret
	}, func(secret string) {
		if secret != "" {
			s.toClipboard(secret)
		}
	})
}
