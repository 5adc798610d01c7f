# Paths are relative throughout, so that the folder may have any name.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --quiet --disable-pip-version-check --require-hashes
COMPILE := .cache/uv/bin/python -m uv pip compile --quiet --upgrade --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: site preview pages join serve check diff due release links comment test pictures quick benchmark benchmark-pdf benchmark-checks search-score audit faults reproducible mutants hostile second-engine sbom golden format lock clean help

site: $(VENV)/run.stamp ## build the site into site/
	@$(PY) build.py

preview: $(VENV)/run.stamp ## build the site with its drafts, hidden from search engines
	@$(PY) build.py --preview

# Values are read by the shell, not by make, so that no name of a branch is taken for a command.
pages: $(VENV)/run.stamp ## build the site for GitHub Pages: make pages SITE_URL=https://... [ONLY=zh]
	@$(PY) build.py --csp-meta --site-url "$$SITE_URL" $${ONLY:+--lang "$$ONLY"}

join: $(VENV)/run.stamp ## put the parts in parts/ together: make pages ONLY=zh made one
	@$(PY) build.py join

serve: $(VENV)/run.stamp ## preview on this machine, rebuilt on every edit: make serve [BRIEF=ID]
	@$(PY) build.py serve $${BRIEF:+"$$BRIEF"}

check: $(VENV)/run.stamp ## check the content, make nothing
	@$(PY) build.py check

diff: $(VENV)/run.stamp ## say what a change means, in Markdown: make diff BASE=origin/main
	@$(PY) build.py diff "$${BASE:-origin/main}" --format markdown

due: $(VENV)/run.stamp ## tell which briefs were to be reviewed before today
	@$(PY) build.py check --due

release: $(VENV)/run.stamp ## freeze editions and write down addresses, before publishing
	@$(PY) build.py release

links: $(VENV)/run.stamp ## ask whether the web addresses in the content still answer
	@$(PY) build.py links

comment: ## post what `diff` wrote on its pull request (see .ci/comment.py)
	@python3 .ci/comment.py

test: $(VENV)/test.stamp tests/web/node_modules/stamp ## lint, types and all tests
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	@# The types are checked beside the tests, which wait for browsers much of the time.
	@mkdir -p .cache; $(PY) -m mypy >.cache/types.txt 2>&1 & types=$$!; \
	  echo "$(PY) -m pytest -n auto --dist loadfile"; $(PY) -m pytest -n auto --dist loadfile; tests=$$?; \
	  echo "$(PY) -m mypy"; wait $$types; types=$$?; cat .cache/types.txt; exit $$((tests | types))

pictures: $(VENV)/test.stamp ## take the pictures of README.md anew
	@$(PY) build.py && $(PY) docs/pictures.py

quick: $(VENV)/test.stamp ## only the tests that need no built site
	$(PY) -m pytest -m "not build and not web"

# What cannot be installed is left out, and the report says so.
benchmark: $(VENV)/test.stamp ## race other site generators: make benchmark BRIEFS=1000 ROUNDS=3 (minutes to hours)
	-@$(MAKE) --no-print-directory .cache/hugo/stamp
	-@$(MAKE) --no-print-directory .cache/zensical/stamp
	-@$(MAKE) --no-print-directory benchmarks/eleventy/node_modules/stamp
	@PYTHONPATH=tests:. $(PY) benchmarks/race.py --briefs "$${BRIEFS:-100}" \
	  --rounds "$${ROUNDS:-3}" --pdfs "$${PDFS:-5}" --search

benchmark-pdf: $(VENV)/test.stamp ## measure the PDFs, beside WeasyPrint (minutes)
	@$(PIP) -r benchmarks/requirements.txt
	@$(PY) benchmarks/pdf.py

benchmark-checks: $(VENV)/run.stamp ## measure what the checks take for each claim
	@PYTHONPATH=. $(PY) benchmarks/checks.py

second-engine: $(VENV)/run.stamp .cache/zensical/stamp ## build the site by another engine too, and compare
	@PYTHONPATH=. $(PY) benchmarks/second_engine.py .cache/zensical/bin/python

audit: $(VENV)/test.stamp benchmarks/web/node_modules/stamp ## ask Lighthouse about the site (minutes)
	@PYTHONPATH=tests:. $(PY) benchmarks/audit.py

search-score: $(VENV)/test.stamp ## ask the search the list of queries among 200 other briefs (minutes)
	@$(PY) benchmarks/search.py

faults: $(VENV)/test.stamp ## kill, starve, race and corrupt builds, and save 200 times (half an hour)
	@PYTHONPATH=tests:. $(PY) benchmarks/faults.py

