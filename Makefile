# The verbs of this repository. Each does its own set-up: Python 3.11 or newer is all that must be there.
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
GO_ORACLE_PODS ?= 100000

.PHONY: help run test lint fix docs bench conformance clean
.DEFAULT_GOAL := help

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run ## start the webhook over TLS with a certificate of its own, no cluster needed
	$(BIN)/seccomp-webhook serve --self-signed --tls-dir .local/tls --namespaces examples/namespaces.yaml

test: $(VENV)/.test ## run the tests
	$(BIN)/python -m pytest --numprocesses 2 $(PYTEST_ARGS)

lint: $(VENV)/.lint ## check style, types and generated files
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

fix: $(VENV)/.lint ## mend what of style can be mended by a program
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(VENV)/.run ## write the generated documents anew
	$(BIN)/python -m webhook.policy.reference > webhook/policy/checks/README.md

bench: $(VENV)/.test ## measure, and print the figures that the README names
	$(BIN)/python -m benchmarks

clean: ## remove what the verbs made
	rm -rf $(VENV) .cache .local .hypothesis .mypy_cache .pytest_cache .ruff_cache build *.egg-info

$(VENV)/bin/python:
	tools/make-venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.lint: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable '.[test,lint]'
	@touch $@ $(VENV)/.test $(VENV)/.run
