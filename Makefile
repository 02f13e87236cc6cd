# What a fresh machine needs: make, and a Python of 3.11 or later with its venv module.
#
#   make start ARGS="--no-browser --port 8899 --home DIR"    open the learner's home
#   make test                                                 prove everything
#   make nbgrader-tests                                       nbgrader's own, all, with our runner
#   make lint | make bench | make build                       parts of it
#
# .venv is made once; a stamp in it says for which pyproject.toml and constraints.txt, so
# the second run installs nothing and needs no network.

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
PYTEST_ARGS ?=
# a module stays in one process: what its tests share is made once
SHARED := -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

# The system's own Python first: an environment made from one in a private home cannot
# be read by other users of the machine.
CANDIDATES := /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11
SUITS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

# what bundles the widgets' scripts; needs npx of Node.js, and the network for the first time
ESBUILD := esbuild@0.28.2
SCRIPTS ?= kit/widgets/static

.PHONY: help start test nbgrader-tests lint bench build docs js screenshots gallery constraints clean

help:
	@sed -n '1,6s/^# \{0,1\}//p' Makefile

start: $(VENV)/installed
	@$(BIN)/upskill start $(ARGS)

test: $(VENV)/installed-test lint
	@echo "Running the tests."
	@$(BIN)/python -m pytest -p tests.require_all $(SHARED) $(PYTEST_ARGS)

# All of nbgrader's own cases, and all of its notebooks graded twice and compared; about 15
# minutes. The cases that run a notebook, and a sample of notebooks, are part of make test.
nbgrader-tests: $(VENV)/installed-test
	@$(BIN)/python -m tests.nbgrader_suite
	@UPSKILL_PARITY=all $(BIN)/python -m pytest -n auto --maxprocesses 8 tests/nbgrader_suite/test_parity.py

lint: $(VENV)/installed-test
	@echo "Checking style, types, layers and built notebooks."
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/upskill author build --check

bench: $(VENV)/installed-test
	@$(BIN)/python -m benchmarks $(ARGS)

build: $(VENV)/installed-test
	@$(BIN)/python -m build --no-isolation --outdir dist .

docs: $(VENV)/installed-test
	@$(BIN)/python tests/cli_reference.py docs/cli.md

# One bundle for each widget: kit/widgets/js holds the sources, base.js and parts what they share.
js:
	@npx --yes $(ESBUILD) $(filter-out %/base.js,$(wildcard kit/widgets/js/*.js)) --bundle \
	  --format=esm --charset=utf8 --log-level=warning --outdir=$(SCRIPTS)

# The pictures of docs/images, from a real run in a real browser; takes about five minutes.
screenshots: $(VENV)/installed-test
	@PYTHONPATH=.:tests/browser $(BIN)/python docs/screenshots.py

# Every widget in every state, language, theme and window, to be looked at.
gallery: $(VENV)/installed-test
	@PYTHONPATH=.:tests/browser $(BIN)/python docs/gallery.py $(ARGS)

# Names and versions only: where packages come from is each machine's own business. Write them
# with the oldest Python that is supported (Debian 12's 3.11.2), or it cannot install them.
constraints: $(VENV)/installed-test
	@$(BIN)/python -m pip freeze --exclude-editable --exclude upskill-kit \
	  | grep -E '^[A-Za-z0-9._-]+==' > constraints.txt.new
	@mv constraints.txt.new constraints.txt
	@echo "Wrote constraints.txt."

clean:
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Not of this folder or with a Python that is gone: made anew.
ifneq ($(shell $(BIN)/python -c 'print(open("$(VENV)/made").read().strip())' 2>/dev/null),$(CURDIR))
$(shell rm -f $(VENV)/made $(VENV)/installed $(VENV)/installed-test)
endif

$(VENV)/made:
	@found=; for name in $(CANDIDATES); do \
	  if "$$name" -c '$(SUITS)' 2>/dev/null; then found="$$name"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "No Python of 3.11 or later with the venv module was found." >&2; \
	  echo "Next: install one (Debian, Ubuntu: apt install python3 python3-venv), then run make again." >&2; \
	  exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version)."; \
	"$$found" -m venv --clear $(VENV)
	@echo "$(CURDIR)" > $@

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/made
	@echo "Installing the kit (once; about two minutes)."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[author,lab]'
	@touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt | $(VENV)/made
	@echo "Installing the kit and the tools that prove it (once; about two minutes)."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	@touch $(VENV)/installed $@
