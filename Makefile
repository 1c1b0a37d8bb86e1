# Two commands: `make run` plans the default study, `make test` runs the tests.
# Both create .venv and install the project first; the second time they do not.
SHELL := /bin/bash
.DELETE_ON_ERROR:
unexport PYTHONDONTWRITEBYTECODE  # else every process would compile all modules anew

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
INSTALLED_DOCS := $(VENV)/.installed-docs
INSTALLED_AUDIT := $(VENV)/.installed-audit

# That the kernels of all studies are compiled, $(WARM)-plan those of plans alone.
WARM := $(VENV)/.warm
KERNELS := $(shell find planner -name "*_kernel.py") planner/runs/kernel_decorators.py

.PHONY: run test coverage check test-lowest test-latest smoke-lowest smoke-latest fuzz kill bench validate points docs reference site notebooks qgis-templates network lock audit clean

# Versions come from requirements/*.txt, names, versions and hashes only; nothing else is fetched,
# not even a build backend. `make lock` writes them anew.
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python
LOCKED := $(INSTALL) --require-hashes --requirements
PROJECT := $(INSTALL) --no-deps --no-build-isolation --editable .
# Files in their order, in which those of few long tests come first (tests/conftest.py).
PARALLEL := --numprocesses=auto --dist=loadfile --no-loadscope-reorder
RESOLVE := $(BIN)/uv pip compile --quiet --only-binary :all: --no-annotate --no-header
TEMPLATES := planner/reporting/gis/templates
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --only-binary :all: --emit-build-options --no-annotate --no-header

# A plan compiles what it calls with a process beside; what a workbench calls can wait for it.
run: $(INSTALLED)  ## plan scenarios/germany-10.yaml and say where the report is
	$(BIN)/planner run scenarios/germany-10.yaml --resume
	@$(MAKE) --no-print-directory $(WARM)-plan

# Empty where these were done before, as in .ci/run.
CHECK := check

test: $(CHECK) $(WARM)  ## lint, types, structure and tests
	$(BIN)/pytest $(PARALLEL)

coverage: $(WARM)  ## the same tests with coverage, which takes half as long again
	$(BIN)/pytest $(PARALLEL) --cov=planner --cov-report=

check: $(INSTALLED_DEV)  ## lint, types and structure alone
	$(BIN)/ruff check . .ci
	$(BIN)/ruff format --check . .ci
	$(BIN)/mypy
	$(BIN)/lint-imports

# The same tests with the oldest versions that pyproject.toml allows and with the newest there are,
# each in an environment of its own; its versions are in requirements.txt there, not in the lock.
test-lowest test-latest: test-%: .venv-%
	.venv-$*/bin/pytest $(PARALLEL) --ignore=tests/unit/test_lock.py

smoke-lowest smoke-latest: smoke-%: .venv-%  ## the same in a minute: all modules, some tests, a small plan
	.ci/smoke .venv-$*

fuzz: $(INSTALLED_DEV)  ## 100,000 damaged files for each reader (hours); FUZZ="--seconds 120" for less
	$(BIN)/python tests/fuzz $(or $(FUZZ),--inputs 100000)

kill: $(INSTALLED_DEV)  ## 50 runs of all kinds killed at random moments, gone on with to the same bytes (an hour); KILL="--kills 5" for less
	$(BIN)/python tests/kill.py $(KILL)

validate: $(INSTALLED_DEV)  ## published figures beside ours, each with its verdict: default and both presets, Germany built in and from public files (the first time an hour)
	.ci/install_tools
	$(BIN)/pytest -m "qgis or proof"
	$(BIN)/planner run germany-10 --set optimization.compare_methods=true --out outputs/bench/compared-methods
	$(BIN)/python benchmarks/depot_published.py
	$(BIN)/python benchmarks/market_figures.py
	$(BIN)/python benchmarks/published_figures.py $(if $(WRITE_DOCS),--docs docs)

points: $(INSTALLED_DEV)  ## charging points that the search saves against plain NSGA-II, on the German study's own demand (half an hour)
	$(BIN)/python benchmarks/points_saved.py $(if $(WRITE_DOCS),--docs docs)

