//go:build !race

// The race detector takes many times the memory: this runs without it.

package app_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/metrics"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
)

const (
	largeVariable     = "MAQUETTE_TEST_LARGE" // megabytes of each picture; the default is quick
	largeDirVariable  = "MAQUETTE_TEST_LARGE_DIR"
	largeQuick        = 24
	largeAtOnce       = 4
	largeHeapMost     = 200 << 20
	largeResidentMost = 300 << 20
)

func init() {
	before := instead
	instead = func() bool {
		if dir := os.Getenv(largeDirVariable); dir != "" {
			fetchLarge(dir)
			return true
		}
		return before != nil && before()
	}
}

// fetchLarge makes pictures at once in this process, looks at each, small and
// large, and prints how much memory it held at most.
func fetchLarge(dir string) {
	peak := watchHeap()
	studio, err := app.Open(app.Config{Dir: dir, Env: os.Getenv, Tempo: 0.02, Lateness: 0.001, Patience: time.Minute})
	must(err)
	var ids []string
	for range largeAtOnce {
		job, problems, err := studio.Jobs.Start(context.Background(), parsed(fox()))
		must(err)
		if len(problems) > 0 {
			panic(fmt.Sprint(problems))
		}
		ids = append(ids, job.ID)
	}
	var looking sync.WaitGroup
	shown := make([]bool, len(ids))
	for i, id := range ids {
		looking.Go(func() {
			job, err := studio.Jobs.Wait(context.Background(), id)
			must(err)
			if len(job.Images) != 1 {
				panic(fmt.Sprintf("the job is %s: %v", job.State, job.Error))
			}
			for _, edge := range []int{232, 4096} {
				_, err = studio.Library.Thumbnail(context.Background(), job.Images[0], edge)
				must(err)
			}
			p, _ := studio.Library.Picture(job.Images[0])
			shown[i] = p.Damaged.IsZero() && p.Unreadable.IsZero()
		})
	}
	looking.Wait()
	must(studio.Close())
	must(json.NewEncoder(os.Stdout).Encode(largeReport{Heap: peak(), Resident: resident(), Shown: shown}))
}

// largeReport is what the process held at most, in bytes.
type largeReport struct {
	Heap, Resident uint64
	Shown          []bool
}

// watchHeap samples how much memory live and not yet collected objects take.
func watchHeap() (peak func() uint64) {
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		highest := uint64(0)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(sample)
			highest = max(highest, sample[0].Value.Uint64())
			select {
			case <-tick.C:
			case <-stop:
				most <- highest
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-most
	}
}

// resident is the most memory that the process had, as the kernel counts; 0
// where it doesn't tell.
func resident() uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	var kilobytes uint64
	if _, err := fmt.Sscanf(string(rest), "%d kB", &kilobytes); err != nil {
		return 0
	}
	return kilobytes << 10
}

func TestLargePicturesTakeLittleMemory(t *testing.T) {
	size, full := largeQuick, false
	if text := os.Getenv(largeVariable); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
		full = true
	}
	for name, write := range map[string]func(io.Writer, int) error{"PNG": writeNoisePNG, "JPEG": writeNoiseJPEG} {
		t.Run(name, func(t *testing.T) {
			size := size
			path := filepath.Join(t.TempDir(), "picture")
			file, err := os.Create(path)
			must(err)
			if name == "JPEG" && !full {
				size /= 4 // noise takes long to be decoded
			}
			must(write(file, size<<20))
			must(file.Close())
			w := newWorld(t)
			w.instead(func(to http.ResponseWriter) {
				file, err := os.Open(path)
				must(err)
				defer file.Close()
				_, _ = io.Copy(to, file)
			})
			child := exec.CommandContext(t.Context(), os.Args[0])
			child.Env = append(os.Environ(), largeDirVariable+"="+w.dir)
			for name, value := range w.env {
				child.Env = append(child.Env, name+"="+value)
			}
			child.Stderr = os.Stderr
			out, err := child.Output()
			must(err)
			var report largeReport
			must(json.Unmarshal(out, &report))
			t.Logf("%d × %d MB: %d MB of heap, %d MB resident, at most", largeAtOnce, size, report.Heap>>20, report.Resident>>20)
			for i, shown := range report.Shown {
				if !shown {
					t.Errorf("picture %d is not found whole", i)
				}
			}
			if report.Heap > largeHeapMost {
				t.Errorf("the heap had %d MB", report.Heap>>20)
			}
			if full && report.Resident > largeResidentMost {
				t.Errorf("%d MB were resident", report.Resident>>20)
			}
		})
	}
}

// writeNoisePNG writes a PNG of noise, of about as many bytes.
func writeNoisePNG(w io.Writer, size int) error {
	width := 4000
	height := size / (3*width + 1)
	chunk := func(kind string, body []byte) error {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		b = append(append(b, kind...), body...)
		_, err := w.Write(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
		return err
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = append(binary.BigEndian.AppendUint32(head, uint32(height)), 8, 2, 0, 0, 0)
	if _, err := io.WriteString(w, "\x89PNG\r\n\x1a\n"); err != nil {
		return err
	}
	if err := chunk("IHDR", head); err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.NoCompression)
	if err != nil {
		return err
	}
	noise, row := rand.NewChaCha8([32]byte{}), make([]byte, 3*width+1)
	for range height {
		_, _ = noise.Read(row[1:])
		if _, err := z.Write(row); err != nil {
			return err
		}
		if packed.Len() > 1<<16 {
			if err := chunk("IDAT", packed.Bytes()); err != nil {
				return err
			}
			packed.Reset()
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := chunk("IDAT", packed.Bytes()); err != nil {
		return err
	}
	return chunk("IEND", nil)
}

// writeNoiseJPEG writes a JPEG of noise, of about as many bytes.
func writeNoiseJPEG(w io.Writer, size int) error {
	const width = 8192
	img := image.NewRGBA(image.Rect(0, 0, width, min(16384, size*10/22/width)))
	_, _ = rand.NewChaCha8([32]byte{}).Read(img.Pix)
	return jpeg.Encode(w, img, &jpeg.Options{Quality: 100})
}
