// Looking at what a service sent as a picture: what it is, and how much of it
// can be shown. Nothing here throws anything away.

package photo

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"io"
	"math"

	"golang.org/x/image/bmp"

	"github.com/maquette-studio/maquette/providers"
)

// Finding is what Examine found out about a file.
type Finding struct {
	Ext           string // by content: "png", "avif", "bin"
	Width, Height int    // pixels, after orientation; 0 where they aren't known
	// Odd says that something is wrong with the file, or that it can't be shown:
	// fetching it again may bring a better one.
	Odd bool
	// NotPicture says why it can't be a picture at all: it is a web page, text or
	// nothing.
	NotPicture providers.Sentence
	// Unreadable says why nothing of it can be shown.
	Unreadable providers.Sentence
	// Damaged says what of it can't be shown.
	Damaged providers.Sentence
	// Share of the picture that can be shown, 0 to 1.
	Share float64
}

// Examine reads all that r holds, in bounded memory whatever its size. ordered
// is the extension of what the service was asked for, providers.Pixels for any
// picture made of pixels, or "" where that isn't known: an SVG graphic is shown
// only where it was ordered. It fails only where r can't be read, and with the
// context's error when ctx ends first.
func Examine(ctx context.Context, r io.ReadSeeker, ordered string) (Finding, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return Finding{}, unreadable(err)
	}
	e := examination{ctx: ctx, in: r, size: size, ordered: ordered}
	if e.head, err = e.leading(sniffLen); err != nil {
		return Finding{}, unreadable(err)
	}
	found, err := recovered(e.examine)
	if why := (*Rejected)(nil); errors.As(err, &why) {
		found, err = e.beyondReading(), nil
	}
	if ctx.Err() != nil {
		return Finding{}, ctx.Err()
	}
	if found.Unreadable.IsZero() && found.NotPicture.IsZero() {
		found.Damaged = found.Damaged.Or(Misplaced(found.Ext, ordered))
	}
	return found, err
}

// examination is one look at a file.
type examination struct {
	ctx  context.Context
	in   io.ReadSeeker
	size int64 // bytes
	head []byte
	ext  string

	ordered string
}

// leading is the first n bytes, or all where there are fewer.
func (e *examination) leading(n int) ([]byte, error) {
	b := make([]byte, min(int64(n), e.size))
	if _, err := e.in.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	n, err := io.ReadFull(e.in, b)
	if isCut(err) {
		err = nil
	}
	return b[:n], err
}

// start reads from the beginning, until the context ends.
func (e *examination) start() io.Reader {
	if _, err := e.in.Seek(0, io.SeekStart); err != nil {
		return bytes.NewReader(nil)
	}
	return &untilDone{e.ctx, e.in}
}

// untilDone fails when its context has ended.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u *untilDone) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(b)
}

func (e *examination) examine() (Finding, error) {
	format, why := sniff(e.head)
	if why == nil {
		e.ext = extensionOf[format]
	}
	switch format {
	case formatPNG:
		return e.examinePNG()
	case formatJPEG:
		return e.examineJPEG()
	case formatWebP:
		return e.examineWhole(e.decodeWebP)
	case formatHEIC, formatAVIF, formatTIFF:
		return e.examineAtOnce()
	}
	other := otherKind(e.head)
	switch e.ext = other.ext; {
	case e.ext == "gif":
		return e.examineGIF()
	case e.ext == "bmp":
		return e.examineWhole(e.decodeBMP)
	case e.ext != "":
		return e.foreign(other), nil
	}
	return e.examineText(why)
}

// examineText is for what is no picture by its first bytes.
func (e *examination) examineText(why *Rejected) (Finding, error) {
	lead, err := e.leading(vectorLead)
	if err != nil {
		return Finding{}, err
	}
	if providers.IsVector(lead) {
		return e.examineVector()
	}
	if providers.IsText(e.head) {
		return Finding{NotPicture: providers.Say("The answer %s", why.Reason), Odd: true}, nil
	}
	e.ext = "bin"
	return Finding{
		Ext: e.ext, Odd: true,
		Unreadable: providers.Say("It isn't a kind of picture that is known here. It is kept as it came."),
	}, nil
}

