"""Lint the config given with one more rule: plain HTTP is for addresses of the rack alone."""

import sys
from collections.abc import Iterator
from pathlib import Path

from talos_registry import Finding, Rule, Severity, View, lint, parse


def outside_of_rack(view: View) -> Iterator[Finding]:
    """Endpoints that are asked in plain HTTP elsewhere."""
    for mirror, endpoint in view.endpoints():
        if endpoint.scheme == "http" and not endpoint.host.startswith("10.5."):
            yield Finding(endpoint.path, f"{mirror.name} is pulled in plain HTTP from {endpoint.host}.")


rule = Rule("http-outside-of-rack", Severity.WARNING, outside_of_rack)
for diagnostic in lint(parse(Path(sys.argv[1]).read_bytes(), filename=sys.argv[1]), rules=[rule]):
    print(diagnostic)
