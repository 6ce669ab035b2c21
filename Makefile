# Allt som behövs är Python 3.11 eller senare, make och git. Det första kommandot ordnar resten.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help report test test-lab test-everywhere keyfigures lab screenshots lint format types clean

# Tomma värden betyder programmets egna förval.
REGION ?=
YEAR ?=
COMPARE ?=
BASE_YEAR ?=

# Den första av dessa som verkligen går att köra och är ny nog.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)

# Vägarna är relativa, så att projektet får ligga i en mapp med mellanslag i namnet.
VENV := .venv
RUN := $(VENV)/bin/python -m
REPORT = $(strip $(RUN) affarsplan_data report $(if $(REGION),--region "$(REGION)") $(if $(YEAR),--year "$(YEAR)") $(if $(COMPARE),--compare "$(COMPARE)") $(if $(BASE_YEAR),--base-year "$(BASE_YEAR)"))
PIP := $(RUN) pip install --quiet --disable-pip-version-check --no-input

help: ## visa den här listan
	@echo "Kommandon:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@echo "Exempel: make report REGION=04 YEAR=2026"

report: $(VENV)/.installed ## ta fram rapporten (REGION=, YEAR=, COMPARE=, BASE_YEAR=)
	$(REPORT)

test: $(VENV)/.installed-dev ## kör alla prov, även anteckningsböckerna
	$(RUN) affarsplan_data build
	$(RUN) pytest -n auto --dist loadfile --nbval-lax --nbval-current-env tests notebooks

test-lab: ## kör anteckningsböckerna i en riktig JupyterLab (kräver Chromium)
	$(MAKE) VENV=.venv-lab .venv-lab/.installed-test-lab
	.venv-lab/bin/python -m affarsplan_data build
	.venv-lab/bin/python -m pytest -m lab tests/test_jupyterlab.py

test-everywhere: ## kör alla böcker för fem regioner, på utgåvan och på påhittade uppgifter (lång tid)
	$(MAKE) VENV=.venv-lab .venv-lab/.installed-test-lab
	.venv-lab/bin/python -m tests.everywhere

keyfigures: $(VENV)/.installed-dev ## räkna om de nyckeltal i böckerna som provet jämför med
	$(RUN) tests.keyfigure_cells

lab: $(VENV)/.installed-lab ## öppna anteckningsböckerna i JupyterLab
	$(RUN) jupyter lab notebooks

screenshots: $(VENV)/.installed-dev ## fotografera varje sida i rapporten (kräver Chromium)
	$(RUN) tests.screenshots "$$(dirname "$$($(REPORT))")"

lint: $(VENV)/.installed-dev ## granska koden
	$(RUN) ruff check .
	$(RUN) ruff format --check .

format: $(VENV)/.installed-dev ## formatera koden
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

types: $(VENV)/.installed-dev ## pröva typerna
	$(RUN) mypy

clean: ## ta bort miljön och det som går att göra om (rapporterna blir kvar)
	rm -rf $(VENV) .venv-lab .pytest_cache .ruff_cache .mypy_cache
	find data/processed -mindepth 1 ! -name .gitkeep -delete

$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "Hittar ingen Python 3.11 eller senare. Installera en, eller ange den: make PYTHON=/sökväg/till/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) är äldre än Python 3.11 eller går inte att köra." >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear $(VENV) || { echo "Kunde inte skapa $(VENV). På Debian och Ubuntu behövs paketet python3-venv." >&2; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml constraints.txt
	$(PIP) -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) -c constraints.txt -e ".[dev]"
	@touch $@

$(VENV)/.installed-lab: $(VENV)/.installed
	$(PIP) -c constraints.txt -e ".[lab]"
	@touch $@

$(VENV)/.installed-test-lab: $(VENV)/.installed
	$(PIP) -c constraints.txt -e ".[dev,lab]"
	@touch $@
