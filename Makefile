# The commands. `make` alone lists them. Needs Python 3.11 or newer, installs the rest into .venv.
PORT ?= 8501
OUT ?= build/atlas
VENV_PYTHON = .venv/bin/python
CODE = $(wildcard app.py geodata components pages exports tools tests)

.DEFAULT_GOAL := help
.PHONY: help run test test-readers check bench shots publish boundaries clean setup setup-dev browser

help:
	@echo "make run [PORT=8501]   start the dashboard (GEODATA=folder shows another ledger)"
	@echo "make test              everything: check, tests, tests in a real browser"
	@echo "make test-readers      open what leaves with GDAL, LibreOffice, Poppler, FFmpeg, and R where it is here"
	@echo "make check             the data, the linter, the formatter, the types"
	@echo "make bench             measure, beside three other ways to show dated markers (15 minutes and more)"
	@echo "make publish [OUT=build/atlas]   a folder that any web server serves: map, clock, words, data"
	@echo "make shots             take the pictures of the README"
	@echo "make boundaries        rebuild the boundary files from their pinned source"
	@echo "make clean             remove .venv and everything else that was made here"

# exec: Ctrl+C reaches the server itself.
run: setup
	@exec $(VENV_PYTHON) -m streamlit run app.py --server.port "$(PORT)"

test: setup-dev browser check
	$(VENV_PYTHON) -m pytest -n 2 -m "not browser and not readers"
	$(VENV_PYTHON) -m pytest -n 2 --dist worksteal -m browser
	@echo "Left out: tests/readers, which need GDAL, LibreOffice, Poppler and FFmpeg; make test-readers runs them."

test-readers: setup-dev
	@$(VENV_PYTHON) -m tools.readers

check: setup-dev
	$(VENV_PYTHON) -m geodata check
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy $(CODE)

bench: setup-dev browser
	$(VENV_PYTHON) -m tools.bench

shots: setup-dev browser
	$(VENV_PYTHON) -m tools.shots

publish: setup
	@$(VENV_PYTHON) -m exports publish --out "$(OUT)"

boundaries: setup-dev
	$(VENV_PYTHON) -m tools.boundaries

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@sh tools/setup.sh requirements.txt

setup-dev:
	@sh tools/setup.sh requirements.txt requirements-dev.txt

browser: setup-dev
	@$(VENV_PYTHON) -m tools.browser
