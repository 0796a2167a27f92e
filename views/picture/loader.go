// The thumbnail loader: pictures for cells, made in workers, bounded in memory by bytes.

package picture

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"image"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/maquette-studio/maquette/views/kit"
)

// Source makes the picture named id, no edge longer than px device pixels. It reads caches and disks and
// decodes, so it runs in workers only; it returns early when ctx ends.
type Source func(ctx context.Context, id string, px int) (image.Image, error)

// DefaultBytes bounds the pixels kept in memory by one loader.
const DefaultBytes = 128 << 20

// failedThumbBytes is what remembering a failure is taken to cost.
const failedThumbBytes = 512

// Loader answers from memory at once and else loads in workers, the newest request first: what a person
// scrolled to last is what they look at. Equal requests share one load. Its methods are safe from any goroutine;
// what it delivers arrives on the UI goroutine.
type Loader struct {
	source Source
	ctx    context.Context
	stop   context.CancelFunc
	done   sync.WaitGroup

	mu     sync.Mutex
	wake   *sync.Cond
	memory thumbMemory
	loads  map[thumbKey]*thumbLoad
	stack  []*thumbLoad // newest last; dead loads are skipped when popped
}

type thumbKey struct {
	id string
	px int
}

// thumbLoad is one run of the source, wanted by at least one request.
type thumbLoad struct {
	key     thumbKey
	ctx     context.Context
	cancel  context.CancelFunc
	waiting []*Request
	started bool
	dead    bool
}

// Request is one cell's wish for a picture.
type Request struct {
	loader    *Loader
	load      *thumbLoad
	deliver   func(*image.RGBA, error)
	cancelled atomic.Bool
}

// NewLoader starts the workers, a few more than large pictures fit into memory at once; Close stops them. maxBytes ≤ 0 means DefaultBytes.
func NewLoader(source Source, maxBytes int64) *Loader {
	return startLoader(source, maxBytes, max(4, runtime.NumCPU()))
}

func startLoader(source Source, maxBytes int64, workers int) *Loader {
	if maxBytes <= 0 {
		maxBytes = DefaultBytes
	}
	l := &Loader{source: source, memory: newThumbMemory(maxBytes), loads: map[thumbKey]*thumbLoad{}}
	l.ctx, l.stop = context.WithCancel(context.Background())
	l.wake = sync.NewCond(&l.mu)
	for range workers {
		l.done.Go(l.work)
	}
	return l
}

// Cached returns the picture, or the reason why there is none, if that is already known.
func (l *Loader) Cached(id string, px int) (img *image.RGBA, known bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.memory.get(thumbKey{id, px})
}

// Request loads a picture that Cached didn't know and delivers it on the UI goroutine, once, unless cancelled.
func (l *Loader) Request(id string, px int, deliver func(*image.RGBA, error)) *Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := thumbKey{id, px}
	load := l.loads[key]
	if load == nil {
		load = &thumbLoad{key: key}
		load.ctx, load.cancel = context.WithCancel(l.ctx)
		l.loads[key] = load
	}
	req := &Request{loader: l, load: load, deliver: deliver}
	load.waiting = append(load.waiting, req)
	if !load.started {
		l.push(load)
	}
	return req
}

// Cancel forgets the request: nothing is delivered after it returns on the UI goroutine, and a load that nobody
// else waits for is given up.
func (r *Request) Cancel() {
	if r == nil || r.cancelled.Swap(true) {
		return
	}
	l := r.loader
	l.mu.Lock()
	defer l.mu.Unlock()
	r.load.waiting = slices.DeleteFunc(r.load.waiting, func(other *Request) bool { return other == r })
	if len(r.load.waiting) == 0 {
		l.drop(r.load)
	}
}

// Close gives up all loads and returns when the workers have ended. Nothing is delivered afterwards.
func (l *Loader) Close() {
	l.mu.Lock()
	l.stop()
	l.wake.Broadcast()
	l.mu.Unlock()
	l.done.Wait()
}

