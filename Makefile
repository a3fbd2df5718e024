# Every command a developer needs. `make run` and `make test` also set the machine up.

PORT ?= 8080
VIDEO ?=
ONCE ?=
PREFIX ?= /usr/local
RELEASE = swift build -c release --product cutroom --static-swift-stdlib

# To scripts as they are, whatever signs they hold.
export PORT VIDEO ONCE

# In make and CI a warning is an error; a plain `swift build` elsewhere stays lenient.
export CUTROOM_STRICT = 1

.PHONY: run test test-slow bench eval lint format docs install clean

run: ## Builds, serves on PORT, makes clips of VIDEO (or a sample) and keeps serving (ONCE=1: stops)
	@scripts/setup
	@$(RELEASE)
	@scripts/run

test: ## The tests of every day
	@scripts/setup
	@scripts/test

test-slow: ## Those and the long ones: kills, renders, fuzzing
	@scripts/setup
	@scripts/test --slow

bench: ## What must be fast, measured
	@scripts/setup --bench
	@$(RELEASE)
	@swift build -c release --product cutroom-bench
	@Benchmarks/bench.py

eval: ## How well forecasts come true, on series that seeds make
	@scripts/setup
	@swift build -c release --product cutroom-bench
	@.build/release/cutroom-bench forecasts

lint: ## Format and habits
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks Examples
	@for script in scripts/* .ci/run; do [ ! -f "$$script" ] || bash -n "$$script" || exit 1; done

format: ## Rewrites the sources in the house format
	@swift format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks Examples

docs: ## The reference of Domain and Application, in .build/docs, and Docs/configuration.md
	@scripts/docs
	@swift run cutroom config --reference > .build/configuration.md && mv .build/configuration.md Docs/configuration.md

install: ## The binary under PREFIX
	@scripts/setup
	@$(RELEASE)
	install -D -m 755 .build/release/cutroom '$(DESTDIR)$(PREFIX)/bin/cutroom'

clean: ## Removes what building made
	swift package clean
