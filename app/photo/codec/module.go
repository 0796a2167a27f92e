// One decoder in WebAssembly: compiled when it is first needed, and a fresh
// instance of it for every picture.

package codec

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

const (
	// MemoryMost bounds, in bytes, what one decoder may take.
	MemoryMost = 512 << 20
	// patience is how long one picture may take: a damaged one may lead its
	// decoder in circles.
	patience = 60 * time.Second

	pageSize = 64 << 10 // bytes of a page of WebAssembly
)

// ErrDecode says that a picture can't be decoded.
var ErrDecode = errors.New("the picture can't be decoded")

// module is a decoder that is compiled once.
type module struct {
	packed []byte // gzip of the WebAssembly

	once     sync.Once
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	err      error
}

func (m *module) compile() error {
	m.once.Do(func() {
		// Compiling is not given up halfway: the next picture needs it too.
		ctx := context.Background()
		m.runtime = wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().
			WithCloseOnContextDone(true).
			WithMemoryLimitPages(MemoryMost/pageSize))
		var code []byte
		if code, m.err = unpack(m.packed); m.err != nil {
			return
		}
		if _, m.err = wasi_snapshot_preview1.Instantiate(ctx, m.runtime); m.err != nil {
			return
		}
		m.compiled, m.err = m.runtime.CompileModule(ctx, code)
	})
	return m.err
}

func unpack(packed []byte) ([]byte, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(unzipped)
}

// instance is a decoder at work on one picture.
type instance struct {
	ctx    context.Context
	stop   context.CancelFunc
	module api.Module
}

func (m *module) start(ctx context.Context) (*instance, error) {
	if err := m.compile(); err != nil {
		return nil, fmt.Errorf("preparing a decoder: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	// Without a name many instances may be there at once; without anything else
	// they see neither files, time, arguments nor the environment.
	running, err := m.runtime.InstantiateModule(ctx, m.compiled, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		stop()
		return nil, ErrDecode
	}
	return &instance{ctx, stop, running}, nil
}

func (i *instance) close() {
	// An ended context must not keep the instance's memory.
	_ = i.module.Close(context.WithoutCancel(i.ctx))
	i.stop()
}

func (i *instance) call(function string, args ...uint64) (uint32, error) {
	results, err := i.module.ExportedFunction(function).Call(i.ctx, args...)
	if err != nil || len(results) != 1 {
		return 0, ErrDecode
	}
	return uint32(results[0]), nil
}

// reserve is the address of n bytes in the decoder's memory.
func (i *instance) reserve(n int) (uint64, error) {
	at, err := i.call("malloc", uint64(n))
	if err != nil || at == 0 {
		return 0, ErrDecode
	}
	return uint64(at), nil
}

// put copies b into the decoder's memory.
func (i *instance) put(b []byte) (uint64, error) {
	at, err := i.reserve(len(b))
	if err != nil || !i.module.Memory().Write(uint32(at), b) {
		return 0, ErrDecode
	}
	return at, nil
}

// take copies n bytes out, so that the decoder's whole memory can go.
func (i *instance) take(at uint64, n int) ([]byte, error) {
	b, ok := i.module.Memory().Read(uint32(at), uint32(n))
	if !ok {
		return nil, ErrDecode
	}
	return bytes.Clone(b), nil
}

// numbers reads n 32-bit numbers.
func (i *instance) numbers(at uint64, n int) ([]int, error) {
	out := make([]int, n)
	for k := range out {
		v, ok := i.module.Memory().ReadUint32Le(uint32(at) + uint32(4*k))
		if !ok {
			return nil, ErrDecode
		}
		out[k] = int(v)
	}
	return out, nil
}

// ended is the context's own error where that is why decoding failed.
func ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
