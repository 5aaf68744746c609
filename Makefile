# Every target does its own set-up (.ci/setup): on a machine with Swift 6.2 or newer, nothing else is needed.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: certify certify-engine certify-server engines examples test test-all model fuzz report-test bench schemas lint format \
  clean help build setup

SOURCES := Package.swift Sources Tests StatTests Fixtures Schemas Benchmarks Examples
# swift format opens all of its files at once: some systems allow 256.
SWIFT_FILES = find $(SOURCES) -name .build -prune -o -name '*.swift' -print0 | xargs -0 -n 100
RSD     := .build/release/rsd
ARGS    :=
# Tests that are named run, however long they are.
TESTS   := $(if $(findstring --filter,$(ARGS)),all)
SECONDS := 600
ENGINE  := transformers
ROUTE   := draft
ADAPTER  = Examples/ports/engines/$(subst -,_,$(ENGINE))_port.py
# A list of plans and an anytime run have no report.
REPORT  := $(if $(filter --list --until-certified,$(ARGS)),,--report report.html)

certify: build ## build rsd, certify the six rules, write certificate.json and report.html; ARGS="--quick" and others go on
	@$(RSD) certify --output certificate.json $(REPORT) $(ARGS)

test: ## run the tests in release but the long ones; ARGS="--filter RationalTests" runs some, long or not
	@.ci/test-setup
	@.ci/test-model
	@.ci/setup
	@RSD_TESTS=$(TESTS) .ci/watch-descriptors swift test -c release --scratch-path .build-tests -Xswiftc -enable-testing \
	  --disable-xctest $(ARGS)

test-all: ## run all tests in release, the long ones too
	@$(MAKE) --no-print-directory test TESTS=all

examples: setup ## test the packages in Examples, each as someone else's that depends on this one
	@swift test -c release --package-path Examples/OwnRule --scratch-path .build-examples --disable-xctest

model: ## fetch SmolLM2-135M-Instruct (Apache-2.0, 98 MB) into Models/, for the tests that need a real model
	@.ci/model

fuzz: setup ## fuzz the readers of checkpoints and tokenizers with libFuzzer, SECONDS=600 for each of six
	@Tests/Fuzzing/run $(SECONDS)

report-test: build ## open reports of good, failed and hostile certificates in a headless Chromium, and look for faults
	@.ci/setup-chromium
	@python3 Tests/ReportTests/check.py --rsd $(RSD) $(ARGS)

bench: build ## measure rounds a second and memory on the toy models, as JSON
	@$(RSD) bench toy --json $(ARGS)

engines: ## install the engines that docs/certified.md speaks of into .engines (Python 3.11; downloads GB, builds llama.cpp)
	@.ci/engines

certify-engine: build ## certify an engine; ENGINE=transformers or llama-cpp, ROUTE=draft, ARGS go on to rsd certify
	@.ci/engines $(ENGINE)
	@$(RSD) certify --port ".engines/bin/python $(ADAPTER) --route $(ROUTE)" --rule sd --timeout 5min $(ARGS)

certify-server: build ## certify llama_cpp.server with prompt look-up over SmolLM2 on the loopback; ARGS go on to rsd certify
	@.ci/certify-server $(ARGS)

schemas: setup ## write the lists of rules inside Schemas/ from Rule.all
	@swift run -c release schema-writer

lint: setup ## check the style of every Swift file
	@$(SWIFT_FILES) swift format lint -p --strict
	@.ci/module-order
	@! grep -rn 'import XCTest' Tests StatTests || { echo 'lint: `make test` runs Swift Testing only' >&2; exit 1; }

format: setup ## rewrite every Swift file in the house's style
	@$(SWIFT_FILES) swift format -p -i

clean: ## remove all that was built
	@rm -rf .build .build-tests .build-examples

build: setup
	@swift build -c release --product rsd

setup:
	@.ci/setup

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'
