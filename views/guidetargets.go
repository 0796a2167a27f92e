// Where the guide explains what the window shows.

package views

import (
	"strings"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
)

// guideOfTab is the page about each tab.
var guideOfTab = map[int]string{
	tabTrain: "train.md", tabGenerate: "generate.md", tabGallery: "gallery.md", tabModels: "models.md", tabJobs: "jobs.md", tabSettings: "services.md",
}

// guideOfFailure is what to read about each kind of failure; there is nothing about the others.
var guideOfFailure = map[providers.FailureKind]string{
	providers.BadKey:         "services.md#keys",
	providers.NoCredit:       "troubleshooting.md#a-service-is-in-trouble",
	providers.RateLimited:    "services.md#limits",
	providers.RefusedContent: "generate.md#if-it-isnt-made",
	providers.ServiceTrouble: "troubleshooting.md#a-service-is-in-trouble",
	providers.NoNetwork:      "troubleshooting.md#no-connection-and-proxies",
	providers.UnknownOutcome: "jobs.md#a-job-needs-you",
	providers.NoBucket:       "places.md",
	providers.NoStorage:      "troubleshooting.md#the-disk-is-full",
	providers.BadResult:      "gallery.md#pictures-that-arent-whole",
}

// guideOfTrouble is what to read about a trouble of the studio, "" where there is nothing.
func guideOfTrouble(code string) string {
	kind, _, _ := strings.Cut(code, "/")
	switch kind {
	case "keyring":
		return "troubleshooting.md#the-keyring-is-locked-or-there-is-none"
	case "disk", "unwritten":
		return "troubleshooting.md#the-disk-is-full"
	case "hosted":
		return "places.md#photos-are-still-there"
	case "replaced", "shrunk", "backup", app.TroubleRecords:
		return "troubleshooting.md#the-database-is-damaged-or-lost"
	}
	return ""
}
