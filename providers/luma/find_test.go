package luma

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

var sentAt = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// listed is a generation in Luma's list, so many minutes after ours was sent.
func listed(id string, minutes float64, request map[string]any) map[string]any {
	created := sentAt.Add(time.Duration(minutes * float64(time.Minute)))
	return map[string]any{
		"id": id, "state": "dreaming", "assets": nil, "failure_reason": nil,
		"created_at": created.Format("2006-01-02T15:04:05.000000Z"), "request": request,
	}
}

func without(generation map[string]any, key string) map[string]any {
	delete(generation, key)
	return generation
}

func fox(changes ...any) map[string]any {
	request := map[string]any{
		"generation_type": "image", "model": "photon-1", "prompt": "a paper fox", "aspect_ratio": "16:9",
		"callback_url": nil, "image_ref": nil, "style_ref": []any{}, "character_ref": nil, "modify_image_ref": nil,
	}
	for i := 0; i < len(changes); i += 2 {
		request[changes[i].(string)] = changes[i+1]
	}
	return request
}

func TestALostRequestIsFoundInTheList(t *testing.T) {
	plain := map[string]any{"prompt": "a paper fox", "model": "photon-1", "aspect_ratio": "16:9", "format": "jpg"}
	guided := map[string]any{
		"prompt": "a paper fox", "model": "photon-1", "aspect_ratio": "16:9",
		"image_ref": []any{map[string]any{"url": "https://bucket.example/x/9f8e.jpg?sig=1", "weight": 0.85}},
	}
	refs := func(link string, weight float64) []any {
		return []any{map[string]any{"url": link, "weight": weight}}
	}
	many := func(n int, minutes float64) (all []any) {
		for i := range n {
			all = append(all, listed("other-"+strconv.Itoa(i), minutes-float64(i)/60, fox("prompt", "something else")))
		}
		return all
	}
	reversed := func(list []any) []any {
		slices.Reverse(list)
		return list
	}
	for _, row := range []struct {
		name     string
		body     map[string]any
		list     []any
		noMore   bool // the list doesn't say whether there is more
		ids      []string
		complete bool
	}{
		{"nothing is there", plain, nil, false, nil, true},
		{"it is there", plain, []any{listed("ours", 0.1, fox())}, false, []string{"ours"}, true},
		{"without has_more", plain, []any{listed("ours", 0.1, fox())}, true, []string{"ours"}, true},
		{"the clocks differ a little", plain, []any{listed("ours", -1.5, fox())}, false, []string{"ours"}, true},
		{"an older equal one", plain, []any{listed("old", -10, fox())}, false, nil, true},
		{"two equal ones", plain, []any{listed("b", 2, fox()), listed("a", 1, fox())}, false, []string{"b", "a"}, true},
		{"another prompt", plain, []any{listed("x", 1, fox("prompt", "a paper owl"))}, false, nil, true},
		{"another model", plain, []any{listed("x", 1, fox("model", "photon-flash-1"))}, false, nil, true},
		{"another ratio", plain, []any{listed("x", 1, fox("aspect_ratio", "1:1"))}, false, nil, true},
		{"another format", plain, []any{listed("x", 1, fox("format", "png"))}, false, nil, true},
		{"the same format", plain, []any{listed("x", 1, fox("format", "jpg"))}, false, []string{"x"}, true},
		{"with pictures that ours has not", plain, []any{listed("x", 1, fox("image_ref", refs("https://a.example/9f8e.jpg", 0.85)))}, false, nil, true},
		{"without pictures that ours has", guided, []any{listed("x", 1, fox())}, false, nil, true},
		{"links signed anew", guided, []any{listed("x", 1, fox("image_ref", refs("https://cdn.example/y/9f8e.jpg?sig=2", 0.8500000238)))}, false, []string{"x"}, true},
		{"another picture", guided, []any{listed("x", 1, fox("image_ref", refs("https://bucket.example/x/0000.jpg", 0.85)))}, false, nil, true},
		{"another weight", guided, []any{listed("x", 1, fox("image_ref", refs("https://bucket.example/x/9f8e.jpg", 0.5)))}, false, nil, true},
		{"a video among them", plain, []any{listed("v", 2, map[string]any{"model": "ray-2", "keyframes": map[string]any{}}), listed("x", 1, fox())}, false, []string{"x"}, true},
		{"on the third page", plain, append(many(250, 300), listed("x", 1, fox())), false, []string{"x"}, true},
		{"older ones are not read", plain, append([]any{listed("x", 1, fox())}, many(9000, -20)...), false, []string{"x"}, true},
		{"oldest first", plain, append(reversed(many(150, -20)), listed("x", 1, fox())), false, []string{"x"}, true},
		{"more than can be read", plain, append([]any{listed("y", -500, fox())}, many(9000, 300)...), false, nil, false},
		{"one without a time", plain, []any{without(listed("x", 1, fox()), "created_at")}, false, nil, false},
		{"one that can't be read", plain, []any{map[string]any{"id": 7}}, false, nil, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			conn := listServer(t, row.list, row.noMore)
			finding, err := newClient(conn).find(row.body)(t.Context(), providers.Intent{Sent: sentAt})
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, match := range finding.Matches {
				ids = append(ids, match.ID)
				if match.Title != "a paper fox" || match.Time.IsZero() {
					t.Errorf("a person can't recognise %+v", match)
				}
			}
			if fmt.Sprint(ids) != fmt.Sprint(row.ids) || finding.Complete != row.complete || finding.Look.IsZero() {
				t.Errorf("found %v, complete %v; want %v, %v", ids, finding.Complete, row.ids, row.complete)
			}
		})
	}
}

