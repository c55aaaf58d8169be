PYTHON ?= python3.11
PORT ?= 8501
HOST ?= 127.0.0.1
TENSORFLOW := $(shell sed -n 's/^tensorflow==//p' requirements.txt)
VENV := .venv
BIN := $(VENV)/bin
# uv is several times faster; pip knows the registries and certificates of its own settings
install = $(BIN)/uv pip install --quiet --python $(BIN)/python $(1) || $(BIN)/python -m pip install --quiet $(1)

OPENED := Open on $(HOST): whoever reaches this machine may$(if $(PNEUMOLENS_SHARED), upload films and look at the results; docs/share.md says what else to set up., train and stop trainings, and see the images and tables of any folder; PNEUMOLENS_SHARED=1 closes that, see docs/share.md.)

# every process of a test would otherwise compile pandas, Streamlit and TensorFlow anew: seconds each
unexport PYTHONDONTWRITEBYTECODE

.PHONY: app test test-fast fuzz bench check clean

app: $(VENV)/app.stamp $(if $(GPU),$(VENV)/gpu.stamp)
	@$(if $(filter-out 127.0.0.1 localhost ::1,$(HOST)),echo "$(OPENED)")
	$(BIN)/python -m streamlit run dashboard/app.py --server.port $(PORT) --server.address $(HOST)$(if $(filter-out 127.0.0.1 localhost ::1,$(HOST)), --server.allowedHosts '*')

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not fuzz"

test-fast: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not (fuzz or slow or browser)"

fuzz: $(VENV)/test.stamp
	$(BIN)/python -m pytest -m fuzz --durations=20

check: $(VENV)/test.stamp
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

bench: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.9.30

$(VENV)/app.stamp: requirements.txt pyproject.toml | $(BIN)/uv
	@echo "Installing (about a minute) ..."
	$(call install,-r requirements.txt)
	@touch $@

$(VENV)/test.stamp: $(VENV)/app.stamp
	$(call install,-e '.[test]')
	@touch $@

$(VENV)/gpu.stamp: $(VENV)/app.stamp
	$(call install,"tensorflow[and-cuda]==$(TENSORFLOW)")
	@touch $@

clean:
	rm -rf $(VENV)
