// Luma: documented requests and answers, and every rule it enforces.

package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

func TestLumaKnowsItsKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, key := range []string{"", "wrong", s.Key("dreamlook")} {
		r := send(t, "GET", s.URL("luma")+"/ping", key, "").want(t, 401)
		if r.object(t)["detail"] == nil {
			t.Errorf("key %q: no detail: %s", key, r.body)
		}
	}
	if r := call(t, s, "luma", "GET", "/ping", "").want(t, 200); string(r.body) != `{"message":"pong"}` {
		t.Errorf("ping answers %s", r.body)
	}
	call(t, s, "luma", "GET", "/nowhere", "").want(t, 404)
}

func TestLumaTakesDocumentedRequests(t *testing.T) {
	t.Parallel()
	s, _ := startFrozen(t)
	for _, name := range []string{"text", "aspect_ratio", "flash", "ratio_and_model", "image_ref", "style_ref", "character_ref", "modify", "callback"} {
		t.Run(name, func(t *testing.T) {
			request := documented(t, "luma_request_"+name+".json")
			body, err := json.Marshal(request)
			if err != nil {
				t.Fatal(err)
			}
			body = []byte(strings.ReplaceAll(string(body), "https://", "http://127.0.0.1:1/")) // nothing answers there
			created := call(t, s, "luma", "POST", "/generations/image", string(body)).want(t, 201).object(t)
			sameKeys(t, "", documented(t, "luma_generation.json"), created)
			if created["state"] != "queued" {
				t.Errorf("a new generation is %v", created["state"])
			}
		})
	}
}

func TestLumaCompletesAsDocumented(t *testing.T) {
	t.Parallel()
	s := start(t)
	g := generate(t, s, `{"model":"photon-1","prompt":"a quiet valley"}`)
	sameKeys(t, "", documented(t, "luma_generation.json"), g)
	if g["state"] != "completed" || g["model"] != "photon-v1.0" || g["failure_reason"] != nil {
		t.Errorf("got %v", g)
	}
	again := call(t, s, "luma", "GET", fmt.Sprintf("/generations/%v", g["id"]), "").object(t)
	get(t, imageURL(t, again)).want(t, 200)
}

func TestLumaDrawsAtAspectRatioAndFormat(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, row := range []struct {
		more, format string
		w, h         int
	}{
		{``, "jpeg", 1360, 768},
		{`,"aspect_ratio":"1:1"`, "jpeg", 1024, 1024},
		{`,"aspect_ratio":"9:21","format":"png"`, "png", 640, 1504},
	} {
		g := generate(t, s, `{"model":"photon-1","prompt":"silk"`+row.more+`}`)
		img, format := decode(t, get(t, imageURL(t, g)).want(t, 200).body)
		if b := img.Bounds(); b.Dx() != row.w || b.Dy() != row.h || format != row.format {
			t.Errorf("%s: got a %v×%v %s", row.more, b.Dx(), b.Dy(), format)
		}
	}
}

func TestLumaRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	ref := `{"url":"https://example.com/a.jpg"}`
	five := strings.Join(slices.Repeat([]string{ref}, 5), ",")
	for _, row := range []struct{ name, body, at string }{
		{"an unknown model", `{"prompt":"a dog","model":"photon-9"}`, "model"},
		{"no prompt", `{"model":"photon-1"}`, "prompt"},
		{"a short prompt", `{"model":"photon-1","prompt":"ab"}`, "prompt"},
		{"a long prompt", `{"model":"photon-1","prompt":"` + strings.Repeat("a", 5001) + `"}`, "prompt"},
		{"a prompt that is no text", `{"model":"photon-1","prompt":7}`, "prompt"},
		{"an unknown ratio", `{"model":"photon-1","prompt":"a dog","aspect_ratio":"2:1"}`, "aspect_ratio"},
		{"an unknown format", `{"model":"photon-1","prompt":"a dog","format":"webp"}`, "format"},
		{"an unknown field", `{"model":"photon-1","prompt":"a dog","seed":1}`, "seed"},
		{"five references", `{"model":"photon-1","prompt":"a dog","image_ref":[` + five + `]}`, "image_ref"},
		{"two styles", `{"model":"photon-1","prompt":"a dog","style_ref":[` + ref + `,` + ref + `]}`, "style_ref"},
		{"a reference without URL", `{"model":"photon-1","prompt":"a dog","image_ref":[{"weight":1}]}`, "url"},
		{"a data URL", `{"model":"photon-1","prompt":"a dog","modify_image_ref":{"url":"data:image/png;base64,AA=="}}`, "url"},
		{"five faces", `{"model":"photon-1","prompt":"a dog","character_ref":{"identity0":{"images":["https://e.com/1","https://e.com/2","https://e.com/3","https://e.com/4","https://e.com/5"]}}}`, "images"},
		{"a second identity", `{"model":"photon-1","prompt":"a dog","character_ref":{"identity0":{"images":["https://e.com/1"]},"identity1":{"images":["https://e.com/1"]}}}`, "identity1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := call(t, s, "luma", "POST", "/generations/image", row.body).want(t, 400)
			wantProblem(t, r, row.at)
		})
	}
	for _, body := range []string{``, `{`, `[]`, `"text"`, `{} {}`} {
		r := call(t, s, "luma", "POST", "/generations/image", body).want(t, 400)
		if _, text := r.object(t)["detail"].(string); !text {
			t.Errorf("%q: detail is no text: %s", body, r.body)
		}
	}
	if n := s.Submissions("luma"); n != 0 {
		t.Errorf("%d refused requests were counted", n)
	}
}

func TestLumaReframes(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := host(t, map[string][]byte{"/a.png": photo(red, red)})
	ok := fill(`{"generation_type":"reframe_image","model":"photon-1","aspect_ratio":"16:9","media":{"url":"$1/a.png"}}`, at)
	id := call(t, s, "luma", "POST", "/generations/image/reframe", ok).want(t, 201).object(t)["id"]
	g := poll(t, s, "luma", fmt.Sprintf("/generations/%v", id), "completed", "failed")
	img, _ := decode(t, get(t, imageURL(t, g)).want(t, 200).body)
	if r, gr, _, _ := img.At(680, 384).RGBA(); r>>8 < 150 || gr>>8 > 80 {
		t.Errorf("the picture isn't in the middle of the new frame: %v", img.At(680, 384))
	}
	if near(img.At(20, 384), red) {
		t.Error("nothing was painted around the picture")
	}
	for _, missing := range []string{"generation_type", "model", "aspect_ratio", "media"} {
		var request object
		if err := json.Unmarshal([]byte(ok), &request); err != nil {
			t.Fatal(err)
		}
		delete(request, missing)
		body, _ := json.Marshal(request)
		wantProblem(t, call(t, s, "luma", "POST", "/generations/image/reframe", string(body)).want(t, 400), missing)
	}
}

func TestLumaFailsAndRefunds(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := host(t, map[string][]byte{"/page.html": []byte("<html>no picture</html>"), "/broken.png": photo(red, red)[:400]})
	before := credits(t, s)
	for reason, body := range map[string]string{
		"400: failed to fetch image " + at + "/gone.png":    `{"model":"photon-1","prompt":"a dog","image_ref":[{"url":"$1/gone.png"}]}`,
		"400: failed to fetch image " + at + "/page.html":   `{"model":"photon-1","prompt":"a dog","modify_image_ref":{"url":"$1/page.html"}}`,
		"400: failed to fetch image " + at + "/broken.png":  `{"model":"photon-1","prompt":"a dog","style_ref":[{"url":"$1/broken.png"}]}`,
		"400: failed to fetch image http://127.0.0.1:1/a.p": `{"model":"photon-1","prompt":"a dog","character_ref":{"identity0":{"images":["http://127.0.0.1:1/a.png?secret=1"]}}}`,
		"400: failed to moderate prompt":                    `{"model":"photon-1","prompt":"a forbidden dog"}`,
	} {
		g := generate(t, s, fill(body, at))
		got, _ := g["failure_reason"].(string)
		if g["state"] != "failed" || !strings.HasPrefix(got, reason) || strings.Contains(got, "secret") || g["assets"] != nil {
			t.Errorf("want failed, %q: got %v", reason, g)
		}
	}
	if after := credits(t, s); after != before {
		t.Errorf("failures cost %v cents", before-after)
	}
	if n := s.Submissions("luma"); n != 5 {
		t.Errorf("%d submissions counted, want 5", n)
	}
}

