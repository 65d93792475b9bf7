"""Many findings in one place: what is said about each takes as long as about the first."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

import pytest

from talos_registry import lint, parse
from talos_registry.linting import fix
from talos_registry.report import FORMATS, rendered
from talos_registry.report.checked import Checked
from talos_registry.report.excerpt import excerpts

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL, LARGE = 100, 1_000
MOST = 30
"""How many times as long ten times as much may take: ten times, start-up and noise; a hundred would be quadratic."""

HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:"
LEGACY = "machine:\n  registries:\n    mirrors:\n"
DOUBLED = "https://h{}.example/v2/x"


def block(url: str) -> Callable[[int], str]:
    return lambda count: f"{HEAD}\n" + "".join(f"  - url: {url.format(number)}\n" for number in range(count))


def flow(url: str) -> Callable[[int], str]:
    return lambda count: f"{HEAD} [{', '.join(f'{{url: {url.format(number)}}}' for number in range(count))}]\n"


def legacy(url: str, more: str = "") -> Callable[[int], str]:
    def config(count: int) -> str:
        return f"{LEGACY}      a:\n{more}        endpoints: [{', '.join(map(url.format, range(count)))}]\n"

    return config


def legacy_mirrors(count: int) -> str:
    return LEGACY + "".join(f"      m{at}.example: {{endpoints: [{DOUBLED.format(at)}]}}\n" for at in range(count))


MANY = {
    "doubled": block(DOUBLED),
    "doubled on one line": flow(DOUBLED),
    "refused": block("ftp://h:x:y{}"),
    "refused on one line": flow("ftp://h{}:x"),
    "equal": block("https://h.example"),
    "equal on one line": flow("https://h.example"),
    "legacy": legacy(DOUBLED),
    "legacy without path": legacy("https://h{}.example", "        overridePath: true\n"),
    "legacy without scheme": legacy("h{}.example:5000"),
    "legacy mirrors": legacy_mirrors,
}


def seconds(work: Callable[[], object], times: int) -> float:
    def once() -> float:
        begin = process_time()
        work()
        return process_time() - begin

    return min(once() for _ in range(times))


def growth(work: Callable[[str], object], config: Callable[[int], str]) -> float:
    """How many times as long ten times as much takes."""
    small, large = config(SMALL), config(LARGE)
    work(small)
    return seconds(lambda: work(large), 2) / seconds(lambda: work(small), 5)


@pytest.mark.parametrize("config", MANY.values(), ids=MANY)
def test_findings_take_no_longer_the_more_there_are(config: Callable[[int], str]) -> None:
    assert growth(lambda text: lint(parse(text)), config) < MOST


@pytest.mark.parametrize("config", MANY.values(), ids=MANY)
def test_reports_take_no_longer_the_more_findings_there_are(config: Callable[[int], str]) -> None:
    def report(text: str) -> None:
        config = parse(text)
        found = lint(config)
        checked = [Checked("a.yaml", 1, found, excerpts(config, found))]
        for output in FORMATS:
            list(rendered(checked, output))

    assert growth(report, config) < MOST


@pytest.mark.parametrize("config", MANY.values(), ids=MANY)
def test_fixes_take_no_longer_the_more_there_are(config: Callable[[int], str]) -> None:
    assert growth(lambda text: fix(parse(text), unsafe=True), config) < MOST


def test_findings_of_rules_end_with_how_many_more_there_are() -> None:
    found = lint(parse(block("http://h{}.svc")(10_250)), select=["cluster-dns-endpoint"])
    assert len(found) == 10_001
    assert {one.code for one in found[:-1]} == {"cluster-dns-endpoint"}
    assert (found[-1].code, found[-1].severity, found[-1].line) == ("limit-exceeded", "error", 10_005)
    assert "there are 250 more" in found[-1].message
