# Each target does its own set-up, on a bare Debian machine with Go. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Fyne's own name for "this program touches its window through fyne.Do only".
TAGS := migrated_fynedo

export PATH := $(CURDIR)/.tools/bin:$(PATH):/usr/local/go/bin

# The race detector watches our code and what it hands over to, not the libraries' codecs, scalers and shapers of text:
# pure arithmetic, which it makes several times slower. None of them may use sync.Map or another generic type with
# atomics inside: the linker would keep their copy of its methods for the whole program, and races would be seen where
# there are none.
UNWATCHED := image/... compress/... golang.org/x/image/... github.com/disintegration/imaging github.com/srwiley/... github.com/go-text/... github.com/fyne-io/oksvg \
	bytes strings strconv unicode/... regexp/...
# -race would check each unsafe pointer too, in libraries that are full of them.
WATCHED := -race -gcflags=all=-d=checkptr=0 $(UNWATCHED:%=-gcflags='%=-race=false -d=checkptr=0')

# Each target leaves the machine as the next one wants it.
.NOTPARALLEL:

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

.PHONY: run
run: build ## open Maquette in demo mode; without a display, do the same main job headlessly
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		./bin/maquette --demo; \
	else \
		.ci/setup.sh screen && .ci/headless-demo.sh; \
	fi

.PHONY: build
build: ## build bin/maquette
	@.ci/setup.sh build
	go build -tags $(TAGS) -trimpath -o bin/maquette .

.PHONY: verify
verify: lint vet test vulncheck ## everything that must hold: formatting, linters, vet, tests, vulnerabilities

.PHONY: test
test: setup ## run every test, with the race detector and the real parts
	@# Without $(TAGS): so Fyne checks its threads, and one build serves all. What takes longest begins first.
	MAQUETTE_TEST_REAL=1 go test $(WATCHED) -timeout 30m -parallel 4 ./views/... ./...
	@# Hundreds of killed processes, and a day that is measured: without the race detector, which they have nothing to do with.
	go test -timeout 30m -parallel 6 -run 'Kill|ADay|LargePictures' ./app ./app/soak

.PHONY: setup
setup: ## install what the tests need
	@.ci/setup.sh test

# How long the soak goes on, and the seed that repeats one: make soak SOAK_MINUTES=60 SEED=1234
SOAK_MINUTES ?= 20
SEED := $(or $(SEED),$(shell date +%s))

.PHONY: soak
soak: ## attack it for SOAK_MINUTES (20): kills, faults, damage, load, a long day; SEED repeats one
	@.ci/setup.sh build
	@mkdir -p out && rm -f out/soak.txt
	@# Damage is done by the tests of what can be damaged, so many rounds of it.
	@echo "SEED=$(SEED)"; export MAQUETTE_SEED=$(SEED) MAQUETTE_FIGURES=$(CURDIR)/out/soak.txt broken=0; \
	MAQUETTE_SOAK_MINUTES=$(SOAK_MINUTES) go test -count=1 -timeout $$(($(SOAK_MINUTES) * 2 + 20))m ./app/soak || broken=1; \
	MAQUETTE_SOAK=$$(($(SOAK_MINUTES) * 10)) go test -count=1 -timeout $$(($(SOAK_MINUTES) + 20))m -run 'Damage' ./app/... ./storage/... || broken=1; \
	cat out/soak.txt; echo "Repeat it with: make soak SOAK_MINUTES=$(SOAK_MINUTES) SEED=$(SEED)"; exit $$broken

# How long each fuzz test goes on.
FUZZTIME ?= 60s

.PHONY: fuzz
fuzz: setup ## give each fuzz test FUZZTIME (60s); what falls is kept in testdata/fuzz, which make test replays
	.ci/fuzz.sh $(FUZZTIME)

.PHONY: bench
bench: ## run the benchmarks
	@.ci/setup.sh build
	go test -tags $(TAGS) -run '^$$' -bench . -benchmem -timeout 60m ./...

.PHONY: memory
memory: ## measure how much memory four pictures of 250 MB at once take
	@.ci/setup.sh build
	MAQUETTE_TEST_LARGE=250 go test -run 'LargePictures' -count 1 -timeout 60m -v ./app

.PHONY: lint
lint: ## check formatting and run the linters
	@.ci/setup.sh lint
	.ci/package/lint.sh
	@unformatted="$$(gofumpt -l .)"; \
	if [ -n "$$unformatted" ]; then echo "Not formatted; run make format:"; echo "$$unformatted"; exit 1; fi
	golangci-lint run

.PHONY: vet
vet: ## run go vet
	@.ci/setup.sh build
	go vet -tags $(TAGS) ./...

.PHONY: vulncheck
vulncheck: ## look for calls to what Go's vulnerability database warns of
	@.ci/setup.sh vulncheck
	@.ci/vulncheck.sh $(TAGS)

.PHONY: format
format: ## format the code
	@.ci/setup.sh lint
	gofumpt -w .

.PHONY: docs
docs: ## write docs/reference.md and docs/commands.md anew from what services and commands declare
	go generate . ./providers/registry ./app/cli

.PHONY: screenshots
screenshots: build ## draw the window, light and dark, in two sizes, into out/
	@.ci/setup.sh screen
	@for variant in light dark; do for size in 1000x700 1920x1080; do \
		.ci/window.sh out/window-$$size-$$variant.png $$size $$variant; \
		echo out/window-$$size-$$variant.png; \
	done; done

.PHONY: pictures
pictures: ## draw the guide's pictures anew, into docs/guide/pictures
	@.ci/setup.sh build
	go test ./views -count=1 -run ThePicturesOfTheGuide -pictures

.PHONY: package
package: ## pack a release for Linux and for Windows into dist/
	@.ci/setup.sh build windows package
	rm -rf dist
	TAGS=$(TAGS) .ci/package/package.sh linux
	TAGS=$(TAGS) .ci/package/package.sh windows
	@cd dist && sha256sum maquette* | tee SHA256SUMS

.PHONY: reproducible
reproducible: ## pack twice, the second time from another folder, and compare the bytes
	@.ci/setup.sh build windows package
	TAGS=$(TAGS) .ci/package/reproducible.sh

.PHONY: package-test
package-test: ## try what make package made: the .deb in a bare Debian, the .exe and its installer under Wine
	@.ci/setup.sh screen try
	.ci/package/try.sh

.PHONY: windows
windows: ## check that bin/maquette.exe builds
	@.ci/setup.sh build windows
	CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc \
		go build -tags $(TAGS) -trimpath -ldflags -H=windowsgui -o bin/maquette.exe .

.PHONY: clean
clean: ## remove what was built and drawn; keeps the tools
	rm -rf bin out dist

# The decoders of HEIC and AVIF, as two modules publish them: see docs/licences.md.
HEIC := github.com/gen2brain/heic@v0.4.5
AVIF := github.com/gen2brain/avif@v0.4.4
.PHONY: codecs
codecs:
	cd $$(mktemp -d) && go mod init codecs && go mod download $(HEIC) $(AVIF)
	install -m 644 "$$(go env GOMODCACHE)/$(HEIC)/lib/heif.wasm.gz" app/photo/codec/lib/heif.wasm.gz
	install -m 644 "$$(go env GOMODCACHE)/$(AVIF)/lib/decode.wasm.gz" app/photo/codec/lib/avif.wasm.gz