// vectorLead is how far an SVG's root element may be from its beginning.
const vectorLead = 64 << 10

// vectorMost is how many bytes an SVG graphic has at most that is read.
const vectorMost = 16 << 20

func (e *examination) examineVector() (Finding, error) {
	e.ext = ExtVector
	if why := Misplaced(e.ext, e.ordered); !why.IsZero() {
		return Finding{Ext: e.ext, Odd: true, Unreadable: why}, nil
	}
	if e.size > vectorMost {
		return e.tooLarge(0, 0), nil
	}
	release, err := weigh(e.ctx, 4*e.size)
	if err != nil {
		return Finding{}, err
	}
	defer release()
	info, err := InspectVector(e.ctx, e.in, "")
	if err != nil {
		return Finding{}, err
	}
	return Finding{Ext: ExtVector, Width: info.Width, Height: info.Height, Share: 1}, nil
}

// foreign is for kinds that only other programs show.
func (e *examination) foreign(k kind) Finding {
	f := Finding{Ext: k.ext, Odd: true}
	lead, _ := e.leading(dimensionsLead)
	f.Width, f.Height = dimensions(k.ext, lead)
	if k.picture {
		f.Unreadable = providers.Say("It is %s picture, which can't be shown here. It is kept as it came; another program may show it.", k.what)
	} else {
		f.Unreadable = providers.Say("It looks like %s. It is kept as it came; another program may open it.", k.what)
	}
	return f
}

// beyondReading is for a picture of which nothing can be shown.
func (e *examination) beyondReading() Finding {
	f := Finding{Ext: e.ext, Odd: true}
	lead, _ := e.leading(dimensionsLead)
	f.Width, f.Height = dimensions(e.ext, lead)
	f.Unreadable = providers.Say("It is damaged, and nothing of it can be shown. It is kept as it came.")
	return f
}

func (e *examination) tooLarge(w, h int) Finding {
	return Finding{
		Ext: e.ext, Width: w, Height: h,
		Unreadable: providers.Say("It is too large to be shown here. It is kept as it came; another program may show it."),
	}
}

// damaged says how much can be shown, in whole percent, never all of it.
func (f Finding) damaged(share float64) Finding {
	f.Odd, f.Share = true, share
	if share <= 0 {
		f.Unreadable = providers.Say("It is damaged, and nothing of it can be shown. It is kept as it came.")
		return f
	}
	percent := min(99, max(1, int(math.Floor(share*100))))
	f.Damaged = providers.Say("It is damaged: %d %% of it could be read.", percent)
	return f
}

func (e *examination) examinePNG() (Finding, error) {
	orientation := e.orientation(formatPNG)
	p, err := openPNG(e.start())
	if err != nil {
		return Finding{}, rejected("can't be shown")
	}
	f := Finding{Ext: e.ext, Share: 1}
	f.Width, f.Height = turned(p.width, p.height, orientation)
	if p.width*p.height > streamedPixels {
		return e.tooLarge(f.Width, f.Height), nil
	}
	result := p.read(nil)
	switch {
	case result.share < 1:
		return f.damaged(result.share), nil
	case !result.right:
		f.Damaged = providers.Say("It is damaged: its pixels don't match their checksum, so parts of it may look wrong.")
	}
	f.Odd = result.odd || !result.right
	return f, nil
}

// orientation is the picture's, 1 to 8, by what stands before its pixels.
func (e *examination) orientation(format string) int {
	lead, err := e.leading(headerLead)
	if err != nil {
		return 1
	}
	return readHeader(format, lead).exif.orientation
}

// headerLead is how far EXIF is looked for.
const headerLead = 256 << 10

func turned(w, h, orientation int) (int, int) {
	if orientation >= 5 {
		return h, w
	}
	return w, h
}

