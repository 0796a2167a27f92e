// Drawing a picture as far as it can be read, whatever its size, to be looked
// at. What leaves this computer is never drawn here.

package photo

import (
	"context"
	"image"
	"io"
)

// drawn is Thumbnail for files that the usual decoders refuse, or that are too
// large for them.
func drawn(ctx context.Context, r io.ReadSeeker, edge int) (*image.RGBA, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, unreadable(err)
	}
	e := &examination{ctx: ctx, in: r, size: size}
	if e.head, err = e.leading(sniffLen); err != nil {
		return nil, unreadable(err)
	}
	img, err := recovered(func() (*image.RGBA, error) { return e.draw(edge) })
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return img, err
}

func (e *examination) draw(edge int) (*image.RGBA, error) {
	format, why := sniff(e.head)
	switch format {
	case formatPNG:
		return e.drawPNG(edge)
	case formatJPEG:
		return e.drawJPEG(edge)
	case formatWebP:
		e.ext = extensionOf[format]
		return e.drawWhole(edge, e.decodeWebP)
	}
	switch e.ext = otherKind(e.head).ext; e.ext {
	case "gif":
		return e.drawWhole(edge, e.decodeGIF)
	case "bmp":
		return e.drawWhole(edge, e.decodeBMP)
	}
	if why == nil {
		why = rejected("can't be shown")
	}
	return nil, why
}

func (e *examination) drawPNG(edge int) (*image.RGBA, error) {
	orientation := e.orientation(formatPNG)
	p, err := openPNG(e.start())
	if err != nil || p.width*p.height > streamedPixels {
		return nil, rejected("can't be shown")
	}
	release, err := weigh(e.ctx, 4*drawnMost)
	if err != nil {
		return nil, err
	}
	defer release()
	sink := newRowSink(p.width, p.height, edge)
	if result := p.read(sink); result.share == 0 {
		return nil, rejected("can't be shown")
	}
	return ToRGBA(upright(sink.out, orientation)), nil
}

func (e *examination) drawJPEG(edge int) (*image.RGBA, error) {
	orientation := e.orientation(formatJPEG)
	j, err := openJPEG(e.ctx, e.start())
	if err != nil || j.width*j.height > streamedPixels {
		return nil, rejected("can't be shown")
	}
	release, err := weigh(e.ctx, j.weight()+4*drawnMost)
	if err != nil {
		return nil, err
	}
	defer release()
	sink := newRowSink(j.width, j.height, edge)
	if err := j.read(sink, coefficientsMost); err != nil || j.share == 0 {
		return nil, rejected("can't be shown")
	}
	return ToRGBA(upright(sink.out, orientation)), nil
}

func (e *examination) drawWhole(edge int, decode func() (image.Image, bool, error)) (*image.RGBA, error) {
	cfg, err := e.config()
	if err != nil || !e.fits(cfg) {
		return nil, rejected("can't be shown")
	}
	release, err := weigh(e.ctx, e.decodedBytes(cfg))
	if err != nil {
		return nil, err
	}
	defer release()
	img, _, err := decode()
	if err != nil {
		return nil, rejected("can't be shown")
	}
	return ToRGBA(fitWithin(img, edge)), nil
}
