"""Much of one thing in a file: reading it takes as many times longer as there is more of it, and findings are capped."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

import pytest

from talos_registry import Severity, parse, render_hosts, resolve
from talos_registry.resolution import request_sequence

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
LEGACY = "machine:\n  registries:\n"
SMALL, TIMES = 200, 10
MOST = 30  # linear is 10, quadratic 100; a busy machine and its caches take a share


def lines(line: str, count: int) -> str:
    return "".join(f"{line}\n".replace("#N", str(number)) for number in range(count))


def each(document: str, count: int) -> str:
    return "---\n".join(document.replace("#N", str(number)) for number in range(count))


MANY: dict[str, Callable[[int], str]] = {
    "documents": lambda n: each(HEAD.replace("docker", "d#N") + "endpoints: [{url: http://a}]\n", n),
    "documents that are refused": lambda n: each(HEAD.replace("docker", "d#N") + "endpoints: [{url: a}]\n", n),
    "documents twice": lambda n: each(HEAD, n),
    "documents that are no mapping": lambda n: each("- a\n", n),
    "findings in one list": lambda n: HEAD + "endpoints:\n" + lines("- url: ftp://a#N", n),
    "findings on one line": lambda n: HEAD + f"endpoints: [{lines('{url: ftp://a#N},', n).replace(chr(10), ' ')}]\n",
    "endpoints without a url": lambda n: HEAD + "endpoints:\n" + lines("- url:", n),
    "wrong types": lambda n: HEAD + "endpoints:\n" + lines("- {url: [], overridePath: 3}", n),
    "template markers": lambda n: HEAD + "endpoints:\n" + lines("- url: '{{ a }}'", n),
    "template markers on one line": lambda n: HEAD + "endpoints: [" + "{url: 'ftp://{{a}}'}, " * n + "]\n",
    "placeholders": lambda n: HEAD + "endpoints:\n" + lines("- url: 'ftp://${a}'", n),
    "endpoints": lambda n: HEAD + "endpoints:\n" + lines("- url: http://a#N", n),
    "legacy mirrors": lambda n: LEGACY + "    mirrors:\n" + lines("      h#N: {endpoints: [http://a]}", n),
    "legacy mirrors that are null": lambda n: LEGACY + "    mirrors:\n" + lines("      h#N:", n),
    "legacy credentials": lambda n: LEGACY + "    config:\n" + lines("      h#N: {auth: {username: a}}", n),
    "comments": lambda n: lines("# x", 10 * n) + HEAD + lines("# x", 10 * n),
    "anchors and aliases": lambda n: HEAD + "endpoints:\n" + lines("- &a#N {url: ftp://b}\n- *a#N", n),
    "merges": lambda n: HEAD + "endpoints:\n- &a {url: http://a}\n" + lines("- {<<: *a}", n),
    "unknown keys": lambda n: HEAD + lines("k#N: v", n),
    "unknown keys that nearly fit": lambda n: HEAD + lines("name#N: v", n),
    "keys of machine": lambda n: "machine:\n" + lines("  k#N: v", n),
    "keys twice": lambda n: HEAD + lines("k#N: v\nk#N: w", n),
}


def seconds(run: Callable[[], object]) -> float:
    """The least time of three runs."""
    times = []
    for _ in range(3):
        begin = process_time()
        run()
        times.append(process_time() - begin)
    return min(times)


@pytest.mark.parametrize("name", MANY)
def test_ten_times_as_much_takes_about_ten_times_as_long(name: str) -> None:
    small, large = MANY[name](SMALL), MANY[name](SMALL * TIMES)
    assert seconds(lambda: parse(large).registries) < MOST * seconds(lambda: parse(small).registries)


def test_hosts_and_requests_of_ten_times_as_many_endpoints_take_about_ten_times_as_long() -> None:
    def run(text: str) -> None:
        registries = parse(text).registries
        render_hosts(registries)
        for puller in ("talos", "cri"):
            request_sequence(resolve("nginx", registries, puller=puller))

    small, large = MANY["endpoints"](SMALL), MANY["endpoints"](SMALL * TIMES)
    assert seconds(lambda: run(large)) < MOST * seconds(lambda: run(small))


def test_findings_inside_one_document_are_capped_and_counted() -> None:
    config = parse(HEAD + "endpoints:\n" + lines("- url: ftp://a#N", 15_000))
    *listed, last = config.diagnostics
    assert [diagnostic.code for diagnostic in listed] == ["unsupported-scheme"] * 10_000
    assert (last.code, last.severity, last.line) == ("limit-exceeded", Severity.ERROR, 10_005)
    assert last.message == "This tool lists no more than 10000 findings of a file; there are 5000 more."
    assert config.talos_error is not None
    assert config.talos_error.count("unsupported scheme") == 15_000


def test_what_follows_a_document_with_too_many_findings_is_not_read() -> None:
    config = parse(HEAD + "endpoints:\n" + lines("- url: ftp://a#N", 15_000) + "---\nkind: x\n")
    assert [diagnostic.code for diagnostic in config.diagnostics[-2:]] == ["limit-exceeded", "limit-exceeded"]
    assert "there are 1 documents and 15000 findings before this" in config.diagnostics[-1].message


@pytest.mark.parametrize("endpoint", ["http://a", "[]"])
def test_aliases_may_not_stand_for_ever_more_values(endpoint: str) -> None:
    entries = (
        "      a: &a\n        endpoints:\n" + lines(f"        - {endpoint}", 1_000) + lines("      h#N: *a", 1_000)
    )
    config = parse(f"{LEGACY}    mirrors:\n{entries}")
    assert "limit-exceeded" in {diagnostic.code for diagnostic in config.diagnostics}
    assert not config.registries.mirrors
