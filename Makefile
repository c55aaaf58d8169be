PYTHON ?= python3.11
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python

.PHONY: app test bench check clean

app: $(VENV)/app.stamp $(if $(GPU),$(VENV)/gpu.stamp)
	$(BIN)/python -m streamlit run dashboard/app.py --server.port $(PORT)

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest

check: $(VENV)/test.stamp
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

bench: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.9.30

$(VENV)/app.stamp: requirements.txt pyproject.toml | $(BIN)/uv
	@echo "Installing (about a minute) ..."
	$(UV) -r requirements.txt
	@touch $@

$(VENV)/test.stamp: $(VENV)/app.stamp
	$(UV) -e '.[test]'
	@touch $@

$(VENV)/gpu.stamp: $(VENV)/app.stamp
	$(UV) "tensorflow[and-cuda]==$$(sed -n 's/^tensorflow==//p' requirements.txt)"
	@touch $@

clean:
	rm -rf $(VENV)
