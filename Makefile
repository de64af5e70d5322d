# What there is to run. `make` alone lists it.

PYTHON ?= python3
VENV = .venv/bin
INSTALLED = .venv/.installed
PROCESSES ?= 2

OUTREACH_POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/postgres
OUTREACH_RABBITMQ_URL ?= amqp://guest:guest@127.0.0.1:5672//
OUTREACH_REDIS_URL ?= redis://127.0.0.1:6379/0
HYPOTHESIS_PROFILE ?= ci
export OUTREACH_POSTGRES_URL OUTREACH_RABBITMQ_URL OUTREACH_REDIS_URL HYPOTHESIS_PROFILE

ON_POSTGRES = DATABASE_URL="$(OUTREACH_POSTGRES_URL)"
CI = lint types layers migrations check services test-postgres test-broker test-browser demo-once \
     test-package matrix-newest

.PHONY: help install demo demo-once test ci matrix bench bench-page bench-sync format clean $(CI)

help:
	@echo "make demo         install and start the demo; ONCE=1 plays its story and stops"
	@echo "make test         all tests that need nothing but Python"
	@echo "make ci           the rest, each also a target of its own:"
	@echo "    lint            style"
	@echo "    types           strict types"
	@echo "    layers          rooms import only from rooms before them"
	@echo "    migrations      none is missing"
	@echo "    check           Django's system checks"
	@echo "    services        PostgreSQL, RabbitMQ and Redis answer"
	@echo "    test-postgres   all tests again on PostgreSQL, with those that only it can run"
	@echo "    test-broker     a real worker, over RabbitMQ and over Redis"
	@echo "    test-browser    the whole path in Chromium"
	@echo "    demo-once       the demo's story, from nothing"
	@echo "    test-package    the wheel, built, installed elsewhere and migrated"
	@echo "    matrix-newest   the newest Python and Django, some of the tests"
	@echo "make matrix       every Python, Django and database, about 40 minutes; see docs/matrix.md"
	@echo "make bench        audiences of 10,000 to 1,000,000 people, against SQL written by hand"
	@echo "make bench-page   how long the preference page takes, against a bare page of Django's"
	@echo "make bench-sync   how long 200,000 contacts take to read, against a bare loop"
	@echo "make format       format the code"
	@echo "make clean        remove the environment, the demo's data and all caches"
	@echo
	@echo "PYTHON=$(PYTHON) makes the environment; it has to be 3.11 or later."

install: $(INSTALLED)

$(INSTALLED): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "outreach needs Python 3.11 or later, and $(PYTHON) is not." >&2; \
	    echo "Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make an environment. On Debian: apt-get install python3-venv" >&2; \
	    exit 1; }
	@$(VENV)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	    $(PYTHON) -m venv --clear .venv
	$(VENV)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $(INSTALLED)

demo: $(INSTALLED)
	@$(VENV)/python -m project.demo $${ONCE:+--once}

# In a place and on ports of its own: it begins with nothing, and leaves a demo at work alone.
demo-once: $(INSTALLED)
	@data=$$(mktemp -d); trap 'rm -rf "$$data"' EXIT; \
	    DEMO_DATA="$$data" DEMO_PORT=18000 DEMO_MAILBOX_PORT=18026 \
	    $(MAKE) --no-print-directory demo ONCE=1

test: $(INSTALLED)
	$(VENV)/python -m pytest -n $(PROCESSES)

# Each step in turn, with its time; the first that fails ends it.
ci: $(INSTALLED)
	@for step in $(CI); do \
	    echo; echo "== $$step"; began=$$(date +%s); \
	    $(MAKE) --no-print-directory $$step || { echo "== $$step failed" >&2; exit 1; }; \
	    echo "== $$step took $$(($$(date +%s) - began)) s"; \
	done

lint: $(INSTALLED)
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .

types: $(INSTALLED)
	$(VENV)/mypy

layers: $(INSTALLED)
	$(VENV)/lint-imports --no-logo

migrations: $(INSTALLED)
	DATABASE_URL=sqlite://:memory: $(VENV)/python manage.py makemigrations --check --dry-run

check: $(INSTALLED)
	$(VENV)/python manage.py check --fail-level WARNING

services: $(INSTALLED)
	@$(VENV)/python .ci/services.py

test-postgres: $(INSTALLED)
	$(ON_POSTGRES) $(VENV)/python -m pytest -n $(PROCESSES)

test-broker: $(INSTALLED)
	$(ON_POSTGRES) $(VENV)/python -m pytest -m broker

test-browser: $(INSTALLED)
	$(VENV)/python -m pytest -m "browser or demo"

test-package: $(INSTALLED)
	$(VENV)/python -m pytest -m package

# ONLY="--python 3.12 --database sqlite" runs a part of it.
matrix: $(INSTALLED)
	@$(VENV)/python .ci/matrix.py $(ONLY)

matrix-newest: $(INSTALLED)
	@$(VENV)/python .ci/matrix.py --python 3.13 --django 6.1 --database sqlite --quick

# On SQLite and on PostgreSQL; ends with 1 where a bound is missed. ONLY="10000 100000" takes these
# sizes alone, and then leaves benchmarks/latest.json as it is.
bench: $(INSTALLED)
	$(VENV)/python -m benchmarks.freeze $(if $(ONLY),--sizes $(ONLY),--write)

# On SQLite and on PostgreSQL; ends with 1 where a bound is missed. ONLY=20000 takes fewer contacts.
bench-sync: $(INSTALLED)
	$(VENV)/python -m benchmarks.sync $(ONLY)
	$(ON_POSTGRES) $(VENV)/python -m benchmarks.sync $(ONLY)

# On SQLite and on PostgreSQL; ends with 1 where the bound is missed. ONLY=50 takes fewer pairs.
bench-page: $(INSTALLED)
	$(VENV)/python -m benchmarks.pages $(ONLY)
	$(ON_POSTGRES) $(VENV)/python -m benchmarks.pages $(ONLY)

format: $(INSTALLED)
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

clean:
	rm -rf .venv .demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
