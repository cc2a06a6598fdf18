# Shortcuts for a checkout with `pip install -e '.[dev]'`; every one is a step of .ci/run.
.PHONY: help all lint types package tests format

help: ## this list
	@sed -n 's/^\([a-z ]*\):.*## /\1\t/p' Makefile

all: ## everything, in fresh environments, as CI runs it
	bash .ci/run

lint types package tests: ## one step of it, in the active environment
	bash .ci/run $@

format: ## put the files into ruff's format
	ruff check --fix .
	ruff format .
