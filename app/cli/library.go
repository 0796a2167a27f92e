package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/maquette-studio/maquette/app"
)

// images lists and exports results.
func (c *command) images(_ context.Context, args []string) (err error) {
	search := c.flags.String("search", "", "")
	out := c.flags.String("out", "", "")
	defer c.close(&err)
	words, err := c.open(args, func(words []string) error {
		switch {
		case len(words) == 1 && words[0] == "list":
			return nil
		case len(words) == 2 && words[0] == "export" && *out != "":
			return makeOut(*out)
		}
		return usagef("usage: maquette images list [--search Q]|export ID --out DIR [--json]")
	})
	if err != nil {
		return err
	}
	if words[0] == "list" {
		return c.listImages(*search)
	}
	if _, ok := c.studio.Picture(words[1]); !ok {
		return usagef("there is no image %s", words[1])
	}
	path, err := c.studio.Export(words[1], *out)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(map[string]string{"id": words[1], "path": path})
	}
	_, err = fmt.Fprintln(c.Out, path)
	return err
}

// imageLine is a picture as scripts read it.
type imageLine struct {
	app.Picture
	Path string `json:"path"`
}

func (c *command) listImages(search string) error {
	for _, p := range c.studio.Search(search) {
		if c.json {
			if err := c.printJSON(imageLine{p, c.studio.PicturePath(p.ID)}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.Out, "%s  %s  %d × %d  %s  %s\n", p.ID, p.Created.Local().Format("2006-01-02 15:04"), p.Width, p.Height, p.Task, p.Prompt)
	}
	return nil
}

// models lists, downloads and forgets trained models.
func (c *command) models(ctx context.Context, args []string) (err error) {
	out := c.flags.String("out", "", "")
	defer c.close(&err)
	words, err := c.open(args, func(words []string) error {
		if len(words) == 1 && words[0] == "list" || len(words) == 2 && (words[0] == "download" || words[0] == "forget") {
			return makeOut(*out)
		}
		return usagef("usage: maquette models list|download ID [--out DIR]|forget ID [--json]")
	})
	if err != nil {
		return err
	}
	if words[0] == "list" {
		return c.listModels()
	}
	model, ok := c.studio.Model(words[1])
	if !ok {
		return usagef("there is no model %s", words[1])
	}
	if words[0] == "forget" {
		if err := c.studio.ForgetModel(model.ID); err != nil {
			return err
		}
		return c.say("forgotten", model.ID)
	}
	return c.downloadModel(ctx, model.ID, *out)
}

func (c *command) downloadModel(ctx context.Context, id, out string) error {
	path, err := c.studio.DownloadModel(ctx, id)
	if err != nil {
		return err
	}
	if out != "" {
		if path, err = copyFile(path, out); err != nil {
			return err
		}
	}
	model, _ := c.studio.Model(id)
	if c.json {
		return c.printJSON(c.modelLine(model, path))
	}
	_, err = fmt.Fprintln(c.Out, path)
	return err
}

// modelLine is a model as scripts read it; its link is a secret and left out.
type modelLine struct {
	ID       string    `json:"id"`
	Service  string    `json:"service"`
	RemoteID string    `json:"remote_id"`
	Title    string    `json:"title"`
	Type     string    `json:"type"`
	Base     string    `json:"base,omitempty"`
	Step     int       `json:"step"`
	Size     int64     `json:"size"`
	Expires  time.Time `json:"expires,omitzero"`
	Created  time.Time `json:"created"`
	Job      string    `json:"job"`
	Path     string    `json:"path"` // empty until downloaded
}

func (c *command) modelLine(m app.Model, path string) modelLine {
	return modelLine{
		ID: m.ID, Service: m.Service, RemoteID: m.RemoteID, Title: m.Title, Type: m.Type, Base: m.Base, Step: m.Step,
		Size: m.Size, Expires: m.Expires, Created: m.Created, Job: m.Job, Path: path,
	}
}

func (c *command) listModels() error {
	for _, m := range c.studio.Models() {
		if c.json {
			if err := c.printJSON(c.modelLine(m, c.studio.ModelPath(m))); err != nil {
				return err
			}
			continue
		}
		step, size := "", ""
		if m.Step > 0 {
			step = fmt.Sprintf("step %d", m.Step)
		}
		if m.Size > 0 {
			size = fmt.Sprintf("%d KB", m.Size>>10)
		}
		fmt.Fprintf(c.Out, "%s  %-14s  %-11s  %11s  %s\n", m.ID, m.Type, step, size, m.Title)
	}
	return nil
}

// check verifies the database and every stored picture.
func (c *command) check(ctx context.Context, args []string) (err error) {
	defer c.close(&err)
	if _, err := c.open(args, exactly(0, "check")); err != nil {
		return err
	}
	report, err := c.studio.Verify(ctx)
	if err != nil {
		return err
	}
	if err := c.sayReport(report); err != nil {
		return err
	}
	for _, line := range report.Damaged {
		fmt.Fprintln(c.Err, "maquette:", line)
	}
	if len(report.Damaged) > 0 {
		return exitError(ExitFailed)
	}
	return nil
}

func (c *command) sayReport(report app.Report) error {
	if c.json {
		return c.printJSON(report)
	}
	_, err := fmt.Fprintf(c.Out, "%d pictures and %d models checked, %d damaged or missing.\n", report.Pictures, report.Models, len(report.Damaged))
	return err
}
