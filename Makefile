# Works with the make that macOS ships (3.81). What takes more than a line is in scripts/.

# The redirection makes old makes use a shell, which `command` needs.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell command -v $(name) 2>/dev/null)))
VENV := .venv/bin
CHECK := $(VENV)/python scripts/check.py

.DEFAULT_GOAL := help
.PHONY: help run test setup lint format types imports unit vectors property integration browser walk chaos \
	client dev bench bench-client pictures lock schemas clean python env env-dev

help: ## Say what can be made
	@echo "Tablecloth. You can make:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: env ## Set up what is missing, then serve boards (ARGS="--port 9000" and the like)
	@$(VENV)/python scripts/client.py build
	@exec $(VENV)/tablecloth serve $(ARGS)

test: setup ## Everything that a change must pass
	@$(CHECK) all

setup: env-dev ## Get all that tests and development need
	@$(VENV)/python scripts/client.py build
	@$(VENV)/python scripts/client.py install
	@$(VENV)/python scripts/browser.py

lint: env-dev ## Style of the Python code
	@$(CHECK) lint

format: env-dev ## Put the Python code in form
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format .

types: env-dev ## Types: mypy and svelte-check
	@$(CHECK) types

imports: env-dev ## Who imports whom: import-linter and dependency-cruiser
	@$(CHECK) imports

unit: env-dev ## Small tests, in both languages
	@$(CHECK) unit

vectors: env-dev ## The shared vectors, in both languages, and that none was left out
	@$(CHECK) vectors

property: env-dev ## Random boards, in both languages
	@$(CHECK) property

integration: env-dev ## A real server and a real Valkey
	@$(CHECK) integration

browser: setup ## A real Chromium
	@$(CHECK) browser

walk: setup ## A long random walk of three people in Chromium (ARGS="--walk-acts 2000")
	@$(VENV)/python -m pytest tests/browser/test_walk.py -s --walk-acts 500 $(ARGS)

chaos: env-dev ## Things killed and starved on purpose
	@$(CHECK) chaos

client: env ## Build the browser's side, if it changed
	@$(VENV)/python scripts/client.py build

dev: env ## Serve the client with live reload (beside `make run`)
	@$(VENV)/python scripts/client.py run dev

bench: setup ## Measure: what an edit costs this side, then the whole way (ARGS are handed on to the second)
	@PYTHONPATH=server $(VENV)/python -m tests.bench
	@exec $(VENV)/tablecloth bench $(ARGS)

bench-client: setup ## Measure the page beside Excalidraw and tldraw (ARGS are handed on)
	@$(VENV)/python scripts/client.py peers
	@exec $(VENV)/python -m tests.bench.client $(ARGS)

pictures: setup ## Take the pictures in docs/ anew
	@exec $(VENV)/python scripts/pictures.py

lock: env-dev ## Remake the lock files from pyproject.toml and package.json
	@$(VENV)/python scripts/lock.py
	@$(VENV)/python scripts/client.py lock

schemas: env-dev ## Remake what is generated from the contract
	@$(VENV)/python scripts/make_schemas.py

clean: ## Remove what was built and installed here (never a board)
	rm -rf .venv .build .hypothesis .import_linter_cache .ruff_cache build dist client/dist client/node_modules

python:
	@test -n "$(PYTHON)" || { echo "Tablecloth needs Python 3.11 or newer, and found no Python here." ; exit 1 ; }

env: python
	@$(PYTHON) scripts/bootstrap.py run

env-dev: python
	@$(PYTHON) scripts/bootstrap.py dev
