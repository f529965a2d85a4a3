# `make` alone lists the targets. Every target that needs it makes .venv first, from nothing but Python 3.11, and makes
# it anew when pyproject.toml or constraints.txt change.

PYTHON ?= $(shell python3.11 --version >/dev/null 2>&1 && echo python3.11 || echo python3)

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PEERS := $(VENV)/.peers
PROVIDER := build/provider/.installed
TESTED := build/tested
WHEEL := build/wheel/.built
HOSTS := build/hosts/.installed
MEASURED := $(filter-out tests/unit/adapters tests/unit/testing tests/unit/__pycache__,$(wildcard tests/unit/*)) $(wildcard tests/attack/test_tampered_*.py) tests/attack/test_lying_ports.py

# Many of the tests wait for a browser, a disk or another process.
WORKERS := $(shell expr 1 + $$(nproc 2>/dev/null || echo 2))

# Apart from what somebody who runs one test by hand leaves behind.
export COVERAGE_FILE := build/coverage

REQUIREMENTS := $(wildcard examples/*/requirements.txt)
LIBRARY := $(shell find src/ -name __pycache__ -prune -o -print 2>/dev/null)

# What the tests read. A folder is listed beside its files, so that a file taken away counts as a change too; its slash
# tells the folder examples/ from the target.
SOURCES := .ci/run .pre-commit-config.yaml $(shell find src/ tests/ docs/ examples/ benchmarks/ tools/ *.md \
	-name __pycache__ -prune -o -name '.*' -prune -o -print 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
.PHONY: help demo demo-terminal demo-play web-deep provider test check chart explore explore-full planted mutants spin \
	spin-planted test-long test-deep crash load scaling fuzz risk bench bench-timing bench-million bench-million-postgres examples \
	examples-fresh pages-fresh pictures docs package sdist-tests clean

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-22s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@$(PYTHON) tools/lacking.py

demo: $(INSTALLED) ## walk through a recovery in a browser, as a person who lost the password
	@$(BIN)/msa-recovery demo

demo-terminal: $(INSTALLED) ## the same in this terminal
	@$(BIN)/msa-recovery demo --terminal

demo-play: $(INSTALLED) ## watch such a recovery play by itself
	@$(BIN)/msa-recovery demo --play

provider: $(PROVIDER) ## install the OpenID provider that the browser tests sign in with (needs Node)

test: ## run the tests but for the long ones, and note what they cover
	@rm -f $(TESTED)
	@$(MAKE) --no-print-directory $(TESTED)

check: $(INSTALLED) $(TESTED) ## lint, types, layers, dependencies and coverage, after the tests if something changed
	@$(BIN)/ruff check --output-format concise
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deptry --no-ansi src
	@$(BIN)/coverage report

web-deep: $(INSTALLED) ## look at every story and every screen in every way: phone and desktop, with scripts and without
	@WEB_DEEP=1 $(BIN)/pytest --numprocesses auto tests/web

# Golden files: what a change of the chart changes shows in its review.
chart: $(INSTALLED) ## print the charts into docs/chart, and the French page, for a review to show what changed
	@mkdir -p docs/chart
	@for chart in recovery change; do for format in md mermaid dot scxml svg; do \
		$(BIN)/msa-recovery chart --format $$format --chart $$chart > docs/chart/$$chart.$$format; done; done
	@$(BIN)/msa-recovery chart --format promela > docs/chart/judged.promela
	@$(BIN)/python -m tools.parcours

test-long: $(INSTALLED) ## run what `make test` leaves out: crashes of every story, bugs that the load must find
	@$(BIN)/pytest --numprocesses auto --dist loadgroup -m long

# Whatever the machine has time for, so no test is taken to hang: HYPOTHESIS_PROFILE=deep draws 10 000 examples of each.
test-deep: $(INSTALLED) ## draw 10 000 examples of each property (hours)
	@HYPOTHESIS_PROFILE=deep $(BIN)/pytest --numprocesses auto --override-ini faulthandler_timeout=0 tests/property tests/unit/testing \
		tests/exploration/test_targeted_search.py

spin: $(INSTALLED) ## have spin check the charts as a Promela model of their own (needs spin and gcc)
	@$(BIN)/python -m tests.spin

spin-planted: $(INSTALLED) ## plant bugs in that model, and have spin find each
	@$(BIN)/python -m tests.spin --planted

mutants: $(INSTALLED) ## change the domain one operator at a time, and see which changes no test notices (FLAGS="ledger.py")
	@$(BIN)/python -m tools.mutants $(FLAGS)

crash: $(INSTALLED) ## kill the process at every gap of every story, and at random, for a quarter of an hour (FLAGS=--postgres)
	@$(BIN)/python -m tests.crash $(FLAGS)

explore: $(INSTALLED) ## visit every state of every account variant at small caps, and judge every invariant in each
	@$(BIN)/python -m msa_recovery.exploration

explore-full: $(INSTALLED) ## the same at the caps of the policies, for hours; goes on where it was (FLAGS="--only individual-first")
	@$(BIN)/python -m tools.explored $(FLAGS)

planted: $(INSTALLED) ## plant each bug, and write who finds it into docs/verification.md: an hour (FLAGS=--missed)
	@$(BIN)/python -m tools.planted $(FLAGS)

# For each entry point.
SECONDS ?= 600

load: $(INSTALLED) ## 2 000 people at 8 hosts and 4 relays of one PostgreSQL, while all of these die: about 3 minutes
	@$(BIN)/python -m tests.load

scaling: $(INSTALLED) ## events a second of 1, 2, 4 and 8 hosts on one PostgreSQL
	@$(BIN)/python -m tests.load.scaling

fuzz: $(INSTALLED) ## throw anything at every entry point, ten minutes each (SECONDS=600)
	@$(BIN)/python -m tests.fuzz $(SECONDS)

bench: $(PEERS) ## measure the numbers that the design promises
	@$(BIN)/python -m benchmarks

bench-timing: $(INSTALLED) ## time what an account costs beside an identifier that nobody has, and judge the difference
	@$(BIN)/python -m benchmarks.indistinguishable

bench-million: $(INSTALLED) ## measure the store with a million journeys, and show how each statement is answered (4 GB)
	@$(BIN)/python -m benchmarks.million

bench-million-postgres: $(INSTALLED) ## the same on PostgreSQL, with every plan (8 GB)
	@$(BIN)/python -m benchmarks.million_postgres

risk: $(INSTALLED) ## let a simulated attacker guess 100 000 times, and hold what it got against the formulas
	@$(BIN)/python -m tools.simulate_risk

examples: $(HOSTS) ## run every example, on the wheel, to its end, as `make test` does among others
	@EXAMPLES_ENVIRONMENT=$(dir $(HOSTS)) $(BIN)/pytest --quiet --numprocesses auto --dist loadgroup \
		tests/examples tests/docs/test_examples.py

examples-fresh: $(WHEEL) ## follow the README of every host word for word, each in a virtual environment of its own
	@EXAMPLES_FRESH=1 PIP_FIND_LINKS="$(CURDIR)/build/wheel $$PIP_FIND_LINKS" \
		$(BIN)/pytest --numprocesses auto --dist loadgroup -o faulthandler_timeout=900 tests/examples

pages-fresh: $(WHEEL) ## follow README, tutorial and how-tos word for word, each page in a virtual environment of its own
	@PIP_FIND_LINKS="$(CURDIR)/build/wheel $$PIP_FIND_LINKS" \
		$(BIN)/pytest --numprocesses auto -o faulthandler_timeout=900 tests/docs/fresh.py

# In a folder outside of this one, by the sdist's own Makefile, in the virtual environment that this makes there.
sdist-tests: $(INSTALLED) ## build the sdist, unpack it into an empty folder, and there run `make provider test`
	@rm -rf build/dist
	@$(BIN)/python -m build --sdist --outdir build/dist . >/dev/null
	@folder=$$(mktemp -d) && tar -xzf build/dist/*.tar.gz -C $$folder --strip-components 1 && echo "$$folder" && \
		env -u MAKEFLAGS -u MAKELEVEL $(MAKE) -C $$folder provider test && rm -rf $$folder

pictures: $(INSTALLED) ## make the pictures of the docs anew, from the pages and messages (needs Chromium, pdftoppm)
	@$(BIN)/python -m tools.pictures

docs: $(INSTALLED) ## build the site into build/docs; a warning is an error
	@$(BIN)/python -m sphinx -q -W --keep-going -b html -d build/doctrees docs build/docs
	@echo "build/docs/index.html"

# The wheel with its core dependencies and nothing else, in an environment and a folder of its own. The sdist has every file
# that is kept, every test can be imported there, and those that read its files run there.
package: $(INSTALLED) ## build the wheel and the sdist, check them, and recover with the wheel alone
	@rm -rf dist build/core
	@$(BIN)/python -m build --outdir dist . >/dev/null
	@$(BIN)/twine check --strict dist/*
	@$(BIN)/python -m venv build/core
	@build/core/bin/python -m pip install -qq --disable-pip-version-check --no-input \
		--constraint constraints.txt dist/*.whl
	@cp tests/packaging/core_only.py build/core/
	@cd build/core && bin/python -I -W error core_only.py
	@rm -rf build/sdist && mkdir build/sdist && tar -xzf dist/*.tar.gz -C build/sdist --strip-components 1
	@test ! -e .git || git ls-files -z | (cd build/sdist && xargs -0 ls -d >/dev/null)
	@cd build/sdist && export PYTHONPATH=src && \
		{ $(CURDIR)/$(BIN)/pytest -qq --collect-only >collected || { tail -n 50 collected; exit 1; }; } && \
		$(CURDIR)/$(BIN)/pytest -q tests/packaging tests/docs/test_charts.py tests/docs/test_parcours.py \
		tests/docs/test_reference.py tests/docs/test_requirements.py

clean: ## remove all that these targets made
	@rm -rf $(VENV) build dist msa-recovery-demo .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml constraints.txt
	@echo "Installing into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input \
		--constraint constraints.txt --editable '.[dev]'
	@touch $@

$(PEERS): $(INSTALLED)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input 'pip>=25.1'
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --constraint constraints.txt --group bench
	@touch $@

$(PROVIDER): $(wildcard tests/web/provider/*)
	@rm -rf $(@D)
	@mkdir -p $(@D)
	@cp tests/web/provider/* $(@D)
	@npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(WHEEL): $(INSTALLED) README.md LICENSE $(LIBRARY)
	@rm -rf $(@D)
	@$(BIN)/python -m pip wheel -qq --disable-pip-version-check --no-deps --wheel-dir $(@D) .
	@touch $@

# What the hosts of examples/ run in: the wheel, and what their READMEs install, and nothing of the tests.
$(HOSTS): $(WHEEL) $(REQUIREMENTS)
	@test $@ -nt $(INSTALLED) || $(BIN)/python -m venv --clear $(@D)
	@$(@D)/bin/python -m pip uninstall -qq --disable-pip-version-check --yes msa-recovery
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-compile \
		--constraint constraints.txt build/wheel/*.whl $(addprefix --requirement ,$(REQUIREMENTS))
	@touch $@

# The stamp is only set when every test passed; the coverage data is as fresh as the stamp. To measure halves the speed of
# what only computes, and those that are measured reach every line and branch of the two inner layers by themselves.
$(TESTED): $(INSTALLED) $(HOSTS) $(SOURCES)
	@mkdir -p $(@D)
	@$(BIN)/pytest --numprocesses auto --cov --cov-report= --cov-fail-under=0 --junit-xml=build/measured.xml $(MEASURED)
	@EXAMPLES_ENVIRONMENT=$(dir $(HOSTS)) $(BIN)/pytest --numprocesses $(WORKERS) --dist loadgroup --junit-xml=build/tests.xml \
		$(addprefix --ignore=,$(MEASURED))
	@touch $@
