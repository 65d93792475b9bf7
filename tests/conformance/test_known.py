"""Known disagreements: what is recognised, and what stands beside it and is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.known import reason, unexplained
from tests.conformance.outcome import differences, without_foreign

MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a\n"
DOCUMENT = "error decoding document v1alpha1/RegistryMirrorConfig/a (line 1): "
UNKNOWN = f"{DOCUMENT}unknown keys found during decoding:\n"
KINDLESS = "error decoding document /v1alpha1/ (line 1): error decoding  to *v1alpha1.Config: yaml: construct errors: "
KINDLESS_UNKNOWN = "error decoding document /v1alpha1/ (line 1): unknown keys found during decoding:\n"
BROKEN = "decode error: go-yaml load error in "
CERTIFICATE = "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: a\nca: x\n"
NO_CA = "\t* RegistryTLSConfig/a: ca must be a valid PEM-encoded certificate\n"


def loaded(text: str, **expect: Any) -> dict[str, Any]:
    return {"op": "load", "in": text, "expect": expect}


def patched(text: str, patch: str, **expect: Any) -> dict[str, Any]:
    return {"op": "patch", "in": text, "patch": [patch], "expect": expect}


def whole(op: str, text: str, *patches: str, **expect: Any) -> dict[str, Any]:
    return {"op": op, "in": text, "expect": expect, **({"patch": list(patches)} if patches else {})}


LATER = "a secret that only later releases take out"
TOKEN = "apiVersion: v1alpha1\nkind: HCloudVIPConfig\nname: a\nlink: b\napiToken: "
RECOGNISED = [
    (
        "comments and anchors within unknown keys",
        loaded(
            f"{MIRROR}foo:\n- # c\n  # d\n  a: b\n", load_error=f"{UNKNOWN}foo:\n    - # c\n      # d\n      a: b\n"
        ),
    ),
    (
        "comments and anchors within unknown keys",
        loaded(f"{MIRROR}foo:\n  # c\n  - - b # d\n", load_error=f"{UNKNOWN}foo:\n    # c\n    - - b # d\n"),
    ),
    (
        "an indicator that touches another in flow style",
        loaded(
            '{e? "}\n',
            load_error=f"{BROKEN}scanner (while scanning a quoted scalar) at L1.C5-L2.C1: found unexpected end of stream",
        ),
    ),
    (
        "an indicator that touches another in flow style",
        loaded(f"{MIRROR}foo: {{? ?a}}\n", load_error=f"{UNKNOWN}foo: {{'?a': ''}}\n"),
    ),
    (
        "an indicator that touches another in flow style",
        loaded(f"{MIRROR}endpoints: [{{?url: http://b}}]\n", load_error=f"{UNKNOWN}endpoints:\n    - ?url: http://b\n"),
    ),
    ("broken YAML after what is no document", loaded("|\n`\n", load_error="expected a YAML document at line 1")),
    (
        "broken YAML after what is no document",
        loaded("a: b\n--- |\n`\n", load_error="error decoding document /v1alpha1/ (line 1): missing kind"),
    ),
    (
        "a patch that names a file",
        patched(MIRROR, "@/no/such/file", patch_error="open /no/such/file: no such file or directory"),
    ),
]


MERGE = "map merge requires map or sequence of maps as the value"
WHOLE = [
    (
        "an inline manifest that cannot be read on",
        whole(
            "whole-load",
            "cluster: {inlineManifests: [{<<: x}]}\n",
            load_error=f"{KINDLESS}line 1: go-yaml load error in constructor at L1.C34: {MERGE}",
        ),
    ),
    (
        "comments and anchors within unknown keys",
        whole(
            "whole-load",
            "machines:\n  # c\n  a: b\ndebug: true\n",
            load_error=f"{KINDLESS_UNKNOWN}machines:\n    # c\n    a: b\n",
        ),
    ),
    ("words for broken YAML", whole("whole-load", "a: [\n", load_error=f"{BROKEN}parser at L9.C9: no")),
    (
        "words for broken YAML",
        whole("whole-patch", "machine: {}\n", "a: [\n", error=f"{BROKEN}parser at L9.C9: no"),
    ),
]


@pytest.mark.parametrize(("why", "row"), [*RECOGNISED, *WHOLE])
def test_what_is_known(why: str, row: dict[str, Any]) -> None:
    assert {reason(row, one, "1.14") for one in differences(row, "1.14")} == {why}


@pytest.mark.parametrize(("talos_version", "expected"), [("1.12", {LATER}), ("1.14", {None})])
def test_secrets_that_only_later_releases_take_out(talos_version: str, expected: set[str | None]) -> None:
    row = whole("redact-whole", f"{TOKEN}x\n", encoded=f"{TOKEN}x\n")
    assert {reason(row, one, talos_version) for one in differences(row, talos_version)} == expected


def test_what_else_is_taken_out_is_not_known() -> None:
    row = whole("redact-whole", f"{TOKEN}x\n", encoded=f"{TOKEN.replace('link: b', 'link: c')}x\n")
    assert unexplained(row, "1.12") != []


@pytest.mark.parametrize(
    "row",
    [
        loaded(f"{MIRROR}foo:\n- # c\n  a: b\n", load_error=f"{UNKNOWN}foo:\n    - # c\n      a: d\n"),
        loaded(f"{MIRROR}foo: [{{a: b}}]\n", load_error=f"{UNKNOWN}foo: [{{a: c}}]\n"),
        loaded(f"{MIRROR}foo: &x b\n", load_error=f"{UNKNOWN}foo: &x c\n"),
        loaded(f"{MIRROR}endpoints: [{{url: http://b}}]\n", load_error=f"{UNKNOWN}endpoints:\n    - url: http://b\n"),
        loaded(
            f"{MIRROR}endpoints: [{{url: http://b}}]\n",
            load_error=f"{BROKEN}parser at L4.C1: did not find expected key",
        ),
        loaded(f"{MIRROR}skipFallback: a\n", load_error=f"{BROKEN}parser at L4.C1: did not find expected key"),
        loaded("a: b\n", load_error="expected a YAML document at line 1"),
        loaded(
            "machine: {ca: {crt: a}, registries: {mirrors: []}}\n", load_error=f"{KINDLESS}line 1: illegal base64 data"
        ),
        loaded("machine: {registries: {mirrors: {}}}\n", load_error=f"{KINDLESS}line 1: illegal base64 data"),
        loaded(MIRROR, load_error=f"{DOCUMENT}field name already set in type cri.RegistryMirrorConfigV1Alpha1"),
        loaded(
            f"{MIRROR}skipFallback: yes\n", load_error=f"{DOCUMENT}cannot construct !!null `` into *bool", documents=[]
        ),
        loaded(CERTIFICATE, validate_error=f"1 error occurred:\n{NO_CA}\n\n"),
        loaded(CERTIFICATE, validate_error=f"1 error occurred:\n{NO_CA}\n", redacted="kind: RegistryTLSConfig\n"),
        patched(MIRROR, "name: [", patch_error="open x: no such file or directory"),
        whole("whole-load", "machine: {}\n", encoded="machine: {}\n"),
        whole("whole-load", "machines: {}\n", encoded="machines: {}\n"),
        whole("whole-patch", "machine: {}\n", "machine: []\n", error=f"{KINDLESS_UNKNOWN}machine: []\n"),
    ],
)
def test_what_is_not_known(row: dict[str, Any]) -> None:
    assert unexplained(row, "1.14") != []


def test_what_is_said_about_other_parts_is_taken_out_whole() -> None:
    said = (
        "2 errors occurred:\n\t* v1alpha1.Config: 3 errors occurred:\n\t* cluster instructions are required\n"
        "\t* invalid machine node labels: 1 error occurred:\n\t* invalid format: too many slashes\n\n\n"
        '\t* registries.mirrors["b"] is null\n\t* registries.config["b"] is null\n\n\n'
        "\t* UserVolumeConfig/x: disk selector is required\nmin size or max size is required\n"
        '\t* RegistryMirrorConfig/a: endpoints[0].url has unsupported scheme: ""\nendpoints[1].url has no host\n\n'
    )
    assert without_foreign(said) == (
        '2 errors occurred:\n\t* v1alpha1.Config: 2 errors occurred:\n\t* registries.config["b"] is null\n'
        '\t* registries.mirrors["b"] is null\n\n\n'
        '\t* RegistryMirrorConfig/a: endpoints[0].url has unsupported scheme: ""\nendpoints[1].url has no host\n\n'
    )
    assert without_foreign("1 error occurred:\n\t* UserVolumeConfig/x: disk selector is required\n\n") is None