func (e *examination) examineJPEG() (Finding, error) {
	orientation := e.orientation(formatJPEG)
	j, err := openJPEG(e.ctx, e.start())
	if errors.Is(err, errJPEGKind) {
		return e.unusual(), nil
	}
	if err != nil {
		return e.beyondReading(), nil
	}
	f := Finding{Ext: e.ext, Share: 1}
	f.Width, f.Height = turned(j.width, j.height, orientation)
	if j.width*j.height > streamedPixels {
		return e.tooLarge(f.Width, f.Height), nil
	}
	release, err := weigh(e.ctx, j.weight())
	if err != nil {
		return Finding{}, err
	}
	defer release()
	if err := j.read(nil, coefficientsMost); err != nil {
		return e.beyondReading(), nil
	}
	switch {
	case j.share < 1:
		return f.damaged(j.share), nil
	case j.wrong, j.progressive && !j.whole:
		f.Damaged = providers.Say("It is damaged: it is shown with fewer details than it had.")
	}
	f.Odd = !j.whole
	return f, nil
}

// weight is about how many bytes of memory reading the picture takes.
func (j *jpegStream) weight() int64 {
	all := int64(0)
	for _, c := range j.components {
		all += int64(c.across) * int64(c.down)
	}
	if kept := all * 64 * 2; kept <= coefficientsMost {
		return kept
	}
	return all * 2
}

// examineWhole is for formats that are decoded at once or not at all.
func (e *examination) examineWhole(decode func() (image.Image, bool, error)) (Finding, error) {
	cfg, err := e.config()
	if errors.Is(err, bmp.ErrUnsupported) {
		return e.unusual(), nil
	}
	if err != nil {
		return e.beyondReading(), nil
	}
	if !e.fits(cfg) {
		return e.tooLarge(cfg.Width, cfg.Height), nil
	}
	release, err := weigh(e.ctx, e.decodedBytes(cfg))
	if err != nil {
		return Finding{}, err
	}
	defer release()
	img, odd, err := decode()
	if err != nil {
		return e.beyondReading(), nil
	}
	return Finding{Ext: e.ext, Width: img.Bounds().Dx(), Height: img.Bounds().Dy(), Odd: odd, Share: 1}, nil
}

// examineAtOnce is for formats whose decoders are those of photos, too.
func (e *examination) examineAtOnce() (Finding, error) {
	p, err := open(e.ctx, e.in)
	if err != nil {
		return e.undecoded(err), nil
	}
	defer p.release()
	if _, err := p.pixels(e.ctx); err != nil {
		return e.undecoded(err), nil
	}
	f := Finding{Ext: e.ext, Share: 1}
	f.Width, f.Height = p.uprightSize()
	return f, nil
}

// undecoded is for a picture that can't be decoded at once.
func (e *examination) undecoded(err error) Finding {
	f := e.beyondReading()
	switch {
	case errors.Is(err, errTooLarge):
		return e.tooLarge(f.Width, f.Height)
	case errors.Is(err, errUnusual):
		return e.unusual()
	}
	return f
}

// unusual is for a kind of a known format that isn't read.
func (e *examination) unusual() Finding {
	f := e.beyondReading()
	f.Unreadable = providers.Say("It is an unusual kind of %s picture, which can't be shown here. It is kept as it came; another program may show it.", orderedName(e.ext))
	return f
}

// decodedBytes is what decoding the picture at once takes: its file, its pixels
// and a copy of them to scale.
func (e *examination) decodedBytes(cfg image.Config) int64 {
	perPixel := int64(8)
	if _, indexed := cfg.ColorModel.(color.Palette); indexed {
		perPixel = 5
	}
	return e.size + int64(cfg.Width)*int64(cfg.Height)*perPixel
}

func (e *examination) fits(cfg image.Config) bool {
	return cfg.Width > 0 && cfg.Height > 0 && cfg.Width <= streamedEdge && cfg.Height <= streamedEdge && e.decodedBytes(cfg) <= wholeMost
}

func (e *examination) config() (image.Config, error) {
	config := otherDecoders[e.ext].config
	if e.ext == extensionOf[formatWebP] {
		config = webpConfig
	}
	return recovered(func() (image.Config, error) { return config(bufio.NewReader(e.start())) })
}
