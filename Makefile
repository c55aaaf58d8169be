PYTHON ?= python3.11
PORT ?= 8501
TENSORFLOW := $(shell sed -n 's/^tensorflow==//p' requirements.txt)
VENV := .venv
BIN := $(VENV)/bin
# uv is several times faster; pip knows the registries and certificates of its own settings
install = $(BIN)/uv pip install --quiet --python $(BIN)/python $(1) || $(BIN)/python -m pip install --quiet $(1)

# every process of a test would otherwise compile pandas, Streamlit and TensorFlow anew: seconds each
unexport PYTHONDONTWRITEBYTECODE

.PHONY: app test fuzz bench check clean

app: $(VENV)/app.stamp $(if $(GPU),$(VENV)/gpu.stamp)
	$(BIN)/python -m streamlit run dashboard/app.py --server.port $(PORT)

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not fuzz"

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