func credits(t *testing.T, s *sandbox.Sandbox) float64 {
	t.Helper()
	return call(t, s, "luma", "GET", "/credits", "").want(t, 200).object(t)["credit_balance"].(float64)
}

func TestLumaChargesUntilBalanceIsSpent(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.SetLumaBalance(2)
	body := `{"model":"photon-1","prompt":"a dog"}`
	call(t, s, "luma", "POST", "/generations/image", body).want(t, 201)
	if left := credits(t, s); left != 0.5 {
		t.Errorf("%v cents left, want 0.5", left)
	}
	r := call(t, s, "luma", "POST", "/generations/image", body).want(t, 400)
	if r.object(t)["detail"] != "Insufficient credits" {
		t.Errorf("got %s", r.body)
	}
}

func TestLumaTakesWhatNoDocumentLimits(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := host(t, map[string][]byte{"/a.png": photo(red, white)})
	for _, body := range []string{
		`{"media":{"url":"$1/a.png"},"aspect_ratio":"1:1","model":"photon-1","generation_type":"reframe_image","prompt":"","grid_position_x":-10,"grid_position_y":-999999}`,
		`{"media":{"url":"$1/a.png"},"aspect_ratio":"1:1","model":"photon-1","generation_type":"reframe_image","x_start":-5,"x_end":2000000,"resized_width":0}`,
	} {
		id := call(t, s, "luma", "POST", "/generations/image/reframe", fill(body, at)).want(t, 201).object(t)["id"]
		g := poll(t, s, "luma", fmt.Sprintf("/generations/%v", id), "completed", "failed")
		decode(t, get(t, imageURL(t, g)).want(t, 200).body)
	}
	g := generate(t, s, fill(`{"prompt":"a dog","image_ref":[{"url":"$1/a.png","weight":1.5}],"modify_image_ref":{"url":"$1/a.png","weight":-1}}`, at))
	decode(t, get(t, imageURL(t, g)).want(t, 200).body)
	for _, query := range []string{"?limit=0", "?limit=101", "?offset=-1"} {
		call(t, s, "luma", "GET", "/generations"+query, "").want(t, 200)
	}
}

func TestLumaListsNewestFirstAndDeletes(t *testing.T) {
	t.Parallel()
	s := start(t)
	var ids []string
	for i := range 4 {
		r := call(t, s, "luma", "POST", "/generations/image", fmt.Sprintf(`{"model":"photon-flash-1","prompt":"dog %d"}`, i)).want(t, 201)
		ids = append([]string{r.object(t)["id"].(string)}, ids...)
	}
	call(t, s, "luma", "DELETE", "/generations/"+ids[0], "").want(t, 204)
	call(t, s, "luma", "GET", "/generations/"+ids[0], "").want(t, 404)
	call(t, s, "luma", "DELETE", "/generations/"+ids[0], "").want(t, 404)
	for query, want := range map[string][]string{"": ids[1:], "?limit=2": ids[1:3], "?limit=2&offset=2": ids[3:], "?offset=9": {}} {
		page := call(t, s, "luma", "GET", "/generations"+query, "").want(t, 200).object(t)
		got := []string{}
		for _, g := range page["generations"].([]any) {
			got = append(got, g.(object)["id"].(string))
		}
		if !slices.Equal(got, want) || page["count"] != float64(len(want)) || page["has_more"] != (query == "?limit=2") {
			t.Errorf("%s: got %v, want %v", query, page, want)
		}
	}
	for _, query := range []string{"?limit=x", "?offset=1.5"} {
		call(t, s, "luma", "GET", "/generations"+query, "").want(t, 400)
	}
	if n := s.Submissions("luma"); n != 4 {
		t.Errorf("%d submissions counted, want 4: deleting uncounts nothing", n)
	}
}

