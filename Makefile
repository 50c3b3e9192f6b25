# Hark. `make` alone lists what can be made. Needs Python 3.11 or newer; everything else goes into .venv.

PYTHON3 ?= python3
VENV    := .venv
PYTHON  := $(VENV)/bin/python
READY   := $(VENV)/ready
SAM     := .local/sam/bin/sam
POSTURE := .local/posture/ready
PORT    ?= 8080
export PYTHONPATH := $(CURDIR):$(CURDIR)/layers/hark
export SAM_CLI_TELEMETRY := 0

CODE := layers/hark/hark functions infra tests

.DEFAULT_GOAL := help
.PHONY: help run play test lint types rules posture unit e2e played simulate drill kill n-1 bench bench-ui build lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY)  ## the whole desk on this machine, until Ctrl-C (PORT=8080)
	@$(PYTHON) -m infra.local --port $(PORT)

play: $(READY)  ## a believable day for the desk of `make run`
	@$(PYTHON) -m infra.local.day

test: lint unit simulate e2e build  ## the gate: the next ones, and the build

lint: $(READY) $(POSTURE) $(SAM)  ## format and style; then the next three, two at a time
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	@$(MAKE) --no-print-directory --jobs 2 posture types rules

types: $(READY)  ## types of everything
	$(PYTHON) -m mypy $(CODE)

rules: $(READY)  ## our own rules for template and workflow, and cfn-lint on both forms of it
	$(PYTHON) -m infra.lint

posture: $(READY) $(POSTURE) $(SAM)  ## what foreign tools say of template, policies and code, and of planted mistakes; licences
	$(PYTHON) -m pytest tests/posture

unit: $(READY)  ## tests without the local cloud or a browser (units, integration on moto, rules); every permission is used
	rm -rf $(CALLED)
	HARK_CALLED=$(CALLED) $(PYTHON) -m pytest -n 2 --dist worksteal -m "not e2e"
	$(PYTHON) -m infra.lint.permissions $(CALLED)

CALLED := .local/called

e2e: $(READY)  ## the local cloud and a real browser
	$(PYTHON) -m pytest --reruns 1 --only-rerun '$(CLOCK)' tests/e2e --ignore tests/e2e/test_kill.py

# What a busy machine alone can make fail is tried once more, and told; a wrong answer is not.
CLOCK := TimeoutError|ReadTimeout|Timeout [0-9]+ms exceeded|Locator expected|Page expected

played: $(READY)  ## two hundred cases through the whole workflow: what the desk shows is what ran (2 minutes; the gate plays 50)
	HARK_PLAYED=200 $(PYTHON) -m pytest tests/e2e/test_lit_path.py

SEEDS := 500
FROM  := 1

simulate: $(READY)  ## stormy days of the whole desk in virtual time, and its protections switched off one by one (SEEDS=500 FROM=1)
	$(PYTHON) -m infra.simulation --seeds $(SEEDS) --from $(FROM) --mutants $(if $(REPORT),--report infra/reliability/simulated.md)

drill: $(READY)  ## lose a stack and restore its export into another one, on this machine (3 minutes; not in the gate)
	$(PYTHON) -m infra.drill

kill: $(READY)  ## kill every function between any two writes, on an idle machine (5 minutes; not in the gate)
	$(PYTHON) -m pytest tests/e2e/test_kill.py

n-1: $(READY)  ## an earlier version's data with this code, and this one's data with that code (4 minutes; needs the history)
	$(PYTHON) -m infra.earlier

bench: $(READY)  ## import time of the webhook against its bound
	@$(PYTHON) -m infra.bench.webhook_import

bench-ui: $(READY)  ## the desk in a browser with 100 and 10,000 cases against its budgets, on an idle machine (6 minutes)
	@$(PYTHON) -m infra.bench.desk

build: $(READY) $(SAM)  ## what `sam deploy` takes: validated template, layers, functions
	$(SAM) validate --lint --region us-east-1
	PYTHON=$(CURDIR)/$(PYTHON) $(SAM) build
	$(PYTHON) -m infra.lint.layers

lock: $(READY)  ## pin all packages anew, from pyproject.toml and infra/*.in
	$(VENV)/bin/uv pip compile $(LOCKING) --universal --python-version 3.11 --extra dev -o requirements.lock pyproject.toml
	$(VENV)/bin/uv pip compile $(LOCKING) --python-platform aarch64-manylinux_2_28 --python-version 3.13 \
	  --constraint requirements.lock -o layers/vendor/requirements.txt pyproject.toml
	$(VENV)/bin/uv pip compile $(LOCKING) --universal --python-version 3.11 -o infra/sam.lock infra/sam.in
	$(VENV)/bin/uv pip compile $(LOCKING) --universal --python-version 3.11 -o infra/posture.lock infra/posture.in

LOCKING := --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url

clean:  ## remove everything that can be made again
	rm -rf $(VENV) .local .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find $(CODE) -name __pycache__ -prune -exec rm -rf {} +

# uv installs in seconds what takes pip a minute; pip takes over where uv finds no registry.
$(READY): requirements.lock
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hark needs Python 3.11 or newer: make PYTHON3=…")'
	$(PYTHON3) -m venv $(VENV)
	awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements.lock > $(VENV)/uv.lock
	$(PYTHON) -m $(PIP) --requirement $(VENV)/uv.lock
	$(VENV)/bin/uv pip install --quiet --python $(PYTHON) --require-hashes --requirement requirements.lock \
	  || $(PYTHON) -m $(PIP) --requirement requirements.lock
	@touch $@

PIP := pip install --quiet --disable-pip-version-check --require-hashes

$(SAM): infra/sam.lock $(READY)
	$(PYTHON3) -m venv .local/sam
	$(VENV)/bin/uv pip sync --quiet --python .local/sam/bin/python --require-hashes infra/sam.lock
	@touch $@

$(POSTURE): infra/posture.lock $(READY)
	$(PYTHON3) -m venv .local/posture
	$(VENV)/bin/uv pip sync --quiet --python .local/posture/bin/python --require-hashes infra/posture.lock
	@touch $@
