# What there is to do here. Each target sets up what it needs, once.
#
#   make demo             see it work: embedded broker, sample feeds, stances on your terminal and on a live board
#   make test             all checks: format, lint, types, then every test on real servers
#   make lint             format, lint and types alone
#   make format           put the code in the project's format
#   make eval DATA=DIR    the models' figures on the data in DIR
#   make bench DATA=DIR   quote extraction against spaCy's parsing, on the data in DIR
#   make chaos            exactly-once under ten faults; writes build/chaos.json
#   make chaos-long       5,000 articles, 100 faults; writes build/chaos-long.json
#   make million          a million tiny articles, 1 % poison; writes build/million/
#   make docs             write docs/metrics.md, dashboards and PrometheusRule anew
#   make schemas          write deploy/schemas, examples and asyncapi.json anew from the code
#   make lock             write requirements/*.txt anew from pyproject.toml
#   make image            the container image, as `stancewire`; needs Docker
#   make sbom             what Python packages the image holds, as CycloneDX; writes build/sbom.json
#   make kafka            Apache Kafka's jars into the cache

PYTHON ?= python3
BIN := .venv/bin
KAFKA_JARS := $(or $(STANCEWIRE_KAFKA_JARS),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/stancewire/kafka)

.PHONY: demo test lint format eval bench chaos chaos-long million docs schemas lock image sbom kafka \
  prometheus

demo: .venv/run
	@# On a terminal the board stays until Ctrl-C; elsewhere nobody would end it.
	$(BIN)/stancewire demo $$([ -t 1 ] || echo --once)

test: lint kafka prometheus
	$(BIN)/pytest

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: .venv/run
	$(BIN)/python -m models.quotes.evaluate --data $(DATA)/quotes
	$(BIN)/python -m models.stance.evaluate --data $(DATA)/stance

bench: .venv/bench
	$(BIN)/python -m benchmarks.quotes --data $(DATA)/quotes

chaos: .venv/dev kafka
	$(BIN)/pytest tests/chaos

chaos-long: .venv/dev kafka
	$(BIN)/python -m tests.chaos.run

million: .venv/dev kafka
	$(BIN)/python -m tests.chaos.million

docs: .venv/dev
	$(BIN)/python -m stancewire.catalogue docs/metrics.md
	$(BIN)/python -m deploy.grafana.build deploy/grafana/dashboards
	$(BIN)/python -m deploy.kubernetes.prometheus_rule

schemas: .venv/run
	$(BIN)/python -m stancewire.schemas deploy/schemas
	$(BIN)/python -m stancewire.asyncapi deploy/asyncapi.json
	$(BIN)/python -m tests.contract.golden deploy/examples

# Hashes pin every package; --universal makes one file serve every platform.
LOCK := $(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --python-version 3.11 \
  --no-emit-index-url --custom-compile-command "make lock"

lock: .venv/dev
	$(BIN)/pip install --quiet uv
	for set in run:embedded dev:embedded,dev train:embedded,dev,train bench:embedded,bench \
	    image:otel image-torch:otel,torch; do \
	  $(LOCK) pyproject.toml \
	    $$(echo $${set#*:} | tr ',' '\n' | sed 's/^/--extra /') -o requirements/$${set%%:*}.txt; \
	done
	$(LOCK) --group build -o requirements/build.txt

image:
	docker build --file deploy/Dockerfile --tag stancewire \
	  --build-arg VERSION=$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) \
	  --build-arg REVISION=$$(git rev-parse HEAD) .

# From an environment like the image's, since only installed packages tell their licences.
sbom: .venv/dev
	rm -rf build/sbom
	$(PYTHON) -m venv --without-pip build/sbom
	$(BIN)/pip --python build/sbom/bin/python install --quiet --require-hashes -r requirements/image.txt
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	  --output-file build/sbom.json build/sbom/bin/python
	rm -rf build/sbom

prometheus:
	@command -v prometheus >/dev/null && command -v promtool >/dev/null || \
	  { echo "the tests need Prometheus with promtool: please install them" >&2; exit 1; }

kafka: $(KAFKA_JARS)/.complete

$(KAFKA_JARS)/.complete: tests/broker/pom.xml
	@command -v mvn >/dev/null && command -v java >/dev/null || \
	  { echo "Apache Kafka needs Java 17 or later and Maven: please install them" >&2; exit 1; }
	rm -rf $(KAFKA_JARS)
	mvn --batch-mode --quiet --file tests/broker/pom.xml dependency:copy-dependencies \
	  -DincludeScope=runtime -DoutputDirectory=$(KAFKA_JARS)
	touch $@

.venv/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/run: .venv/python pyproject.toml requirements/run.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

.venv/dev: .venv/run requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@

.venv/bench: .venv/run requirements/bench.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/bench.txt
	touch $@
