// Where advice leads in the window: each remedy's button, in words.

package views

import (
	"fmt"

	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// remedyOf is a failure's remedy; what was stored before failures had any is judged by its kind.
func remedyOf(f *providers.Failure) providers.Remedy {
	if f.Remedy.Code != "" && f.Remedy.Code != providers.RetryJob {
		return f.Remedy
	}
	switch f.Kind {
	case providers.BadKey:
		return providers.Remedy{Code: providers.OpenKeys}
	case providers.NoBucket:
		return providers.Remedy{Code: providers.OpenBucket}
	case providers.NoStorage:
		return providers.Remedy{Code: providers.OpenFolder}
	}
	return f.Remedy
}

// remedyButton leads where a remedy is carried out; nil where the advice alone is all there is. service is the id of the
// service that it is about, "" for none. To retry is offered by who can.
func remedyButton(w desk, host failureHost, remedy providers.Remedy, service string) *widget.Button {
	switch remedy.Code {
	case providers.OpenKeys, providers.OpenAddress:
		return widget.NewButtonWithIcon(lang.L("Open Settings"), theme.SettingsIcon(), func() { host.showSettings(service) })
	case providers.OpenBucket:
		return widget.NewButtonWithIcon(lang.L("Set up the bucket"), theme.SettingsIcon(), func() { host.showSettings(access.BucketAccount) })
	case providers.OpenPlace:
		return widget.NewButtonWithIcon(lang.L("Choose a place for photos"), theme.SettingsIcon(), func() { host.showSettings(placeAccount) })
	case providers.CheckBucket:
		return widget.NewButtonWithIcon(lang.L("Check the bucket"), theme.SettingsIcon(), func() { host.showSettings(access.BucketAccount) })
	case providers.OpenFolder:
		return widget.NewButtonWithIcon(lang.L("Show the data folder"), theme.FolderOpenIcon(), w.openDataFolder)
	case providers.MakeCall:
		call, _, known := w.studio.Services().Call(remedy.Call)
		if !known {
			return nil
		}
		text := fmt.Sprintf(lang.L("Ask for “%s”…"), kit.Local(call.Title))
		return widget.NewButtonWithIcon(text, theme.QuestionIcon(), func() { host.showCall(remedy) })
	}
	return nil
}
