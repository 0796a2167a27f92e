// Pictures and files that Steps host, on a server of their own.

package conformance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

func (s *Steps) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	content, found := s.hosted[path.Base(r.URL.Path)]
	s.mu.Unlock()
	if !found {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(content)
}

// Image finds a photo by id or takes a link.
func (s *Steps) Image(_ context.Context, ref string) (providers.Photo, error) {
	if strings.HasPrefix(ref, "https://") || strings.HasPrefix(ref, "http://") {
		return providers.Photo{URL: ref}, nil
	}
	if photo, found := s.Photos[ref]; found {
		return photo, nil
	}
	return providers.Photo{}, &providers.Failure{Kind: providers.NotFound, Message: providers.Say("There is no picture %s", ref)}
}

// Host serves the photo.
func (s *Steps) Host(ctx context.Context, photo providers.Photo) (string, error) {
	if photo.URL != "" {
		return photo.URL, nil
	}
	reader, err := photo.Open(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = reader.Close() }()
	content, err := io.ReadAll(reader)
	if err != nil {
		return "", err
	}
	return s.host("photo "+photo.ID, photo.Ext, content), nil
}

// HostFile serves the file.
func (s *Steps) HostFile(_ context.Context, name, ext string, content []byte) (string, error) {
	return s.host("file "+name, ext, content), nil
}

func (s *Steps) host(key, ext string, content []byte) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if link, done := s.hosting[key]; done {
		return link
	}
	sum := sha256.Sum256([]byte(key))
	name := hex.EncodeToString(sum[:8]) + "." + ext
	s.hosted[name] = content
	s.hosting[key] = s.server.URL + "/" + name + "?signature=not-for-anyones-eyes"
	return s.hosting[key]
}

// linkTo is the link under which something was hosted, "" where it was not.
func (s *Steps) linkTo(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hosting[key]
}

// hostedAs is the content that was hosted, null where nothing was.
func (s *Steps) hostedAs(key string) json.RawMessage {
	link, _, _ := strings.Cut(s.linkTo(key), "?")
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hosted[path.Base(link)]
}
