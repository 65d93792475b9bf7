from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from talos_registry import RegistrySet, parse, resolve
from talos_registry.diagnostic import Diagnostic, Edit, Fix, Severity, Span
from talos_registry.report import as_json, as_text, plan_json, plan_mermaid, plan_text
from talos_registry.report.checked import Checked

if TYPE_CHECKING:
    from talos_registry.resolution import Puller


@pytest.fixture(autouse=True)
def _no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def stream(*documents: str) -> RegistrySet:
    """The settings of documents, each written ``KIND NAME {OTHER FIELDS}``."""
    parts = (document.split(" ", 2) for document in documents)
    text = "---\n".join(
        f"apiVersion: v1alpha1\nkind: Registry{kind}Config\nname: '{name}'\n{fields}\n" for kind, name, fields in parts
    )
    config = parse(text)
    config.raise_for_errors()
    return config.registries


def text(reference: str, registries: RegistrySet, *pullers: Puller) -> list[str]:
    plans = [resolve(reference, registries, puller=puller) for puller in pullers or ("talos", "cri")]
    return plan_text.render(plans, registries).splitlines()


def differences(reference: str, registries: RegistrySet) -> list[str]:
    lines = text(reference, registries)
    return lines[lines.index("  the pullers differ:") + 1 :]


TO_M = "endpoints: [{url: 'https://m.example'}]"
SKIP_VERIFY = "insecureSkipVerify: true"
LOGIN = "username: u"


# Plans as text


def test_one_block_when_the_pullers_agree() -> None:
    registries = stream(f"Mirror ghcr.io {TO_M}", "Auth m.example username: u")
    assert text("ghcr.io/a/b:1", registries) == [
        "ghcr.io/a/b:1",
        "  talos and cri try the same URLs in the same way",
        "    1. https://m.example/v2/a/b/manifests/1?ns=ghcr.io",
        "       endpoint 1 of mirror ghcr.io",
        "       credentials of RegistryAuthConfig m.example",
        "    2. https://ghcr.io/v2/a/b/manifests/1",
        "       fallback to the upstream registry",
    ]


@pytest.mark.parametrize(
    ("puller", "heading"),
    [("talos", "  talos (Talos itself: installer, kubelet, etcd, talosctl image pull)"), ("cri", "  cri (containerd, for pods)")],
)  # fmt: skip
def test_one_puller_is_named_with_what_it_pulls(puller: Puller, heading: str) -> None:
    assert text("ghcr.io/a/b:1", stream(f"Mirror ghcr.io {TO_M}"), puller)[1] == heading


@pytest.mark.parametrize(
    ("mirrors", "reason"),
    [
        (["docker.io"], 'no mirror is named "docker.oi"; did you mean "docker.io"?'),
        (["quay.io"], 'no mirror is named "docker.oi"'),
        ([], 'no mirror is named "docker.oi"'),
    ],
)
def test_nearest_name_of_a_mirror(mirrors: list[str], reason: str) -> None:
    registries = stream(*(f"Mirror {name} {TO_M}" for name in mirrors), "Auth x.example username: u")
    assert text("docker.oi/a:1", registries, "talos")[-1] == f"       upstream registry: {reason}"


def test_catch_all() -> None:
    lines = text("quay.io/a:1", stream(f"Mirror * {TO_M}"), "cri")
    assert lines[3] == "       endpoint 1 of mirror *, the catch-all: no mirror is named quay.io"


def test_endpoints_are_counted_without_the_image_cache() -> None:
    registries = stream("Mirror ghcr.io endpoints: [{url: 'https://m.example'}, {url: 'https://m.example'}]")
    assert text("ghcr.io/a:1", registries.with_image_cache(), "talos")[2:] == [
        "    1. http://127.0.0.1:3172/v2/a/manifests/1?ns=ghcr.io",
        "       image cache of the node",
        "    2. https://m.example/v2/a/manifests/1?ns=ghcr.io",
        "       endpoint 1 of mirror ghcr.io",
        "    3. https://m.example/v2/a/manifests/1?ns=ghcr.io",
        "       endpoint 2 of mirror ghcr.io",
        "    4. https://ghcr.io/v2/a/manifests/1",
        "       fallback to the upstream registry",
    ]


