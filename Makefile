# The verbs of this repository. Each does its own set-up: Python 3.11 or newer is all that must be there.
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Its packages are for some systems only; without them inputs are made from the samples alone.
FUZZER := atheris==3.0.0

.PHONY: help run image manifests test fuzz conformance load e2e cluster cluster-down lint fix docs bench bench-server lock clean
.DEFAULT_GOAL := help

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run ## start the webhook over TLS with a certificate of its own, no cluster needed
	$(BIN)/seccomp-webhook serve --self-signed --tls-dir .local/tls --namespaces examples/namespaces.yaml \
	--config examples/configuration.yaml --profiles examples/profiles

test: $(VENV)/.test ## run the tests
	$(BIN)/python -m pytest --numprocesses 2 $(PYTEST_ARGS)

fuzz: $(VENV)/.test ## try 1,000,000 hostile inputs, or FUZZ_INPUTS, on reviews and on HTTP
	-$(INSTALL) --only-binary :all: $(FUZZER)
	$(BIN)/python -m tests.fuzz

conformance: $(VENV)/.test ## compare pods, requests and filters with the Go library and libseccomp (needs Go, libseccomp-dev)
	GO_PROGRAMS=require CONFORMANCE_PODS=$${CONFORMANCE_PODS:-100000} CONFORMANCE_REQUESTS=$${CONFORMANCE_REQUESTS:-20000} \
	CONFORMANCE_PROFILES=$${CONFORMANCE_PROFILES:-20000} \
	$(BIN)/python -m pytest -v tests/conformance/test_policy.py tests/conformance/test_admission.py \
	tests/conformance/test_configuration.py tests/conformance/test_libseccomp.py

load: $(VENV)/.test ## put the server under load, as API servers and those who mean no good do (needs Go)
	LOAD=full GO_PROGRAMS=require $(BIN)/python -m pytest -s tests/load/test_serving.py $(PYTEST_ARGS)

e2e: $(VENV)/.test ## run the webhook in a real cluster (builds Kubernetes the first time)
	$(BIN)/python -m tests.e2e build
	$(BIN)/python -m pytest tests/e2e $(PYTEST_ARGS)

cluster: $(VENV)/.test ## start a cluster with the webhook in it, and leave it running
	$(BIN)/python -m tests.e2e build
	$(BIN)/python -m tests.e2e up

cluster-down: ## stop that cluster
	$(BIN)/python -m tests.e2e down

lint: $(VENV)/.lint ## check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

fix: $(VENV)/.lint ## mend what of style can be mended by a program
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(VENV)/.run ## write the generated documents anew
	$(BIN)/python -m webhook.policy.reference > webhook/policy/checks/README.md
	$(BIN)/python -m webhook.mutation.reference > webhook/mutation/defaults/README.md
	$(BIN)/python -m webhook.config.schema > webhook/config/configuration.schema.json

manifests: $(VENV)/.test ## write deploy/ anew from the chart
	$(BIN)/python -m tools.manifests

image: $(VENV)/.test ## make the container image as an OCI archive, build/image.tar, without a container engine
	$(BIN)/python -m tools.image build/image.tar $(IMAGE_ARGS)

bench: $(VENV)/.test ## measure, and print the figures that the README names
	$(BIN)/python -m benchmarks

bench-server: $(VENV)/.bench ## compare servers, and Kubernetes' own webhook (needs Go; BENCH_ARGS, see --help)
	$(BIN)/python -m benchmarks serving --candidates all --rates 0,500,1000 $(BENCH_ARGS)

lock: ## pin the newest versions of everything in constraints.txt
	tools/make-venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check '.[test,lint]'
	{ echo '# The versions that are tested, for every install of this repository. Made anew by `make lock`.'; \
	  build/lock/bin/python -m pip freeze --exclude seccomp-webhook | sort --ignore-case; } > constraints.txt

clean: ## remove what the verbs made
	rm -rf $(VENV) .cache .local .hypothesis .mypy_cache .pytest_cache .ruff_cache build *.egg-info

$(VENV)/bin/python:
	tools/make-venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing what the program needs into $(VENV): once, and it takes a minute."
	$(INSTALL) --editable .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.bench: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable '.[test,bench]'
	@touch $@ $(VENV)/.test $(VENV)/.run

$(VENV)/.lint: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable '.[test,lint]'
	@touch $@ $(VENV)/.test $(VENV)/.run
