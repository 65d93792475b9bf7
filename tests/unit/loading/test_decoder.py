"""Which kind a document is, by the tables of what Talos makes of it."""

from __future__ import annotations

import pytest

from talos_registry import parse

DOCUMENT = "error decoding document "


@pytest.mark.parametrize(
    ("text", "error", "code"),
    [
        ("{}\n", "/v1alpha1/ (line 1): missing kind", "missing-kind"),
        ("version: v1alpha1\n", "/v1alpha1/ (line 1): missing kind", "missing-kind"),
        ("apiVersion: v1alpha2\n", "v1alpha2/v1alpha1/ (line 1): missing kind", "missing-kind"),
        (
            "kind: RegistryAuthConfig\nname: a\n",
            "/RegistryAuthConfig/a (line 1): missing apiVersion",
            "missing-api-version",
        ),
        (
            "apiVersion: v1alpha1\nkind: Registryauthconfig\n",
            'v1alpha1/Registryauthconfig/ (line 1): "Registryauthconfig" "v1alpha1": not registered',
            "unknown-kind",
        ),
        ("apiVersion: v1alpha1\nkind: 12\n", 'v1alpha1/12/ (line 1): "12" "v1alpha1": not registered', "unknown-kind"),
        (
            "apiVersion: 1\nkind: RegistryAuthConfig\n",
            '1/RegistryAuthConfig/ (line 1): "RegistryAuthConfig" "1": not registered',
            "unsupported-api-version",
        ),
        (
            "apiVersion: v1alpha1\nkind: [a]\n",
            "v1alpha1/v1alpha1/ (line 1): kind decode: yaml: construct errors: line 2: cannot construct !!seq into string",
            "wrong-type",
        ),
        (
            "apiVersion: 2001-01-01\nkind: x\n",
            "2001-01-01/x/ (line 1): version decode: yaml: construct errors: line 1: cannot construct !!timestamp `2001-01-01` into string",
            "wrong-type",
        ),
        (
            "apiVersion: v1alpha1\nname: a\n",
            "v1alpha1/v1alpha1/a (line 1): unknown keys found during decoding:\napiVersion: v1alpha1\nname: a\n",
            "missing-kind",
        ),
        (
            "# c\n\nkind: v1alpha1\nmachine: {}\n",
            "/v1alpha1/ (line 3): unknown keys found during decoding:\nkind: v1alpha1\n",
            "unknown-key",
        ),
        (
            "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nusername: kind\npassword: x\n",
            'v1alpha1/RegistryAuthConfig/ (line 1): "password" "v1alpha1": not registered',
            "unknown-kind",
        ),
        (
            "kind: RegistryAuthConfig\nname: machine\napiVersion: v2\n",
            'v2/RegistryAuthConfig/machine (line 1): "RegistryAuthConfig" "v2": not registered',
            "unsupported-api-version",
        ),
    ],
)
def test_what_has_no_kind(text: str, error: str, code: str) -> None:
    config = parse(text)
    assert config.talos_error == DOCUMENT + error
    assert config.diagnostics[0].code == code


@pytest.mark.parametrize(
    ("text", "crash"),
    [
        ("apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: kind\n", "runtime error: index out of range [6] with length 6"),
        ("a: apiVersion\n", "runtime error: index out of range [2] with length 2"),
        ("!!null {apiVersion: v1alpha1, kind: RegistryAuthConfig, name: a, foo: 1}\n", "reflect: call of reflect.Value.Type on zero Value"),
    ],
)  # fmt: skip
def test_what_crashes_talos(text: str, crash: str) -> None:
    config = parse(text)
    assert config.talos_error == f"recovered: {crash}"
    assert config.diagnostics[0].code == "talos-crash"


@pytest.mark.parametrize(
    ("text", "api_version", "kind"),
    [
        ("kind: RegistryAuthConfig\nname: machine\n", "", "RegistryAuthConfig"),
        ("apiVersion: v2\nkind: RegistryAuthConfig\nname: cluster\n", "v2", "RegistryAuthConfig"),
        ("kind: RegistryAuthConfig\nusername: persist\nname: a\n", "", "RegistryAuthConfig"),
        ("kind: !!binary UmVnaXN0cnlBdXRoQ29uZmln\napiVersion: v1alpha1\nname: a\n", "v1alpha1", "RegistryAuthConfig"),
        ("name: &a RegistryAuthConfig\nkind: *a\napiVersion: v1alpha1\n", "v1alpha1", "RegistryAuthConfig"),
        ("!!int {apiVersion: v1alpha1, kind: RegistryAuthConfig, name: a}\n", "v1alpha1", "RegistryAuthConfig"),
        ("machine:\n", "", "v1alpha1"),
        ("debug: true\n", "", "v1alpha1"),
        ("!!null {machine: {}}\n", "", "v1alpha1"),
        (
            "apiVersion: v1alpha1\nkind: VolumeConfig\nname: EPHEMERAL\nprovisioning: {\ngrow: true}\n",
            "v1alpha1",
            "VolumeConfig",
        ),
    ],
)
def test_what_loads(text: str, api_version: str, kind: str) -> None:
    config = parse(text)
    assert config.talos_error is None
    assert [(document.api_version, document.kind) for document in config.documents] == [(api_version, kind)]