def test_override_path() -> None:
    registries = stream("Mirror ghcr.io endpoints: [{url: 'https://m.example/v2/p', overridePath: true}]")
    assert "       path as written (overridePath)" in text("ghcr.io/a:1", registries)


# What differs between the pullers; the numbers are those of the table in the notes on both pullers


def test_d1_skip_fallback_without_endpoints() -> None:
    registries = stream("Mirror ghcr.io skipFallback: true")
    assert text("ghcr.io/a:1", registries) == [
        "ghcr.io/a:1",
        "  talos (Talos itself: installer, kubelet, etcd, talosctl image pull)",
        '    cannot pull: no resolve hosts: not found (mirror "ghcr.io" has no endpoints, and skipFallback leaves no upstream)',
        "  cri (containerd, for pods)",
        "    1. https://ghcr.io/v2/a/manifests/1",
        "       upstream registry: for containerd skipFallback has no effect in a mirror without endpoints",
        "  the pullers differ:",
        "    - only cri can pull",
        "    - only cri tries https://ghcr.io/v2",
    ]


def test_d2_tls_document_hides_the_catch_all() -> None:
    registries = stream(f"Mirror * {TO_M}", f"TLS ghcr.io {SKIP_VERIFY}")
    assert "    - only talos tries https://m.example/v2" in differences("ghcr.io/a:1", registries)
    reason = "       upstream registry: what RegistryTLSConfig ghcr.io makes Talos write hides mirror *"
    assert reason in text("ghcr.io/a:1", registries, "cri")


@pytest.mark.parametrize("endpoints", [TO_M, "endpoints: []"], ids=["D3 with endpoints", "D4 without endpoints"])
def test_d3_d4_tls_settings_of_the_fallback(endpoints: str) -> None:
    registries = stream(f"Mirror reg.example {endpoints}", f"TLS reg.example {SKIP_VERIFY}")
    assert differences("reg.example/a:1", registries) == [
        "    - only talos uses the TLS settings of RegistryTLSConfig reg.example at reg.example",
        "    - only talos skips the verification of the server certificate at reg.example",
    ]


@pytest.mark.parametrize(
    ("name", "puller"), [("docker.io", "cri"), ("registry-1.docker.io", "talos")], ids=["D5", "D6"]
)
def test_d5_d6_tls_settings_of_docker_hub(name: str, puller: str) -> None:
    assert differences("nginx", stream(f"TLS {name} {SKIP_VERIFY}")) == [
        f"    - only {puller} uses the TLS settings of RegistryTLSConfig {name} at registry-1.docker.io",
        f"    - only {puller} skips the verification of the server certificate at registry-1.docker.io",
    ]


def test_d7_credentials_of_docker_hub() -> None:
    assert differences("nginx", stream("Auth docker.io username: u")) == [
        "    - only cri uses the credentials of RegistryAuthConfig docker.io at registry-1.docker.io"
    ]


def test_d9_tls_settings_for_an_http_endpoint() -> None:
    registries = stream(
        "Mirror ghcr.io endpoints: [{url: 'http://m.example:5000'}]", f"TLS m.example:5000 {SKIP_VERIFY}"
    )
    lines = text("ghcr.io/a:1", registries)
    assert '    cannot pull: TLS config specified for non-HTTPS registry: "m.example:5000"' in lines
    assert "    1. https://m.example:5000/v2/a/manifests/1?ns=ghcr.io" in lines
    assert "       https first, http when that is refused" in lines
    assert lines[-1] == "    - only cri can pull"


def test_d14_loopback() -> None:
    registries = stream("Auth x.example username: u")
    assert differences("127.0.0.1:5000/x", registries) == [
        "    - only cri skips the verification of the server certificate at 127.0.0.1:5000",
        "    - only cri goes on with http at 127.0.0.1:5000 when https is refused",
    ]


