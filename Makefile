# Everything here works on a fresh machine with Python 3.11 (or newer, up to 3.14) and make.
.DEFAULT_GOAL := help
# The first Python that really runs; a version manager's shim may stand for one that is not there.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
  $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null \
  && command -v $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
RUNNING := $(VENV)/.running
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Each file on one worker; tests/conftest.py says which files are begun first.
PYTEST := $(BIN)/pytest --dist loadfile --no-loadscope-reorder
# One more worker than there are cores: while one waits for a server, another works.
WORKERS := $(shell expr 1 + $$(getconf _NPROCESSORS_ONLN))

.PHONY: help demo quick test kills check format lint types docs guide bench pictures run lock clean

help: ## Say what there is to make.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Installs a lock, and says every few seconds how far it has come: pip is silent for a minute while it unpacks.
define install
	@echo "make: installing $(1) into $(VENV), once"
	@$(PIP) install -qq --progress-bar off --no-deps --require-hashes --log $(VENV)/pip.log -r $(1) & \
	while sleep 3 && kill -0 $$! 2>/dev/null; do \
	  echo "make: $$(grep -cE ' (Collecting|Processing) ' $(VENV)/pip.log) packages found," \
	    "$$(ls $(VENV)/lib/python3*/site-packages | grep -c 'dist-info$$') installed"; \
	done; wait $$! && rm -f $(VENV)/pip.log
endef

# What running needs; what developing needs comes into the same place.
$(RUNNING): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 to 3.14 is needed; set PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	$(call install,requirements.lock)
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(READY): $(RUNNING) requirements-dev.lock
	$(call install,requirements-dev.lock)
	@touch $@

demo: $(RUNNING) ## Run the whole pipeline on the bundled newsrooms; leaves warehouse/demo/news.duckdb behind.
	@$(BIN)/ingest demo

run: $(RUNNING) ## Take one pass over the newsrooms of sources.toml.
	@$(BIN)/ingest run

# What Python compiles is kept, whatever is set outside: else each of the tests' processes would compile it again.
quick test kills: export PYTHONDONTWRITEBYTECODE :=

# A sixth of the suite's time goes into waiting for the disk. A gigabyte of memory holds what the tests have at once, for
# their folders go when they pass; where there are not four to spare, the disk does.
quick test kills: export PYTEST_DEBUG_TEMPROOT := $(shell \
  test "$$(df --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 4000000 2>/dev/null && echo /dev/shm)

quick: lint types ## Check format, lint, types, layers and the tests that need no other process; about a minute.
	$(PYTEST) --numprocesses logical -m "not integration and not slow"

test: $(READY) ## Run the test suite, on all cores.
	$(PYTEST) --numprocesses $(WORKERS) --durations 10 -r fEs

KILLS := 500
kills: export INGEST_TEST_KILLS := $(KILLS)
kills: $(READY) ## Kill runs at KILLS=500 moments of all stages; each is to end as if it had not been killed. About an hour.
	@case "$(KILLS)" in ''|*[!0-9]*) echo "KILLS=$(KILLS) is no number of kills, such as 500" >&2; exit 2;; esac
	$(BIN)/pytest --numprocesses $(WORKERS) tests/hostile/test_hostile_killed.py tests/test_trust_killed.py

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

docs: $(READY) ## Check that the documentation says what is true: links, settings, commands.
	$(BIN)/pytest tests/docs

guide: $(READY) ## Write anew what docs show of the code and of the demonstration's warehouse.
	$(BIN)/python -m tests.docs.rooms
	$(BIN)/python -m tests.docs.analyst

check: lint types test ## All that the build runs: format, lint, types, layers, tests, docs.

format: $(READY) ## Format the code.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## Measure speed and accuracy; see benchmarks/README.md.
	$(BIN)/python -m benchmarks

pictures: $(READY) ## Make the pictures of README and docs anew (needs chromium).
	$(BIN)/python docs/pictures/make.py

# A further lock has the first one's versions and repeats none of its lines; versions stay where nothing asks for others.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-header --no-annotate pyproject.toml --group build
ALL := $(VENV)/all.lock
define beyond
	cat requirements.lock $(1) | grep -v '^-r ' > $(ALL)
	$(COMPILE) --constraint requirements.lock $(2) --output-file $(ALL)
	{ echo '-r requirements.lock'; awk 'NR == FNR { known[$$0]; next } /^[a-z]/ { is_new = !($$0 in known) } is_new' \
	  requirements.lock $(ALL); } > $(1)
endef
lock: $(READY) ## Resolve the dependencies anew.
	$(COMPILE) --output-file requirements.lock
	$(call beyond,requirements-lake.lock,--extra lake)
	$(call beyond,requirements-dev.lock,--extra dask --extra lake --extra telemetry --group dev)

clean: ## Remove what was built, the warehouse excepted.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
