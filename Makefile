# Everything a new machine lacks beyond Go, Node and make is installed by the targets themselves.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
export CHROME_BIN ?= $(shell command -v chromium || command -v google-chrome || true)
ifeq ($(CHROME_BIN),)
unexport CHROME_BIN
endif

GO_SOURCES := go.mod go.sum $(shell find session cache jsbridge wasm -name '*.go' -not -name '*_test.go' 2>/dev/null)
SANDBOX_SOURCES := $(shell find web-demo/sandbox web-demo/fetchserver -type f -not -name '*_test.go' -not -path '*/peer/*')
NPM_SOURCES := npm/package.json npm/tsconfig.build.json $(shell find npm/src npm/scripts -type f -not -path '*/generated/wasm-exec.js')
APP_SOURCES := $(shell find web-demo/app -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/dist-static/*')
PACKAGE := npm/dist/index.js npm/dist/ftrack.wasm npm/dist/sandbox.js npm/dist/sandbox.wasm

WORKERD = $(shell node -p 'require("./web-demo/gateway/worker/node_modules/workerd").default')

.PHONY: build demo test bench fuzz chaos lint size chromium bin/sandbox bin/gateway

npm/node_modules/.installed: npm/package-lock.json
	cd npm && npm ci && touch node_modules/.installed

web-demo/app/node_modules/.installed: web-demo/app/package-lock.json
	cd web-demo/app && npm ci && touch node_modules/.installed

web-demo/sandbox/peer/node_modules/.installed: web-demo/sandbox/peer/package-lock.json
	cd web-demo/sandbox/peer && npm ci && touch node_modules/.installed

$(PACKAGE) &: npm/node_modules/.installed $(NPM_SOURCES) $(GO_SOURCES) $(SANDBOX_SOURCES)
	cd npm && npm run build

web-demo/gateway/worker/node_modules/.installed: web-demo/gateway/worker/package-lock.json
	cd web-demo/gateway/worker && npm ci && touch node_modules/.installed

WORKER := web-demo/gateway/worker/dist/gateway.wasm
WORKER_SOURCES := go.mod go.sum $(wildcard web-demo/gateway/worker/*.mjs web-demo/fetchserver/*) $(shell find web-demo/gateway session/wire -name '*.go' -not -name '*_test.go') npm/scripts/go.mjs
$(WORKER): $(WORKER_SOURCES)
	node web-demo/gateway/worker/build.mjs

# Go itself knows what is out of date, embedded files included.
bin/sandbox:
	go build -o bin/sandbox ./web-demo/sandbox/cmd/sandbox

bin/gateway:
	go build -o bin/gateway ./web-demo/gateway/cmd/gateway

web-demo/app/dist/index.html: web-demo/app/node_modules/.installed $(PACKAGE) $(APP_SOURCES)
	cd web-demo/app && npm run build

build: $(PACKAGE) bin/sandbox bin/gateway

web-demo/app/dist-static/index.html: web-demo/app/node_modules/.installed $(PACKAGE) $(APP_SOURCES)
	cd web-demo/app && npm run build:static

# STATIC=1 only builds the page, as files that need no server but one for files.
ifdef STATIC
demo: web-demo/app/dist-static/index.html
	@echo "The demo page is in web-demo/app/dist-static; any file server will do."
else
demo: build web-demo/app/dist/index.html
	@exec .tools/demo.sh
endif

chromium:
	@.tools/chromium.sh >/dev/null

test: chromium build web-demo/app/dist/index.html web-demo/app/dist-static/index.html web-demo/sandbox/peer/node_modules/.installed $(WORKER) web-demo/gateway/worker/node_modules/.installed
	@export CHROME_BIN=$$(.tools/chromium.sh); node .tools/run.mjs \
	  'go=node .tools/go-test.mjs -race ./...' \
	  'go in Chromium=GOOS=js GOARCH=wasm node .tools/go-test.mjs -exec=$(CURDIR)/.tools/wasm-exec.sh ./jsbridge/...' \
	  'npm in Node=cd npm && npm run test:node' \
	  'npm in Chromium=cd npm && npm run test:browser' \
	  'npm with a server in the page, and behind the gateway=cd npm && npm run test:servers' \
	  'npm packed=cd npm && npm run test:packaging' \
	  'sandbox with @ftrack/api=cd web-demo/sandbox/peer && npm test' \
	  'gateway at the edge=WORKERD_BIN=$(WORKERD) node .tools/go-test.mjs ./web-demo/gateway' \
	  'page=cd web-demo/app && npm test' \
	  'README and tools=node --test .tools/readme.test.mjs .tools/tools.test.mjs' \
	  'lint=make --no-print-directory lint'

lint: npm/node_modules/.installed web-demo/app/node_modules/.installed $(PACKAGE)
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./session/... ./jsbridge/... ./wasm ./web-demo/fetchserver ./web-demo/gateway/cmd/worker ./web-demo/sandbox/cmd/page
	node .tools/lint.mjs
	node --test .tools/lint.test.mjs
	cd npm && npm run typecheck && npm run lint
	cd web-demo/app && npm run typecheck

size: $(PACKAGE)
	node .tools/size.mjs

bench: chromium build $(WORKER) web-demo/gateway/worker/node_modules/.installed
	CHROME_BIN=$$(.tools/chromium.sh) node npm/bench/run.mjs
	go test -run '^$$' -bench . -benchmem ./session/... | node npm/bench/go-lines.mjs
	WORKERD_BIN=$(WORKERD) go test -run '^$$' -bench . ./web-demo/gateway | node npm/bench/go-lines.mjs

fuzz:
	.tools/fuzz.sh

# The campaigns of death, loss and abuse that make test runs once, CHAOSROUNDS times, and the fuzz targets for longer.
chaos: chromium build $(WORKER) web-demo/gateway/worker/node_modules/.installed
	WORKERD_BIN=$(WORKERD) CHROME_BIN=$$(.tools/chromium.sh) .tools/chaos.sh
