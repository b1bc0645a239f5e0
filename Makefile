# The verbs of the project; `make help` lists them. Everything runs in .venv, made from uv.lock.
.DEFAULT_GOAL := help
.PHONY: help demo fmt check test spark docs reliability bench bench-large estimators audit env env-dev faults
SHELL := /bin/bash

PYTHON ?= python3
UV := .uv/bin/uv
BIN := .venv/bin
HOME_DIR := var/demo
DEMO_WORLD := --accounts 2400 --requests 30000
RELIABILITY_DIR := var/reliability
SPARK_MODELS := tests/spark/test_macros.py tests/spark/test_models.py
export UV_LINK_MODE ?= copy
export UV_COMPILE_BYTECODE ?= 1
export PYTHONHASHSEED := 0

help: ## list the verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

$(UV):
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv

env: $(UV) ## make the run-time environment from the lock
	$(UV) sync --frozen --quiet --inexact --no-default-groups

env-dev: $(UV) ## make the development environment from the lock
	$(UV) sync --frozen --quiet

demo: env ## simulate a provider, build four weeks, react, go on by a night, publish, show the leads, build a package
	rm -rf $(HOME_DIR)
	$(BIN)/stillwatch simulate --home $(HOME_DIR) $(DEMO_WORLD) --start 2026-03-01 --days 28
	$(BIN)/stillwatch backfill --home $(HOME_DIR) --from 2026-03-01 --to 2026-03-28
	$(BIN)/stillwatch simulate --home $(HOME_DIR) $(DEMO_WORLD) --start 2026-03-29 --days 9 --react
	$(BIN)/stillwatch backfill --home $(HOME_DIR) --from 2026-03-29 --to 2026-04-06
	$(BIN)/stillwatch simulate --home $(HOME_DIR) $(DEMO_WORLD) --start 2026-04-07 --days 1 --react
	$(BIN)/stillwatch nightly --home $(HOME_DIR) --date 2026-04-07
	@echo
	@echo "Tonight's first leads:"
	$(BIN)/stillwatch leads --home $(HOME_DIR) --limit 5
	@echo
	@echo "The strongest cases, and the package of the first. Its answers are a demonstration: nobody gave them."
	$(BIN)/stillwatch cases --home $(HOME_DIR) --limit 5
	$(BIN)/stillwatch cases --home $(HOME_DIR) --limit 1 --ids > $(HOME_DIR)/case.txt
	$(BIN)/stillwatch package $$(cat $(HOME_DIR)/case.txt) --home $(HOME_DIR) --template $(HOME_DIR)/questions.yml
	$(BIN)/python -m simulator.answering $(HOME_DIR)/questions.yml $(HOME_DIR)/answers.yml
	$(BIN)/stillwatch package $$(cat $(HOME_DIR)/case.txt) --home $(HOME_DIR) --answers $(HOME_DIR)/answers.yml --by "make demo"
	$(BIN)/stillwatch verify $(HOME_DIR)/packages/*/*
	$(BIN)/stillwatch rebuild $(HOME_DIR)/packages/*/*
	@echo "A copy of it with one byte changed:"
	cp -r $(HOME_DIR)/packages/*/* $(HOME_DIR)/changed-package
	printf '!' | dd of=$(HOME_DIR)/changed-package/content/finding.md bs=1 conv=notrunc status=none
	! $(BIN)/stillwatch verify $(HOME_DIR)/changed-package
	@echo
	@echo "The release: $$(readlink -f $(HOME_DIR)/published/current)"
	@$(BIN)/stillwatch report --home $(HOME_DIR)
	@echo "The marts:  $(BIN)/stillwatch query \"select role, count(*) from actors group by role\""
	@echo "       or:  duckdb -readonly $(HOME_DIR)/published/current/marts.duckdb"

fmt: env-dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

docs: env-dev ## write what is generated from the contract, the signal pairs and the metric layer
	$(BIN)/python -m orchestration.contract.generate
	$(BIN)/python -m orchestration.privacy.classes
	$(BIN)/python -m orchestration.catalogue.signals
	$(BIN)/python -m orchestration.catalogue.metrics
	$(BIN)/python -m orchestration.coverage.page

reliability: env-dev ## try detection on ten worlds, every bad input and every fault of a night; write their pages and signal figures (two hours)
	$(BIN)/python -m tests.bad_input.page
	$(BIN)/python -m tests.faults.page
	$(BIN)/python -m orchestration.evaluation.signal_needs
	$(BIN)/stillwatch evaluate --out $(RELIABILITY_DIR) --set report --worlds 1-10 --jobs 2 --docs docs/reliability.md \
		--signals docs/reference/signal_measurements.csv
	$(BIN)/python -m orchestration.catalogue.signals
	$(BIN)/python -m orchestration.coverage.page

bench: $(UV) ## time nights, a hand-written script, other engines, actors, estimators and readers, and write docs/benchmarks.md and docs/scale.md (two hours)
	$(UV) sync --frozen --quiet --group peers
	$(BIN)/python -m tests.benchmarks.night
	$(BIN)/python -m tests.benchmarks.floor
	$(BIN)/python -m tests.benchmarks.peers
	$(BIN)/python -m tests.benchmarks.links
	$(BIN)/python -m tests.benchmarks.estimators
	$(BIN)/python -m tests.benchmarks.readers
	$(BIN)/python -m tests.benchmarks.scale

bench-large: env-dev ## time nights over days of millions after four weeks, and what memory they take (a night long, 40 GB of disk)
	$(BIN)/python -m tests.benchmarks.large

estimators: env ## try every estimator on 500 simulated case tables of known truth and write docs/estimators.md
	$(BIN)/stillwatch prove --jobs 2 --docs docs/estimators.md

check: env-dev ## lint, types, generated files, conventions and unit tests: the inner loop
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/python -m orchestration.contract.generate --check
	$(BIN)/python -m orchestration.privacy.classes --check
	$(BIN)/python -m orchestration.catalogue.signals --check
	$(BIN)/python -m orchestration.catalogue.metrics --check
	$(BIN)/python -m orchestration.coverage.page --check
	$(BIN)/python -m tests.bad_input.page --check
	$(BIN)/python -m tests.faults.page --check
	STILLWATCH_WAREHOUSE=:memory: $(BIN)/sqlfluff lint --processes 2 models analyses
	$(BIN)/pytest -n 2 -q --dist loadgroup tests/unit tests/conventions -m "not slow and not browser"

audit: env-dev ## ask whether a dependency has a known vulnerability; error 4 where nobody could be asked
	@$(BIN)/python -m orchestration.auditing $(UV)

test: env-dev ## every test but the longest on faults: unit, conventions, dbt's and integration
# in the order of the folders: whole nights are begun first, and short units level the workers' ends
	$(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder -m "not faults and not spark" tests

spark: $(UV) ## nights and models on a real Spark cluster against DuckDB's, row for row; needs Java 17
	$(UV) sync --frozen --quiet --group spark
# models in a session of the tests' own process, then nights on a cluster
	$(BIN)/pytest -n 0 -m spark $(SPARK_MODELS)
	$(BIN)/pytest -n 0 -m spark tests/spark $(SPARK_MODELS:%=--ignore=%)

faults: env-dev ## starve, damage and kill a night over and over, correct and delete, each to its end (half an hour)
	$(BIN)/pytest -n 0 -m faults tests/integration
