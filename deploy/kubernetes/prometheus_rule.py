"""Prometheus' rules as an object of its operator: `python -m deploy.kubernetes.prometheus_rule`."""

from __future__ import annotations

import textwrap
from pathlib import Path

DEPLOY = Path(__file__).parents[1]
RULES = DEPLOY / "prometheus" / "rules.yaml"
TARGET = DEPLOY / "kubernetes" / "components" / "monitoring" / "prometheus-rule.yaml"

HEAD = """\
# deploy/prometheus/rules.yaml; written by `python -m deploy.kubernetes.prometheus_rule`.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: stancewire
  namespace: stancewire
  labels: {app.kubernetes.io/name: stancewire}
spec:
"""


def render() -> str:
    return HEAD + textwrap.indent(RULES.read_text(encoding="utf-8"), "  ")


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
