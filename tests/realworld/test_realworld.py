"""Configs in the shapes that people keep in public repositories, rebuilt with example hosts: what is found in each.

The comments at the top of a file say what is to be found, once for each time: ``# finds: CODE``, with ``~`` before the
code of a hint. Everything else in it is sound.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from talos_registry import Severity, lint, parse
from tests.rules.pages import NOW, found, sample

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.yaml")))
def test_what_is_found(name: str) -> None:
    text = (HERE / name).read_text(encoding="utf-8")
    expected = re.findall(r"^# finds: (\S+)$", text, re.MULTILINE)
    reported = found(sample(text))
    assert sorted(("~" if one.severity is Severity.INFO else "") + one.code for one in reported) == sorted(expected)


EXPLAINED = {
    "examples/02-harbor/tls-on-http.yaml": {"tls-on-http-endpoint"},
    "examples/02-harbor/without-override-path.yaml": {"doubled-v2"},
    "examples/04-private-registry/shortened-ca.yaml": {"invalid-ca"},
    "examples/08-python/broken.yaml": {"endpoint-without-scheme", "unknown-key"},
    "examples/08-python/site.yaml": {"endpoint-without-scheme"},
    "examples/05-migrate-legacy/shorthand.yaml": {"endpoint-without-scheme"},
    "examples/07-ci/talos/harbor.yaml": {"doubled-v2"},
    "examples/11-from-k3s/registries.yaml": {"misplaced-section"},
    "tests/guide/ca.yaml": {"invalid-ca"},
}
"""What the examples of failures are about, a file of k3s, and the shortened certificate of the guide."""

SHOWN = sorted(
    str(path.relative_to(ROOT)) for folder in ("examples", "tests/guide") for path in (ROOT / folder).rglob("*.yaml")
)


@pytest.mark.parametrize("name", SHOWN)
def test_examples_and_guide_have_nothing_unexplained(name: str) -> None:
    config = parse((ROOT / name).read_text(encoding="utf-8"), filename=name)
    failing = {one.code for one in lint(config, now=NOW) if one.severity is not Severity.INFO}
    assert failing == EXPLAINED.get(name, set())
