# Two commands: `make run` plans the default study, `make test` runs the tests.
# Both create .venv and install the project first; the second time they do not.
SHELL := /bin/bash
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

.PHONY: run test check bench validate docs network clean

run: $(INSTALLED)  ## plan scenarios/germany-10.yaml and say where the report is
	$(BIN)/planner run scenarios/germany-10.yaml --resume

test: $(INSTALLED_DEV)  ## lint, types, structure and tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses=auto --dist=loadfile

validate: $(INSTALLED_DEV)  ## published figures beside ours and directions that must hold, Germany built in and from public files (half an hour)
	.ci/install_qgis
	$(BIN)/pytest -m qgis tests/validation
	$(BIN)/python benchmarks/published_figures.py
	$(BIN)/python benchmarks/published_figures.py --scenario germany-reference
	$(BIN)/python benchmarks/depot_published.py
	$(BIN)/python benchmarks/market_figures.py

bench: $(INSTALLED_DEV)  ## speed and quality against named peers (minutes)
	$(BIN)/python benchmarks/queue_kernel.py
	$(BIN)/python benchmarks/stop_planner.py
	$(BIN)/python benchmarks/front_quality.py
	$(BIN)/python benchmarks/vrpb.py --seconds 5 --seeds 1 2
	$(BIN)/python benchmarks/algorithm_sensitivity.py
	$(BIN)/python benchmarks/osm_reader.py
	$(BIN)/python benchmarks/network_readers.py
	$(BIN)/python benchmarks/plans_reader.py
	$(BIN)/python benchmarks/depot_microgrid.py

docs: $(INSTALLED_DEV)  ## write the reference pages that come from the code
	$(BIN)/python docs/build_reference.py

network: $(INSTALLED_DEV)  ## build the built-in network and its sites anew
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e .[build]
	$(BIN)/python network/germany/build_network.py
	$(BIN)/python network/germany/build_sites.py

clean:  ## remove the environment and all runs
	rm -rf $(VENV) outputs/*/ outputs/.*.partial planner/__pycache__/kernels-*

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check uv

$(INSTALLED): pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e .
	touch $@

$(INSTALLED_DEV): pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e .[dev]
	touch $@