def test_d15_repeated_endpoint() -> None:
    registries = stream("Mirror ghcr.io endpoints: [{url: 'https://m.example'}, {url: 'https://m.example'}]")
    assert differences("ghcr.io/a:1", registries) == ["    - only talos tries https://m.example/v2"]
    assert text("ghcr.io/a:1", registries, "cri")[-1] == (
        "       upstream registry: containerd cannot read what Talos writes for mirror ghcr.io, "
        "where an endpoint is repeated"
    )


def test_both_fail_in_different_words() -> None:
    legacy = "machine:\n  registries:\n    mirrors:\n      ghcr.io:\n        endpoints: ['http://m.exa mple']\n"
    assert differences("ghcr.io/a:1", parse(legacy).registries) == ["    - they fail in different words"]


# Other renderings of plans


def test_mermaid_of_an_error_and_of_no_host() -> None:
    registries = stream(
        "Mirror a.example endpoints: [{url: 'http://m.example'}]",
        "TLS m.example insecureSkipVerify: true",
        "Mirror b.example skipFallback: true",
    )
    plans = [resolve(f"{host}/x", registries, puller="talos") for host in ("a.example", "b.example")]
    assert plan_mermaid.render(plans).splitlines() == [
        "flowchart LR",
        '    p1["a.example/x:latest, puller talos"]',
        '    p1 --> p1x["TLS config specified for non-HTTPS registry: &quot;m.example&quot;"]',
        '    p2["b.example/x:latest, puller talos"]',
        '    p2 --> p2x["no resolve hosts: not found"]',
    ]


def test_json_of_a_plan_that_fails() -> None:
    registries = stream("Mirror a.example endpoints: [{url: 'http://m.example'}]", "TLS m.example ca: ''")
    (plan,) = json.loads(plan_json.render([resolve("a.example/x", registries, puller="talos")], "1.14"))["plans"]
    assert (plan["error"], plan["attempts"]) == ('TLS config specified for non-HTTPS registry: "m.example"', [])


# Findings

PLACED = Diagnostic(
    code="doubled-v2",
    severity=Severity.WARNING,
    message="The path holds /v2 twice.",
    path=(0, "endpoints", 0, "url"),
    kind="RegistryMirrorConfig",
    name="docker.io",
    file="a.yaml",
    line=5,
    column=10,
    end_line=5,
    end_column=40,
    fix=Fix("set overridePath", safe=False, edits=(Edit(Span(6, 1, 6, 1), "overridePath: true\n"),)),
)
UNPLACED = Diagnostic(code="missing-name", severity=Severity.ERROR, message="The document has no name.", file="b.yaml")


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (PLACED, "a.yaml:5:10: warning[doubled-v2]: The path holds /v2 twice."),
        (UNPLACED, "b.yaml: error[missing-name]: The document has no name."),
    ],
)
def test_finding_as_text(one: Diagnostic, line: str) -> None:
    assert as_text.render_finding(one) == line
    assert str(one) == line


@pytest.mark.parametrize(
    ("checked", "line"),
    [
        ([Checked("a.yaml", 1, ())], "1 document in 1 file: nothing found"),
        ([Checked("a.yaml", 11, (UNPLACED,)), Checked("b.yaml", 1, ())], "12 documents in 2 files: 1 error"),
        ([Checked("a.yaml", 0, (UNPLACED, PLACED, UNPLACED))], "0 documents in 1 file: 2 errors, 1 warning"),
    ],
)
def test_summary(checked: list[Checked], line: str) -> None:
    assert as_text.render_summary(checked) == line


def test_findings_as_json() -> None:
    answer = json.loads(*as_json.render([Checked("a.yaml", 2, (PLACED,)), Checked("b.yaml", 1, (UNPLACED,))]))
    assert answer["summary"] == {"files": 2, "documents": 3, "errors": 1, "warnings": 1, "infos": 0}
    placed, unplaced = answer["diagnostics"]
    assert placed["path"] == "endpoints[0].url"
    assert placed["fix"] == {
        "title": "set overridePath",
        "safe": False,
        "edits": [{"line": 6, "column": 1, "end_line": 6, "end_column": 1, "text": "overridePath: true\n"}],
    }
    assert [unplaced[key] for key in ("line", "column", "end_line", "end_column", "fix")] == [None] * 5