// The service's Date is wrong all the time, while the times in its list are
// right: the request is older by the service's clock, and not by ours.
func TestWhatIsOlderByOneClockOnlyIsAQuestion(t *testing.T) {
	plain := map[string]any{"prompt": "a paper fox", "model": "photon-1", "aspect_ratio": "16:9"}
	for _, row := range []struct {
		name           string
		ahead          time.Duration // how much the service's Date was
		minutes        float64       // when the generation was made, after ours left
		matches, maybe int
	}{
		{"an hour ahead", time.Hour, 0.1, 0, 1},
		{"11 minutes ahead", 11 * time.Minute, 0.1, 0, 1},
		{"an hour behind", -time.Hour, 0.1, 1, 0},
		{"by both clocks", time.Hour, 61, 1, 0},
		{"older by both", time.Hour, -3, 0, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			older := make([]any, 0, 150) // a page and more between the two
			for i := range cap(older) {
				older = append(older, listed("other-"+strconv.Itoa(i), 50-float64(i)/10, fox("prompt", "something else")))
			}
			conn := listServer(t, append(older, listed("ours", row.minutes, fox())), false)
			intent := providers.Intent{Sent: sentAt, ServiceSent: sentAt.Add(row.ahead)}
			finding, err := newClient(conn).find(plain)(t.Context(), intent)
			if err != nil || len(finding.Matches) != row.matches || len(finding.Maybe) != row.maybe || !finding.Complete {
				t.Errorf("found %+v, %v; want %d and %d", finding, err, row.matches, row.maybe)
			}
		})
	}
}

func TestAnAnswerWithoutAListProvesNothing(t *testing.T) {
	for _, body := range []string{`{}`, `{"generations":null}`, `null`, `[]`, `<html></html>`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, body) }))
		conn := providers.Conn{BaseURL: server.URL, HTTP: server.Client()}
		finding, err := newClient(conn).find(map[string]any{"prompt": "a"})(t.Context(), providers.Intent{Sent: sentAt})
		if err == nil {
			t.Errorf("%s was believed: %+v", body, finding)
		}
		server.Close()
	}
}

// listServer lists the generations page by page, its clock at sentAt.
func listServer(t *testing.T, all []any, noMore bool) providers.Conn {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		from := min(offset, len(all))
		to := min(from+limit, len(all))
		answer := map[string]any{"generations": append([]any{}, all[from:to]...), "has_more": to < len(all)}
		if noMore {
			delete(answer, "has_more")
		}
		w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(server.Close)
	return providers.Conn{BaseURL: server.URL, HTTP: server.Client()}
}
