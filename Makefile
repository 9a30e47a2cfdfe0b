# Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
.DELETE_ON_ERROR:

# Build outputs stay out of the tree; a cache that is there is used.
export CARGO_TARGET_DIR ?= $(or $(FREEHOLD_CACHE),$(HOME)/.cache/freehold)/target
export CARGO_INCREMENTAL ?= 0
# The console's scripts are bundled here and embedded; `none` builds a console without scripts.
export FREEHOLD_CONSOLE_WEB ?= $(dir $(CARGO_TARGET_DIR))console-web

.PHONY: help demo build test lint package docs tidy crash bench

help:
	@echo 'make demo      build, start the platform on the example realm, print an address and lines to try'
	@echo 'make build     the binary: target/release/freehold'
	@echo 'make test      every test; starts the real servers it needs'
	@echo 'make lint      format, clippy, licences'
	@echo 'make package   tarball and .deb in dist/'
	@echo 'make docs      the guide as a book: dist/book (asks for mdBook)'
	@echo 'make crash     kill -9 three hundred times       (outside make test)'
	@echo 'make bench     the tables of docs/performance.md (outside make test)'

build:
	@scripts/setup build
	@scripts/build

demo: build
	@exec target/release/freehold demo $(ARGS)

test:
	@scripts/setup test
	@scripts/test $(ARGS)

tidy:
	@cargo xtask tidy

lint:
	@scripts/setup build
	@[ "$(FREEHOLD_CONSOLE_WEB)" = none ] || scripts/web "$(FREEHOLD_CONSOLE_WEB)"
	cargo fmt --all -- --check
	cargo clippy --release --workspace --all-targets --locked -- -D warnings
	@scripts/deny

package: build
	@scripts/package

docs:
	@scripts/docs

crash: build
	cargo xtask crash

bench: build
	cargo xtask bench ledger
	cargo xtask bench gateway
	cargo xtask bench engine
	cargo xtask bench drill
