# make demo      shows one example report, reads all of them into demo-out and prints a summary
# make test      runs the tests; make test-all adds the slow ones
# make lint      ruff, mypy and the contracts between the packages' layers
# make docs      builds the documentation into site/
# make wheel     builds dist/*.whl
PYTHON ?= python3
VENV   ?= .venv
OUT    ?= demo-out
BIN    := $(VENV)/bin
PIP    := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --constraint constraints.txt
PYTEST ?= $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

.PHONY: demo test test-all lint docs wheel examples models clean

demo: $(VENV)/.installed
	$(BIN)/gia-nlp show data/examples/xikou-healthcare-2024.txt
	@echo
	$(BIN)/gia-nlp tag data/examples --out $(OUT)

test: $(VENV)/.installed-dev
	$(PYTEST) -m "not slow"

test-all: $(VENV)/.installed-all
	$(PYTEST)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Needs no network once its tools are installed; a broken link ends it.
docs: $(VENV)/.installed-docs
	$(BIN)/mkdocs build --strict

wheel: $(VENV)/bin/python
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

# Rebuilds data/examples from data/example-sources, byte for byte.
examples: $(VENV)/.installed-dev
	$(BIN)/python data/example-sources/build.py

# Saves the default pipeline from the package's own data.
models: $(VENV)/.installed
	$(BIN)/python models/build.py

clean:
	rm -rf $(VENV) $(OUT) build dist site .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "gia_nlp needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable ".[test,dev,synth,cluster,web]"
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-docs: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable ".[docs]"
	@touch $@ $(VENV)/.installed

# The slow tests recognise scanned pages, build the documentation and open pages in a browser too, if one is there.
$(VENV)/.installed-all: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable ".[test,dev,synth,cluster,web,browser,docs,ocr]"
	@touch $@ $(VENV)/.installed $(VENV)/.installed-dev $(VENV)/.installed-docs
