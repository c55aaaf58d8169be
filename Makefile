PYTHON ?= python3.11
PORT ?= 8501
HOST ?= 127.0.0.1
TENSORFLOW := $(shell sed -n 's/^tensorflow==//p' requirements.txt)
LOGIN ?= $(wildcard .streamlit/secrets.toml)
AUDIT := .venv-audit
VENV := .venv
BIN := $(VENV)/bin
# uv is several times faster; pip knows the registries and certificates of its own settings. Both refuse a file of another checksum.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || $(BIN)/python -m pip install --quiet --require-hashes -r $(1)
lock = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-package pneumolens \
	--no-annotate --custom-compile-command 'make lock' $(1)

OPENED := Open on $(HOST): whoever reaches this machine may$(if $(PNEUMOLENS_SHARED), upload films and look at the results; docs/share.md says what else to set up., train and stop trainings, and see the images and tables of any folder; PNEUMOLENS_SHARED=1 closes that, see docs/share.md.)

# every process of a test would otherwise compile pandas, Streamlit and TensorFlow anew: seconds each
unexport PYTHONDONTWRITEBYTECODE

.PHONY: app cluster test test-fast test-long test-cluster coverage fuzz bench check docs lock audit-deps clean

app: $(VENV)/app.stamp $(if $(GPU),$(VENV)/gpu.stamp) $(if $(LOGIN),$(VENV)/login.stamp)
	@$(if $(filter-out 127.0.0.1 localhost ::1,$(HOST)),echo "$(OPENED)")
	$(BIN)/python -m streamlit run dashboard/app.py --server.port $(PORT) --server.address $(HOST)$(if $(filter-out 127.0.0.1 localhost ::1,$(HOST)), --server.allowedHosts '*')

# searches of settings, and work on several machines
cluster: $(VENV)/cluster.stamp

test: $(VENV)/compiled.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not (fuzz or long or cluster)"

test-fast: $(VENV)/compiled.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not (fuzz or long or cluster or slow or browser)"

# apart from `test`, which it would slow; a figure to look at, not to reach
coverage: $(VENV)/compiled.stamp
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not (fuzz or cluster or browser)" --cov=core --cov=dashboard --cov-report=term:skip-covered

test-long: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "long and not (fuzz or cluster)"

# Ray on this machine, with two nodes of which one is killed: minutes
test-cluster: $(VENV)/test.stamp $(VENV)/cluster.stamp
	$(BIN)/python -m pytest -m cluster tests/core/workers/test_safety.py  # alone: it looks for the cluster of this machine
	$(BIN)/python -m pytest -m cluster --durations=20 --ignore tests/core/workers/test_safety.py

fuzz: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n 3 -m fuzz --durations=20

check: $(VENV)/test.stamp
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports && $(BIN)/mypy

bench: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks

docs: $(VENV)/app.stamp
	$(BIN)/python -m docs.build

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' supply/locks/app.txt > $(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt

$(VENV)/app.stamp: supply/locks/app.txt pyproject.toml | $(BIN)/uv
	@echo "Installing (about a minute) ..."
	$(call install,supply/locks/app.txt)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/%.stamp: supply/locks/%.txt $(VENV)/app.stamp
	$(call install,$<)
	@touch $@

# what the tests import, compiled once: workers that begin together would each compile all of it, with their servers and trainings
$(VENV)/compiled.stamp: $(VENV)/test.stamp
	$(BIN)/python -m pytest --collect-only -q > $(VENV)/collected.txt || (tail -30 $(VENV)/collected.txt; exit 1)
	@touch $@

# the newest releases that requirements.txt and pyproject.toml allow, unless a lock names an older one that they allow too: UPGRADE=1 forgets it
lock: | $(BIN)/uv
	$(call lock,$(if $(UPGRADE),--upgrade) requirements.txt -o supply/locks/app.txt)
	for extra in test login cluster; do $(call lock,$(if $(UPGRADE),--upgrade) pyproject.toml --extra $$extra -c supply/locks/app.txt -o supply/locks/$$extra.txt); done
	$(call lock,$(if $(UPGRADE),--upgrade) pyproject.toml --extra audit -o supply/locks/audit.txt)
	echo "tensorflow[and-cuda]==$(TENSORFLOW)" | $(call lock,$(if $(UPGRADE),--upgrade) - -c supply/locks/app.txt -o supply/locks/gpu.txt)

audit-deps: $(VENV)/test.stamp $(AUDIT)/stamp
	$(BIN)/python -m supply $(AUDIT)/bin/pip-audit $(ADVISORIES)

$(AUDIT)/stamp: supply/locks/audit.txt | $(BIN)/uv
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r supply/locks/audit.txt
	@touch $@

clean:
	rm -rf $(VENV) $(AUDIT)