func (l *Loader) push(load *thumbLoad) {
	if len(l.stack) > 2*len(l.loads)+64 {
		l.stack = slices.DeleteFunc(l.stack, func(old *thumbLoad) bool { return old.dead || old.started || old == load })
	}
	l.stack = append(l.stack, load)
	l.wake.Signal()
}

func (l *Loader) drop(load *thumbLoad) {
	load.dead = true
	load.cancel()
	if l.loads[load.key] == load {
		delete(l.loads, load.key)
	}
}

func (l *Loader) work() {
	for {
		load := l.next()
		if load == nil {
			return
		}
		img, err := l.picture(load)
		l.finish(load, img, err)
	}
}

// next waits for the newest live load; nil means the loader is closed.
func (l *Loader) next() *thumbLoad {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.ctx.Err() == nil {
		if len(l.stack) == 0 {
			l.wake.Wait()
			continue
		}
		load := l.stack[len(l.stack)-1]
		l.stack[len(l.stack)-1] = nil
		l.stack = l.stack[:len(l.stack)-1]
		if load.dead || load.started {
			continue
		}
		load.started = true
		return load
	}
	return nil
}

// picture runs the source. A decoder that panics on a hostile file costs that picture only.
func (l *Loader) picture(load *thumbLoad) (img *image.RGBA, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			img, err = nil, fmt.Errorf("decoding the picture: %v", problem)
		}
	}()
	decoded, err := l.source(load.ctx, load.key.id, load.key.px)
	if err != nil {
		return nil, err
	}
	if decoded == nil || decoded.Bounds().Empty() {
		return nil, errors.New("the picture is empty")
	}
	return fitRGBA(decoded, load.key.px), nil
}

func (l *Loader) finish(load *thumbLoad, img *image.RGBA, err error) {
	l.mu.Lock()
	gaveUp := load.ctx.Err() != nil
	waiting := load.waiting
	load.waiting = nil
	if err == nil || !gaveUp {
		l.memory.put(load.key, img, err)
	}
	l.drop(load)
	closed := l.ctx.Err() != nil
	l.mu.Unlock()
	if closed {
		return
	}
	for _, req := range waiting {
		kit.OnUI(func() {
			if !req.cancelled.Load() {
				req.deliver(img, err)
			}
		})
	}
}

// thumbMemory is an LRU of pictures and failures, bounded by the bytes of their pixels.
type thumbMemory struct {
	max, bytes int64
	order      *list.List // most recently used first, of thumbEntry
	byKey      map[thumbKey]*list.Element
}

type thumbEntry struct {
	key thumbKey
	img *image.RGBA
	err error
}

func (e thumbEntry) bytes() int64 {
	if e.img == nil {
		return failedThumbBytes
	}
	return int64(len(e.img.Pix))
}

func newThumbMemory(maxBytes int64) thumbMemory {
	return thumbMemory{max: maxBytes, order: list.New(), byKey: map[thumbKey]*list.Element{}}
}

func (m *thumbMemory) get(key thumbKey) (img *image.RGBA, known bool, err error) {
	element, ok := m.byKey[key]
	if !ok {
		return nil, false, nil
	}
	m.order.MoveToFront(element)
	entry := element.Value.(thumbEntry)
	return entry.img, true, entry.err
}

func (m *thumbMemory) put(key thumbKey, img *image.RGBA, err error) {
	if old, ok := m.byKey[key]; ok {
		m.remove(old)
	}
	entry := thumbEntry{key, img, err}
	if entry.bytes() > m.max {
		return
	}
	m.byKey[key] = m.order.PushFront(entry)
	m.bytes += entry.bytes()
	for m.bytes > m.max {
		m.remove(m.order.Back())
	}
}

func (m *thumbMemory) remove(element *list.Element) {
	entry := m.order.Remove(element).(thumbEntry)
	delete(m.byKey, entry.key)
	m.bytes -= entry.bytes()
}