func TestLumaListsAndDeletesAsDocumented(t *testing.T) {
	t.Parallel()
	s := start(t)
	var requests struct{ Read, List, Delete string }
	data, err := json.Marshal(documented(t, "luma_calls.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &requests); err != nil {
		t.Fatal(err)
	}
	var last object
	for range 11 { // the guide's list skips ten
		last = call(t, s, "luma", "POST", "/generations/image", `{"model":"photon-1","prompt":"a dog"}`).want(t, 201).object(t)
	}
	ask := func(request string) reply {
		method, path, _ := strings.Cut(strings.ReplaceAll(request, "123e4567-e89b-12d3-a456-426614174000", last["id"].(string)), " ")
		return call(t, s, "luma", method, path, "")
	}
	sameKeys(t, "", documented(t, "luma_generation.json"), ask(requests.Read).want(t, 200).object(t))
	page := ask(requests.List).want(t, 200).object(t)
	sameKeys(t, "", documented(t, "luma_list.json"), page)
	if page["limit"] != 10.0 || page["offset"] != 10.0 || page["count"] != 1.0 || page["has_more"] != false {
		t.Errorf("listed %v", page)
	}
	if r := ask(requests.Delete).want(t, 204); len(r.body) != 0 {
		t.Errorf("deleting answers %s", r.body)
	}
	ask(requests.Read).want(t, 404)
}

func TestLumaLimitsConcurrentGenerations(t *testing.T) {
	t.Parallel()
	s, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Pace: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 40 {
		call(t, s, "luma", "POST", "/generations/image", `{"model":"photon-1","prompt":"a dog"}`).want(t, 201)
	}
	r := call(t, s, "luma", "POST", "/generations/image", `{"model":"photon-1","prompt":"a dog"}`).want(t, 429)
	if r.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestLumaTakes80CreatesAMinute(t *testing.T) {
	t.Parallel()
	s, clock := startFrozen(t) // at whose pace a minute takes three seconds
	body := `{"model":"photon-flash-1","prompt":"a dog"}`
	for range 2 { // no more than 40 at once
		for range 40 {
			call(t, s, "luma", "POST", "/generations/image", body).want(t, 201)
		}
		clock.advance(time.Second)
		for _, g := range call(t, s, "luma", "GET", "/generations?limit=40", "").object(t)["generations"].([]any) {
			poll(t, s, "luma", fmt.Sprintf("/generations/%v", g.(object)["id"]), "completed")
		}
	}
	r := call(t, s, "luma", "POST", "/generations/image", body).want(t, 429)
	if r.header.Get("Retry-After") != "1" || !strings.Contains(string(r.body), "80 per minute") {
		t.Errorf("after two of the three seconds: wait %q, %s", r.header.Get("Retry-After"), r.body)
	}
	clock.advance(time.Second)
	call(t, s, "luma", "POST", "/generations/image", body).want(t, 201)
}

func TestLumaTellsThatItDreamsWhileItStillFetches(t *testing.T) {
	t.Parallel()
	calls := make(chan object, 10)
	release := make(chan struct{})
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			<-release
			_, _ = w.Write(photo(red, white))
			return
		}
		var g object
		_ = json.NewDecoder(r.Body).Decode(&g)
		calls <- g
	})
	s := start(t)
	body := fill(`{"model":"photon-1","prompt":"a dog","image_ref":[{"url":"$1/a.png"}],"callback_url":"$1"}`, at)
	call(t, s, "luma", "POST", "/generations/image", body).want(t, 201)
	g := <-calls
	sameKeys(t, "", documented(t, "luma_callback.json"), g)
	if g["state"] != "dreaming" {
		t.Errorf("the first call tells %v", g["state"])
	}
	close(release)
	if g := <-calls; g["state"] != "completed" {
		t.Errorf("the second call tells %v", g["state"])
	}
}

func TestLumaCallsBack(t *testing.T) {
	t.Parallel()
	calls := make(chan object, 10)
	tries := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tries++; tries == 1 {
			w.WriteHeader(http.StatusBadGateway) // the first is tried again
			return
		}
		var g object
		_ = json.NewDecoder(r.Body).Decode(&g)
		calls <- g
	}))
	defer srv.Close()
	s := start(t)
	call(t, s, "luma", "POST", "/generations/image", `{"model":"photon-1","prompt":"a dog","callback_url":"`+srv.URL+`"}`).want(t, 201)
	if g := <-calls; g["state"] != "dreaming" {
		t.Errorf("first call: %v", g)
	}
	g := <-calls
	if g["state"] != "completed" {
		t.Fatalf("second call: %v", g)
	}
	get(t, imageURL(t, g)).want(t, 200)
}