@pytest.mark.parametrize(
    ("kind", "version", "code", "message"),
    [
        ("ImageCacheConfig", "1.14", None, ""),
        ("ImageCacheConfig", "1.13", "kind-needs-newer-talos", "ImageCacheConfig needs Talos 1.14; the target is 1.13."),
        ("RegistryMirrorConfig", "1.11.3", "kind-needs-newer-talos", "RegistryMirrorConfig needs Talos 1.12; the target is 1.11.3."),
        ("RegistryMirorConfig", "1.14", "unknown-kind", 'Talos 1.14 has no document kind "RegistryMirorConfig"; did you mean "RegistryMirrorConfig"?'),
        ("Foo", "1.11", None, ""),
    ],
)  # fmt: skip
def test_kinds_by_version(kind: str, version: str, code: str | None, message: str) -> None:
    config = parse(f"apiVersion: v1alpha1\nkind: {kind}\nname: a\n", talos_version=version)
    found = [(one.code, one.message) for one in config.diagnostics if one.code != "unknown-key"]
    assert found == ([] if code is None else [(code, message)])


def test_the_version_is_quoted_where_it_stands() -> None:
    (one,) = parse("apiVersion: v1beta1\nkind: RegistryAuthConfig\nname: a\n").diagnostics
    assert one.message == 'Talos knows RegistryAuthConfig as apiVersion v1alpha1, not "v1beta1".'
    assert (one.path, one.line, one.column) == ((0, "apiVersion"), 1, 13)


def test_unknown_keys_are_told_although_talos_stops_at_another_problem_first() -> None:
    config = parse("apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a\nskipFallback: 3\nendpoint: []\n")
    assert [one.code for one in config.diagnostics] == ["wrong-type", "unknown-key"]
    assert config.talos_error is not None
    assert config.talos_error.endswith("line 4: cannot construct !!int `3` into bool")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "kind: RegistryMirrorConfig\nkind: HostnameConfig\n",
            'RegistryMirrorConfig/ (line 1): error decoding HostnameConfig to *network.HostnameConfigV1Alpha1: yaml: construct errors: line 3: mapping key "kind" already defined at line 2',
        ),
        (
            "kind: SideroLinkConfig\na: b\n'kind': SideroLinkConfig\na: c\n",
            'SideroLinkConfig/ (line 1): error decoding SideroLinkConfig to *siderolink.ConfigV1Alpha1: yaml: construct errors: line 4: mapping key "kind" already defined at line 2; line 5: mapping key "a" already defined at line 3',
        ),
        (
            "kind: OOMConfig\napiVersion: v1alpha1\n",
            'OOMConfig/ (line 1): error decoding OOMConfig to *runtime.OOMV1Alpha1: yaml: construct errors: line 3: mapping key "apiVersion" already defined at line 1',
        ),
    ],
)
def test_a_document_of_any_kind_says_once_what_it_is(text: str, error: str) -> None:
    config = parse(f"apiVersion: v1alpha1\n{text}")
    assert config.talos_error == f"{DOCUMENT}v1alpha1/{error}"
    assert {one.code for one in config.diagnostics} == {"duplicate-key"}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "HostnameConfig\nhostname: a\nhostname: b\n",
            'HostnameConfig/ (line 1): error decoding HostnameConfig to *network.HostnameConfigV1Alpha1: yaml: construct errors: line 4: mapping key "hostname" already defined at line 3',
        ),
        (
            "VolumeConfig\nname: a\nprovisioning: {\ngrow: 1}\n",
            "VolumeConfig/a (line 1): error decoding VolumeConfig to *block.VolumeConfigV1Alpha1: yaml: construct errors: line 5: cannot construct !!int `1` into bool",
        ),
        (
            "VolumeConfig\nnonsense: [\n1]\n",
            "VolumeConfig/ (line 1): unknown keys found during decoding:\nnonsense: [1]\n",
        ),
    ],
)
def test_other_kinds_are_judged_since_1_12(text: str, error: str) -> None:
    document = f"apiVersion: v1alpha1\nkind: {text}"
    assert parse(document).talos_error == f"{DOCUMENT}v1alpha1/{error}"
    assert parse(document, talos_version="1.11").talos_error is None


def test_other_parts_of_the_kind_less_document_are_judged_since_1_12() -> None:
    text = "machine: {kubelet: {a: 1}}\ncluster: {a: b}\n"
    assert parse(text).talos_error == (
        f"{DOCUMENT}/v1alpha1/ (line 1): unknown keys found during decoding:\ncluster:\n    a: b\nmachine:\n    kubelet:\n        a: 1\n"
    )
    assert parse(text, talos_version="1.11").talos_error is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("machine: {kubelt: {}, registries: {mirror: {}}}\n", ["unknown-key"]),
        ("machine: {kubelt: {}}\n", []),
        ("machine: {}\nextra: {}\n", ["unknown-key"]),
    ],
)
def test_before_1_12_only_registry_settings_and_the_root_have_known_keys(text: str, codes: list[str]) -> None:
    assert [diagnostic.code for diagnostic in parse(text, talos_version="1.11").diagnostics] == codes
