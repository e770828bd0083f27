# Set-up and checks. `make demo` and `make test` need CPython 3.11 or 3.12, pip, venv and a C compiler, and do the rest.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# A machine that keeps no compiled Python would compile us anew in each of the thousand processes that the tests start.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help demo test collect-test cover lint types contracts docs docs-check build bench clean
help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if (3, 11) <= v[:2] else f"Python 3.11 or later is needed, and {sys.executable} is {v[0]}.{v[1]}; try: make PYTHON=python3.12")'
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/ready ## Judge two real examples: one that passes, one that is blocked
	$(BIN)/gatewright check docs/examples/credit-default.yaml
	@echo; echo '-----'; echo
	$(BIN)/gatewright check docs/examples/demand-forecast.yaml || test $$? -eq 1
	@echo; echo '-----'; echo
	$(BIN)/gatewright recommend docs/examples/demand-forecast.yaml drift-response || test $$? -eq 1

test: $(VENV)/ready ## Run the tests
	$(BIN)/python -m pytest -n auto $(ARGS)

collect-test: $(VENV)/ready ## Compare what collectors read with what MLflow, DVC and huggingface_hub say (downloads 320 MB)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[collect-test]'
	$(BIN)/python -m pytest -n auto tests/cli/collectors

cover: ## Run the tests with branch coverage of the engine
	@$(MAKE) --no-print-directory test ARGS='--cov --cov-report=term-missing'

lint: $(VENV)/ready ## Style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready ## Types, strict on engine and cli
	$(BIN)/pyright --pythonpath $(BIN)/python

contracts: $(VENV)/ready ## Which part may import which
	$(BIN)/lint-imports

docs: $(VENV)/ready ## Write the generated pages and the terminal sessions anew
	$(BIN)/python docs/generate.py

docs-check: $(VENV)/ready ## Are they as the code makes them?
	$(BIN)/python docs/generate.py --check

build: $(VENV)/ready ## The wheel and the source distribution, in dist/
	rm -rf dist build
	$(BIN)/python -m build --outdir dist

bench: $(VENV)/ready ## Speed, beside a bare Python
	$(BIN)/python tests/benchmarks/bench.py

clean: ## Remove what these targets made
	rm -rf $(VENV) build dist *.egg-info .coverage* .pytest_cache .ruff_cache .hypothesis .import_linter_cache