bench: $(INSTALLED_DEV)  ## speed and quality against named peers, into benchmarks/RESULTS.md (an hour)
	$(LOCKED) requirements/bench.txt
	$(BIN)/python benchmarks/kernel_compile_times.py
	$(BIN)/python benchmarks/queue_kernel.py
	$(BIN)/python benchmarks/fixed_routes.py
	$(BIN)/python benchmarks/stop_planner.py
	$(BIN)/python benchmarks/front_quality.py
	$(BIN)/python benchmarks/vrpb.py --seconds 5
	$(BIN)/python benchmarks/algorithm_sensitivity.py
	$(BIN)/python benchmarks/distances.py
	$(BIN)/python benchmarks/osm_reader.py
	$(BIN)/python benchmarks/network_readers.py
	$(BIN)/python benchmarks/plans_reader.py
	$(BIN)/python benchmarks/depot_microgrid.py
	$(BIN)/python benchmarks/scale_by_share.py --turns 2
	$(BIN)/python benchmarks/whole_study.py
	$(BIN)/python benchmarks/sweep_workers.py --turns 2
	$(BIN)/planner run germany-10 --resume --out outputs/bench/workbench
	$(BIN)/python benchmarks/workbench_latency.py outputs/bench/workbench
	$(BIN)/python benchmarks/write_results.py

docs: reference site  ## the reference pages from the code, and all pages as a site that is read offline, with search: outputs/docs

reference: $(INSTALLED_DEV)  ## write the reference pages that come from the code
	$(BIN)/python docs/build_reference.py

site: $(INSTALLED_DOCS)  ## the site alone; a page with a warning fails
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --fresh-env \
		--conf-dir docs/site --doctree-dir $(VENV)/doctrees . outputs/docs
	@echo "outputs/docs/index.html"

notebooks: $(INSTALLED_DOCS)  ## run the notebooks, with their results into outputs/notebooks
	mkdir -p outputs/notebooks
	cd notebooks && for notebook in *.ipynb; do \
		../$(BIN)/jupyter-execute --output=../outputs/notebooks/$${notebook%.ipynb} $$notebook || exit; done

qgis-templates:  ## save the templates of the map anew from QGIS, after a change of them in QGIS
	.ci/install_tools
	$${PLANNER_QGIS_PYTHON:-/usr/bin/python3} docs/save_qgis_templates.py $(TEMPLATES) $(TEMPLATES)

network: $(INSTALLED_DEV)  ## build the built-in network and its sites anew
	$(LOCKED) requirements/network.txt
	$(BIN)/python network/germany/build_network.py
	$(BIN)/python network/germany/build_sites.py

audit: $(INSTALLED_AUDIT)  ## known vulnerabilities of the locked versions, where the data can be had; their licences
	$(BIN)/python .ci/find_vulnerabilities.py
	$(BIN)/python .ci/print_licences.py

lock: | $(BIN)/uv  ## lock the newest versions that pyproject.toml allows, with their hashes
	$(LOCK) --group installer --output-file requirements/uv.txt >/dev/null
	$(LOCK) pyproject.toml --extra dev --group backend --output-file requirements/dev.txt >/dev/null
	$(LOCK) pyproject.toml --group backend --constraints requirements/dev.txt \
		--output-file requirements/run.txt >/dev/null
	for group in network audit bench docs; do $(LOCK) --group $$group --constraints requirements/dev.txt \
		--output-file requirements/$$group.txt >/dev/null || exit; done

clean:  ## remove the environment and all runs
	rm -rf $(VENV) .venv-lowest .venv-latest outputs/*/ outputs/.*.partial planner/__pycache__/kernels planner/__pycache__/vega-*.js

$(BIN)/uv: requirements/uv.txt
	$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	touch $@

$(INSTALLED): pyproject.toml requirements/run.txt $(BIN)/uv
	$(LOCKED) requirements/run.txt
	$(PROJECT)
	touch $@

$(INSTALLED_DEV): pyproject.toml requirements/dev.txt $(BIN)/uv
	$(LOCKED) requirements/dev.txt
	$(PROJECT)
	touch $@

$(INSTALLED_DOCS): requirements/docs.txt $(INSTALLED_DEV)
	$(LOCKED) requirements/docs.txt
	touch $@

$(INSTALLED_AUDIT): requirements/audit.txt $(INSTALLED_DOCS)
	$(LOCKED) requirements/audit.txt
	touch $@

$(WARM)-plan: $(INSTALLED) $(KERNELS)
	$(BIN)/planner warm plan
	touch $@

$(WARM): $(INSTALLED_DEV) $(KERNELS)
	$(BIN)/planner warm
	touch $@ $@-plan

.venv-lowest: RESOLUTION := lowest-direct
.venv-latest: RESOLUTION := highest
.PHONY: .venv-lowest .venv-latest
.venv-lowest .venv-latest: $(INSTALLED_DEV)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $@
	$(RESOLVE) --resolution $(RESOLUTION) pyproject.toml --extra dev --group backend \
		--output-file $@/requirements.txt >/dev/null
	$(BIN)/uv pip install --quiet --python $@/bin/python --requirements $@/requirements.txt
	$(BIN)/uv pip install --quiet --python $@/bin/python --no-deps --no-build-isolation --editable .
