# `make install` leaves .venv/bin/relance; `make demo` shows it at work. The other targets are for those who build it.

RELANCE = .venv/bin/relance
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet
PYTEST = .venv/bin/python -m pytest -q
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" pyproject.toml
LINTED = relance tests tools bench

unexport PYTHONDONTWRITEBYTECODE # hundreds of programs start in the tests: what is compiled for one is there for the next

.PHONY: install demo test lint messages spec proof bench lock

install: .venv/installed

demo: install
	$(RELANCE) demo --serve

test: .venv/developing
	$(PYTEST) -n 2 -m "not proof" --durations=20
	@if .venv/bin/python tests/postgres.py; \
	then TEST_DATABASE=postgresql $(PYTEST) -n 2 -m "not proof" --durations=20; \
	else echo "The suite did not run on PostgreSQL."; fi

lint: .venv/developing
	.venv/bin/ruff check $(LINTED)
	.venv/bin/ruff format --check $(LINTED)
	RELANCE_HOME=.mypy_cache/home .venv/bin/mypy --strict --cache-dir .mypy_cache/strict -p relance.core -p relance.importers
	RELANCE_HOME=.mypy_cache/home .venv/bin/mypy
	.venv/bin/lint-imports

messages: .venv/developing
	.venv/bin/python tools/messages.py

spec: .venv/developing
	.venv/bin/python tools/spec.py

# What takes long: commands killed by the dozen, and every property on many times as many examples.
proof: .venv/developing
	$(PYTEST) -n 2 -m "proof or hypothesis" --hypothesis-profile=proof

bench: .venv/developing
	@for file in $$(grep -l __main__ bench/*.py); do echo "== $$file"; .venv/bin/python $$file || exit 1; done

# The newest versions that pyproject.toml allows, with the hashes of their files.
lock: .venv/developing
	$(COMPILE) --upgrade --group build --output-file requirements.txt
	$(COMPILE) --constraints requirements.txt --group build --group dev --output-file requirements-dev.txt

.venv/bin/python:
	@for python in python3.11 python3; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then exec $$python -m venv .venv; fi; \
	done; echo "Relance needs Python 3.11 or newer." >&2; exit 1

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/developing: requirements-dev.txt .venv/installed
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
