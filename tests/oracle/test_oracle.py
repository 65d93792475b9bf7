"""The library against the real code: Talos' own packages, and containerd's reader of hosts directories.

Run with ``pytest -m oracle``; needs Go. ``ORACLE_CASES`` and ``ORACLE_SEED`` set how many inputs are generated, and which.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from itertools import islice
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import (
    HostsError,
    PatchError,
    Reference,
    RegistrySet,
    emit,
    make_patch,
    parse,
    redact,
    render_hosts,
    resolve,
)
from talos_registry.resolution.hosts import BASE_PATH
from talos_registry.versions import KINDS_SINCE, release_of
from tests.conformance.known import KNOWN, reason, unexplained
from tests.conformance.outcome import Difference, differences, masked, source
from tests.conformance.record import KINDS, VECTORS, drift
from tests.oracle import generate
from tests.oracle.oracle import CONTAINERD, TALOS_VERSIONS, ask, build
from tests.oracle.shrink import shrunk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry import Attempt

pytestmark = pytest.mark.oracle

Row = dict[str, Any]
ROOT = Path(__file__).parent.parent.parent
CASES = int(os.environ.get("ORACLE_CASES", "2000"))
SEED = int(os.environ.get("ORACLE_SEED", "1"))
BITS = {"pull": 1, "resolve": 2, "push": 4, "referrers": 8}
ASKED_HOSTS = (
    "docker.io",
    "ghcr.io",
    "reg.example:5000",
    "localhost:5000",
    "a.b",
    "h",
    "10.0.0.1:443",
    "[::1]:5000",
    "other.example",
)


@pytest.fixture(scope="module")
def corpus() -> list[str]:
    with gzip.open(VECTORS / "load.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [row["in"] for row in map(json.loads, lines) if "in" in row]


def compared(rows: Iterable[Row], talos_version: str) -> tuple[Counter[str], str]:
    """How many differences have which reason, and the first one without, shrunk; no text if there is none."""
    program = build(talos_version)
    asked = list(rows)
    answered = [{**row, "expect": said} for row, said in zip(asked, ask(program, asked), strict=True)]
    reasons = Counter(
        reason(row, one, talos_version) or "?" for row in answered for one in differences(row, talos_version)
    )
    wrong = [row for row in answered if unexplained(row, talos_version)]
    return (
        reasons,
        f"{len(wrong)} unexplained\n{shown(shrunk(wrong[0], program, talos_version), talos_version)}" if wrong else "",
    )


def shown(row: Row, talos_version: str) -> str:
    found = "\n".join(
        f"{one.aspect}:\n  Talos: {one.talos!r}\n  ours:  {one.ours!r}" for one in unexplained(row, talos_version)
    )
    patches = "".join(f"\npatch: {text!r}" for text in row.get("patch", ()))
    return f"{row['id']}, Talos {talos_version}: {row.get('in', row.get('b64'))!r}{patches}\n{found}"


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_has_drifted(kind: str, talos_version: str) -> None:
    assert drift(kind, talos_version) == []


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_files_of_this_repository(talos_version: str) -> None:
    files = sorted(path for folder in ("examples", "docs", "tests") for path in (ROOT / folder).rglob("*.y*ml"))
    rows = [{"id": str(path.relative_to(ROOT)), "op": "load", "in": path.read_text(encoding="utf-8")} for path in files]
    assert compared(rows, talos_version)[1] == ""


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_kinds(talos_version: str) -> None:
    answers = ask(
        build(talos_version), [{"op": "load", "in": f"apiVersion: v1alpha1\nkind: {kind}\n"} for kind in KINDS_SINCE]
    )
    refused = {kind for kind, said in zip(KINDS_SINCE, answers, strict=True) if "not registered" in str(said)}
    assert refused == {kind for kind, since in KINDS_SINCE.items() if since > release_of(talos_version).number}


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_repeated_kinds(talos_version: str) -> None:
    """Of every kind, also of those whose documents are not read."""
    rows = [
        {"id": kind, "op": "load", "in": f"apiVersion: v1alpha1\nkind: {kind}\nkind: {kind}\n"} for kind in KINDS_SINCE
    ]
    assert compared(rows, talos_version)[1] == ""


def failure_rows() -> list[Row]:
    with gzip.open(ROOT / "tests" / "corpus" / "cases.jsonl.gz", "rt", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    forms = [
        (case["id"], which, list(case[which].values()))
        for case in cases
        for which in ("files", "fixed")
        if which in case
    ]
    return [
        {
            "id": f"{name} {which}",
            "op": "patch" if patches else "load",
            "in": text,
            **({"patch": patches} if patches else {}),
        }
        for name, which, (text, *patches) in forms
    ]


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_reported_failures(talos_version: str) -> None:
    assert compared(failure_rows(), talos_version)[1] == ""


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_generated_documents(talos_version: str, corpus: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    reasons, wrong = compared(islice(generate.loads(SEED, corpus), CASES), talos_version)
    with capsys.disabled():
        print(f"\nTalos {talos_version}: {CASES} generated inputs, seed {SEED}, {dict(reasons)}")  # noqa: T201 - the count is the report
    assert wrong == ""


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_generated_patches(talos_version: str, capsys: pytest.CaptureFixture[str]) -> None:
    reasons, wrong = compared(islice(generate.patches(SEED), CASES), talos_version)
    with capsys.disabled():
        print(f"\nTalos {talos_version}: {CASES} generated patches, seed {SEED}, {dict(reasons)}")  # noqa: T201 - the count is the report
    assert wrong == ""


def said_about(answer: Row) -> Any:
    """What a config says, whatever the order of its documents; None if it is refused."""
    if "encoded" in answer:
        return sorted(answer["encoded"].split("---\n"))
    return (sorted(map(str, answer["documents"])), answer["legacy"]) if "documents" in answer else None


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_patches_that_are_made(talos_version: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Talos itself turns one config into the other, and does nothing when it applies the patch again."""
    asked: list[Row] = []
    for before, after in islice(generate.pairs(SEED), CASES // 2):
        patch = made(before, after, talos_version)
        if patch is not None:
            asked += [
                {"op": "patch", "in": text, "patch": [patch] * times}
                for text, times in ((before, 1), (before, 2), (after, 0))
            ]
    answers = [said_about(one) for one in ask(build(talos_version), asked)]
    with capsys.disabled():
        print(f"\nTalos {talos_version}: {len(asked) // 3} patches made, seed {SEED}")  # noqa: T201 - likewise
    triples = zip(asked[::3], answers[::3], answers[1::3], answers[2::3], strict=True)
    readable = [one for one in triples if one[-1] is not None]  # what this library does not read can be wrong, too
    assert [one for one in readable if not one[1] == one[2] == one[3]] == []


def made(before: str, after: str, talos_version: str) -> str | None:
    configs = [parse(text, talos_version=talos_version) for text in (before, after)]
    try:
        return make_patch(*configs) or None
    except PatchError:
        return None


def test_redacted_legacy_sections(corpus: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Since 1.14 Talos redacts them as well; user and password in URLs, which it leaves in place, are masked on both sides."""
    rows = [{"op": "load", "in": text} for text in corpus if "machine" in text]
    rows += islice(generate.loads(SEED, corpus), CASES)
    said = ask(build(TALOS_VERSIONS[-1]), [{**row, "op": "redact"} for row in rows])
    pairs = [
        (
            legacy_section(redact(parse(source(row)), "REDACTED")),
            legacy_section(theirs["registries"], "machine:\n  registries:\n"),
        )
        for row, theirs in zip(rows, said, strict=True)
        if "registries" in theirs and TAB_FIRST not in str(row.get("in"))
    ]
    with capsys.disabled():
        print(f"\n{len(pairs)} legacy sections, {sum('REDACTED' in theirs for _, theirs in pairs)} with secrets")  # noqa: T201 - likewise
    assert [ours for ours, theirs in pairs if ours != theirs] == []
    assert any("REDACTED" in theirs for _, theirs in pairs)


TAB_FIRST = "\\ta\\nb"
"""Talos writes text that begins with a tab in a way that it cannot read again."""


def legacy_section(text: str, above: str = "") -> str:
    """The settings of a legacy section, as documents in one order."""
    config = parse(above + indent(text, "    ") if above else text)
    return masked(emit(sorted(config.legacy_documents, key=lambda one: (one.kind, one.name))))


def test_every_known_disagreement_is_explained() -> None:
    readme = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    assert [why for why in KNOWN if f"**{why}**" not in readme] == []


def test_generated_references() -> None:
    rows = list(islice(generate.references(SEED), CASES))
    assert compared(rows, TALOS_VERSIONS[-1])[1] == ""


# containerd


def cri_hosts(registries: RegistrySet, host: str) -> dict[str, Any]:
    plan = resolve(Reference(host, "x/y", "latest", None), registries, puller="cri")
    return {"error": plan.error} if plan.error else {"hosts": [cri_host(attempt) for attempt in plan.attempts]}


def cri_host(attempt: Attempt) -> dict[str, Any]:
    return {
        "scheme": attempt.scheme,
        "host": attempt.host,
        "path": attempt.path,
        "capabilities": sum(BITS[capability] for capability in attempt.capabilities),
        **({"http_fallback": True} if attempt.https_first else {"skip_verify": attempt.skip_verify}),
    }


def without_certificates(said: dict[str, Any]) -> dict[str, Any]:
    if "hosts" not in said:
        return said
    return {
        "hosts": [
            {k: v for k, v in host.items() if k not in {"client_certs", "custom_roots"}} for host in said["hosts"]
        ]
    }


def hosts_files(registries: RegistrySet) -> dict[str, str] | None:
    try:
        return {path: content.decode() for path, content in render_hosts(registries).items()}
    except HostsError:
        return None


def test_containerd_reads_what_the_plan_says(capsys: pytest.CaptureFixture[str]) -> None:
    sets = [(text, parse(text).registries) for text in islice(generate.registry_sets(SEED), CASES)]
    rendered = [
        (text, registries, files) for text, registries in sets if (files := hosts_files(registries)) is not None
    ]
    asked = [{"files": files, "base": BASE_PATH, "hosts": ASKED_HOSTS} for _, _, files in rendered]
    wrong: list[tuple[str, str, Difference]] = []
    for (text, registries, _), said in zip(rendered, ask(build(CONTAINERD), asked), strict=True):
        for host in ASKED_HOSTS:
            theirs, ours = without_certificates(said[host]), cri_hosts(registries, host)
            if theirs != ours:
                wrong.append((text, host, Difference("cri plan", theirs, ours)))
    with capsys.disabled():
        print(f"\ncontainerd: {len(rendered)} hosts directories, {len(rendered) * len(ASKED_HOSTS)} plans")  # noqa: T201 - likewise
    assert min(wrong, key=lambda one: len(one[0]), default=None) is None, f"{len(wrong)} differ"
