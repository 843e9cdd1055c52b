PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check fix bench bench-pairing lock

demo: .venv/ready
	@$(BIN)/counterfoil demo

# A file stays in one process, which makes what its tests share once.  In the order of the
# files, because the largest number of tests is not the longest time.
test: .venv/ready-dev
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

# Changes nothing; runs every check even after one fails, and ends with how many failed.
check: .venv/ready-dev
	@failed=0; \
	for command in "ruff check" "ruff format --check" "mypy" "lint-imports" \
	    "python docs/generate.py --check"; do \
	    echo "== $$command"; $(BIN)/$$command || failed=$$((failed + 1)); \
	done; \
	echo "$$failed checks failed"; test $$failed -eq 0

fix: .venv/ready-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/python docs/generate.py

# A night with little history and with much, and intake by format, into docs/benchmarks.md.
bench: .venv/ready-dev
	@$(BIN)/python -m bench

# Pairing beside its limit and beside Splink, into docs/benchmarks.md; ARGS are its options.
bench-pairing: .venv/ready-dev
	@$(BIN)/python -m bench.pairing $(ARGS)

lock: .venv/ready-dev
	@$(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	    --generate-hashes --no-header --quiet -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev -c requirements.lock --universal \
	    --python-version 3.11 --generate-hashes --no-header --quiet -o requirements-dev.lock

# One folder of its own; each lock file is installed again only when it changes.  Modules are
# compiled by all cores afterwards, which pip does one by one; what does not compile is not used.
define install
	@$(PYTHON) -c 'import sys; sys.exit("Counterfoil needs Python 3.11 or newer: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what Counterfoil needs into .venv from $< (about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-compile -r $<
	@$(BIN)/python -m compileall -qq -j 0 .venv/lib || true
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
endef

.venv/ready: requirements.lock pyproject.toml
	$(install)

.venv/ready-dev: requirements-dev.lock pyproject.toml
	$(install)
	@touch .venv/ready
