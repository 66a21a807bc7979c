# Set-up, checks, tests and the demonstration; CONTRIBUTING.md explains them.
PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/.complete
DEMO := $(BIN)/towersearch
EXAMPLE := sqlite:///example/study.db

.PHONY: setup check test torture demo bench bench-search every-tuner example lock clean

setup: $(SETUP)

$(SETUP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else \
	"PYTHON: must be Python 3.11 to 3.13, got " + sys.version.split()[0] + "; for instance, make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(SETUP)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: setup
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# Kills a tiny study more than a hundred times, on every storage; docs/reliability.md.
torture: setup
	$(BIN)/python -m tests.torture

demo: setup
	@mkdir -p demo
	@if $(DEMO) status demo --storage sqlite:///demo/study.db >demo/status.txt 2>&1; \
	then $(DEMO) resume demo --storage sqlite:///demo/study.db --workers 2 --report demo/report.html; \
	else $(DEMO) run --name demo --data movielens-small --preset towers --trials 20 --workers 2 \
	  --storage sqlite:///demo/study.db --report demo/report.html; fi

# A study of MovieLens 100K and its report, example/report.html; needs TFDS_DATA_DIR or the network.
example: setup
	@mkdir -p example
	@if $(DEMO) status movielens-depth --storage $(EXAMPLE) >example/status.txt 2>&1; \
	then $(DEMO) resume movielens-depth --storage $(EXAMPLE) --workers 2 --report example/report.html; \
	else $(DEMO) run docs/example.toml --workers 2 --storage $(EXAMPLE) --report example/report.html; fi

# Measures the engine on MovieLens 100K and made-up data; docs/performance.md has its last result.
bench: setup
	$(BIN)/python -m benchmarks --json benchmarks.json

# Replays every tuner and pruner on recorded trials; docs/tuners.md shows the result.
bench-search: setup
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.searches

# Kills and resumes a study with every tuner; takes a quarter of an hour.
every-tuner: setup
	$(BIN)/python -m tests.torture.every_tuner

# Pins every version with its hashes; needs uv.
lock:
	uv pip compile pyproject.toml --extra demo --extra postgres --extra mysql --group dev --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --quiet --output-file requirements.lock

clean:
	rm -rf .venv demo example
