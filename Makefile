# Everything there is to do here: `make help`.
.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name))))
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
RUN_STAMP := .venv/installed
DEV_STAMP := .venv/installed-dev
# Each core has a process of its own: threads for linear algebra would wait for one another. Masking takes half the time.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help
help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1m%-18s\033[0m %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: $(RUN_STAMP) ## Start Otklik on http://127.0.0.1:8501 (PORT, OTKLIK_DATA, DATABASE_URL are honoured)
	@exec $(BIN)/otklik run

.PHONY: install
install: $(RUN_STAMP) ## Make the environment in .venv, without starting anything

.PHONY: install-dev
install-dev: $(DEV_STAMP) ## The environment with what tests and lint need

# Each leg says how long it took.
timed = @start=$$(date +%s); $(2) || exit $$?; echo "$(1): $$(($$(date +%s) - start)) s"

# A file at a time to each core, in the order that tests/conftest.py gives them.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

.PHONY: test
test: $(DEV_STAMP) chromium nginx postgresql15 mariadb ## Run every test, browsers included, and the database's again on PostgreSQL 15
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT INT TERM && chmod 755 "$$folder" && export TEST_RUN_FOLDER="$$folder" \
		&& $(MAKE) test-parallel && $(MAKE) --output-sync=target -j2 test-serial test-postgresql15

.PHONY: test-parallel
test-parallel: $(DEV_STAMP) chromium nginx postgresql15 mariadb ## Run the tests that share the machine: all but the serial browser tests
	$(call timed,Tests in parallel,$(BIN)/pytest $(PARALLEL) -m "not serial")

.PHONY: test-fast
test-fast: $(DEV_STAMP) ## Run the tests of the inner loop: no browser, no second server, nothing slow
	$(call timed,Fast tests,$(BIN)/pytest $(PARALLEL) -m "not browser and not second_server and not slow")

.PHONY: test-serial
test-serial: $(DEV_STAMP) chromium ## Run the browser tests on the shared demo, one after the other
	$(call timed,Serial browser tests,$(BIN)/pytest -m serial tests/browser)

.PHONY: test-postgresql15
test-postgresql15: $(DEV_STAMP) postgresql15 ## Run the database tests through DATABASE_URL on PostgreSQL 15
	$(call timed,PostgreSQL 15,nice $(BIN)/python -m tests.support.servers.postgresql15)

.PHONY: lint
lint: $(DEV_STAMP) ## Check the code: rules, formatting, layers, types
	$(call timed,Lint,$(MAKE) --output-sync=target -j2 lint-types lint-rules)

.PHONY: lint-rules
lint-rules: $(DEV_STAMP)
	@$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/lint-imports

.PHONY: lint-types
lint-types: $(DEV_STAMP)
	@$(BIN)/mypy

.PHONY: shots
shots: $(DEV_STAMP) chromium ## Take the screenshots of every page for the README
	$(BIN)/python -m tests.support.screens.screenshots

.PHONY: docs
docs: $(DEV_STAMP) ## Write docs/figures.md and docs/settings.md from what they document
	@for page in figures settings; do $(BIN)/otklik $$page >docs/$$page.md.new && mv docs/$$page.md.new docs/$$page.md || exit 1; done

.PHONY: schema
schema: $(DEV_STAMP) ## Write otklik/database/schema.txt, after a migration was added
	$(BIN)/python -m tests.support.servers.schema

.PHONY: messages
messages: $(DEV_STAMP) ## Collect the strings to translate and merge them into the catalogues in locale/
	@strings=$$(mktemp) && $(BIN)/pybabel --quiet extract --mapping-file locale/babel.cfg --keyword _ --keyword N_ \
		--keyword ngettext:1,2 --no-location --sort-output --output-file $$strings . \
		&& $(BIN)/pybabel --quiet update --domain otklik --input-file $$strings --output-dir locale --no-wrap \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date; status=$$?; rm -f $$strings; exit $$status

.PHONY: audit
audit: $(DEV_STAMP) ## Ask whether a locked package has a known weakness
	@said=$$(mktemp); \
	if $(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements-dev.txt >$$said 2>&1; \
	then echo "No locked package has a known weakness."; status=0; \
	elif grep -q "^Found " $$said; then cat $$said >&2; status=1; \
	else tail -n 1 $$said >&2; status=1; \
		echo "Not every package was checked: the index that knows of weaknesses can't be reached from here, or doesn't know one. Run this where it can be." >&2; \
	fi; rm -f $$said; exit $$status

.PHONY: clean
clean: ## Remove the environment and every cache; the data folder stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Otklik needs Python 3.11 or newer: install it, or say where it is with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "Python's venv module is missing: on Debian, apt-get install python3-venv" >&2; exit 1; }

$(RUN_STAMP): requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes --requirement requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m components.streamlit_compat.frontend_files
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	$(PIP) install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

# What a test needs of the system is installed where we may, and asked for where we may not.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || $(call debian,chromium libgl1-mesa-dri libegl1)
	@command -v chromium >/dev/null || { echo "The browser tests need Chromium: apt-get install chromium libgl1-mesa-dri libegl1" >&2; exit 1; }

.PHONY: nginx
nginx:
	@PATH=$$PATH:/usr/sbin command -v nginx >/dev/null || $(call debian,nginx-light)
	@PATH=$$PATH:/usr/sbin command -v nginx >/dev/null || { echo "The tests of several processes need nginx: apt-get install nginx-light" >&2; exit 1; }

POSTGRESQL15 ?= /usr/lib/postgresql/15/bin
export POSTGRESQL15
.PHONY: postgresql15
postgresql15:
	@test -x $(POSTGRESQL15)/postgres || $(call debian,postgresql-15)
	@test -x $(POSTGRESQL15)/postgres || { echo "These tests need PostgreSQL 15: apt-get install postgresql-15, or say where its programs are with POSTGRESQL15=…" >&2; exit 1; }

.PHONY: mariadb
mariadb:
	@PATH=$$PATH:/usr/sbin command -v mariadbd >/dev/null || $(call debian,mariadb-server)
	@PATH=$$PATH:/usr/sbin command -v mariadbd >/dev/null || { echo "The tests of data sources need MariaDB: apt-get install mariadb-server" >&2; exit 1; }

# Installs packages as root or with a sudo that asks nothing; leaves the complaint to the next line.
define debian
{ if test "$$(id -u)" = 0; then as=; else as="sudo -n"; fi; \
  command -v apt-get >/dev/null && $$as true 2>/dev/null \
  && $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends $(1) >/dev/null; true; }
endef
