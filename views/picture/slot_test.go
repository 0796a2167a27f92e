package picture

import (
	"context"
	"image"
	"image/color"
	"testing"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestASlotShowsTheLastPictureItWasGiven(t *testing.T) {
	ui := viewtest.Start(t)
	gate := make(chan struct{})
	loader := NewLoader(func(ctx context.Context, id string, px int) (image.Image, error) {
		if id == "slow" {
			select {
			case <-gate:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		return viewtest.Plain(px, px, color.White), nil
	}, 0)
	t.Cleanup(loader.Close)
	arrived := 0
	slot := NewSlot(loader, func() { arrived++ })
	if !slot.Set("slow", 8) || slot.Picture != nil || slot.Image() != nil {
		t.Fatal("a picture is there before it is loaded")
	}
	if slot.Set("slow", 8) {
		t.Error("the same picture is asked for twice")
	}
	slot.Set("fast", 16)
	close(gate)
	ui.Until("the picture", func() bool { return slot.Picture != nil })
	if slot.ID() != "fast" || slot.Picture.Rect.Dx() != 16 || arrived != 1 {
		t.Errorf("%q is there, %d arrived", slot.ID(), arrived)
	}
	slot.Set("", 0)
	if slot.Picture != nil || slot.Image() != nil {
		t.Error("an empty slot holds a picture")
	}
	if slot.Set("fast", 16); slot.Picture == nil || arrived != 1 {
		t.Error("a known picture isn't there at once")
	}
}