reproducible: $(VENV)/test.stamp ## build the site in four surroundings, and compare every byte (minutes)
	@PYTHONPATH=tests:. $(PY) benchmarks/reproducible.py

mutants: $(VENV)/test.stamp ## break the content in thousands of ways: make mutants COUNT=10000 SEED=1 BUILDS=300
	@PYTHONPATH=tests:. $(PY) benchmarks/mutants.py --count "$${COUNT:-10000}" --seed "$${SEED:-1}" --builds "$${BUILDS:-300}"

hostile: $(VENV)/test.stamp ## put every hostile text into every field (half an hour)
	@PYTHONPATH=tests:. $(PY) tests/hostile_product.py

golden: $(VENV)/test.stamp ## write the golden pages anew (then read the diff)
	$(PY) -m pytest tests/test_golden.py --update-golden

format: $(VENV)/test.stamp ## put the code into its form
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

lock: $(VENV)/run.stamp ## newest versions into requirements*.txt
	$(PY) -m venv .cache/uv
	.cache/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) pyproject.toml --extra test --constraint requirements.txt \
	  --output-file requirements-test.txt
	$(COMPILE) benchmarks/requirements.in --constraint requirements-test.txt \
	  --output-file benchmarks/requirements.txt
	$(COMPILE) benchmarks/zensical.in --output-file benchmarks/zensical.txt
	$(COMPILE) benchmarks/hugo.in --output-file benchmarks/hugo.txt
	$(COMPILE) .ci/sbom.in --output-file .ci/sbom.txt

sbom: $(VENV)/run.stamp ## list the packages that build the site, as CycloneDX, in .cache/sbom.cdx.json
	@$(PY) -m venv .cache/sbom
	@.cache/sbom/bin/python -m pip install --quiet --quiet --disable-pip-version-check \
	  --require-hashes -r .ci/sbom.txt
	@.cache/sbom/bin/python -W ignore -m cyclonedx_py requirements requirements.txt \
	  --pyproject pyproject.toml --output-reproducible --output-file .cache/sbom.cdx.json
	@echo "wrote   .cache/sbom.cdx.json"

clean: ## delete what was made: the site, caches, .venv
	[ ! -d site ] || find site -mindepth 1 ! -path site/.gitignore -delete
	rm -rf .cache parts $(VENV) tests/web/node_modules benchmarks/web/node_modules \
	  benchmarks/eleventy/node_modules

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

# The first Python that really runs, is new enough and can make environments.
# Another one: make site PYTHON=/path/to/python
$(VENV)/run.stamp: requirements.txt
	@if [ -n "$(PYTHON)" ]; then set -- "$(PYTHON)"; \
	else set -- python3.13 python3.12 python3.11 python3.14 python3 python; fi; \
	tried="$$*"; found=; \
	for python do \
	  if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' \
	    >/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "make: Python 3.11 or newer with venv is needed (tried: $$tried); install it" \
	    "(Debian, Ubuntu: apt install python3-venv), or: make site PYTHON=/path/to/python" >&2; \
	  exit 1; \
	fi; \
	echo "setup   .venv with $$("$$found" --version), packages from requirements.txt"; \
	rm -rf $(VENV) && "$$found" -m venv $(VENV)
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/run.stamp
	@echo "setup   .venv, packages from requirements-test.txt"
	@$(PIP) -r requirements-test.txt
	@touch $@

# The HTML and accessibility checkers. Without npm the tests that need them say so.
tests/web/node_modules/stamp: tests/web/package-lock.json
	@if command -v npm >/dev/null 2>&1; then \
	  echo "setup   tests/web/node_modules from package-lock.json" && \
	  npm ci --prefix tests/web --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null && \
	  touch $@; \
	else echo "setup   npm is not there: the web tests that need it are skipped"; fi

# Packages of other engines differ from ours, so each has an environment of its own.
.cache/%/stamp: benchmarks/%.txt $(VENV)/run.stamp
	@echo "setup   .cache/$*, packages from $<"
	@rm -rf .cache/$* && $(PY) -m venv .cache/$*
	@.cache/$*/bin/python -m pip install --quiet --quiet --disable-pip-version-check \
	  --require-hashes -r $<
	@touch $@

benchmarks/eleventy/node_modules/stamp: benchmarks/eleventy/package-lock.json
	@echo "setup   benchmarks/eleventy/node_modules from package-lock.json"
	@npm ci --prefix benchmarks/eleventy --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

# Lighthouse is large, and only for the audit.
benchmarks/web/node_modules/stamp: benchmarks/web/package-lock.json
	@echo "setup   benchmarks/web/node_modules from package-lock.json"
	@npm ci --prefix benchmarks/web --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@
