from __future__ import annotations

import pytest

from talos_registry import parse

HEAD = "apiVersion: v1alpha1\nkind: {}\nname: a\n"
SAID = "error decoding document v1alpha1/{}/a (line 1): unknown keys found during decoding:\n"


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("RegistryAuthConfig", "foo: bar\n", "foo: bar\n"),
        ("RegistryAuthConfig", "b10: x\nb9: x\n_: x\nB: x\n", "_: x\nB: x\nb9: x\nb10: x\n"),
        ("RegistryAuthConfig", "1: x\n~: x\ny: 2\n'': z\n", '"": z\n"~": x\n"1": x\n\'y\': 2\n'),
        ("RegistryAuthConfig", "foo: [a, 'b', {c: d}] # e\n", "foo: [a, 'b', {c: d}]\n"),
        ("RegistryAuthConfig", "foo: &x !!int 1 # e\nbar: *x\n", "bar: *x\nfoo: &x !!int 1 # e\n"),
        ("RegistryAuthConfig", "foo:\nbar: ~\nbaz: null\n", "bar: ~\nbaz: null\nfoo:\n"),
        ("RegistryAuthConfig", "foo: |\n  a\n   b\n", "foo: |\n    a\n     b\n"),
        ("RegistryAuthConfig", "x: &x {username: u}\n<<: *x\n", "'<<': *x\nx: &x {username: u}\n"),
        ("RegistryAuthConfig", "!!binary dXNlcm5hbWU=: x\n", "dXNlcm5hbWU=: x\n"),
        (
            "RegistryMirrorConfig",
            "endpoints:\n- url: http://a\n- url: http://b\n  x: 1\n- z: {z: 'http://c'}\n",
            "endpoints:\n    - x: 1\n    - z: {z: 'http://c'}\n",
        ),
        (
            "RegistryTLSConfig",
            "clientIdentity: {cert: a, crt: b}\nname2: c\n",
            "clientIdentity:\n    crt: b\nname2: c\n",
        ),
        ("ImageCacheConfig", "local: {Enabled: true}\n", "local:\n    Enabled: true\nname: a\n"),
    ],
)
def test_what_talos_prints(kind: str, text: str, shown: str) -> None:
    assert parse(HEAD.format(kind) + text).talos_error == SAID.format(kind) + shown


@pytest.mark.parametrize(
    ("kind", "text", "code", "path", "message"),
    [
        (
            "RegistryMirrorConfig",
            "endpoint: []\n",
            "unknown-key",
            (0, "endpoint"),
            'Unknown key "endpoint"; did you mean "endpoints"?',
        ),
        (
            "RegistryMirrorConfig",
            "endpoints: [{uri: a}]\n",
            "unknown-key",
            (0, "endpoints", 0, "uri"),
            'Unknown key "uri"; did you mean "url"?',
        ),
        (
            "ImageCacheConfig",
            "local: {x: 1}\n",
            "unknown-key",
            (0, "local", "x"),
            'Unknown key "x"; the keys here are enabled.',
        ),
        (
            "RegistryTLSConfig",
            "clientIdentity: {crt: x, key: y}\n",
            "wrong-pem-encoding",
            (0, "clientIdentity", "crt"),
            '"crt" is the other spelling of cert; here it is cert, with PEM text.',
        ),
    ],
)
def test_what_this_tool_says(kind: str, text: str, code: str, path: tuple[int | str, ...], message: str) -> None:
    one = parse(HEAD.format(kind) + text).diagnostics[-1]
    assert (one.code, one.path, one.message) == (code, path, message)


@pytest.mark.parametrize(
    "text",
    [
        "x: &e [{url: http://a, bad: 1}]\nendpoints: *e\n",
        "endpoints: [&e {url: http://a}, *e]\nx: 1\n",
    ],
)
def test_aliases_are_not_followed_before_1_14(text: str) -> None:
    config = parse(HEAD.format("RegistryMirrorConfig") + text, talos_version="1.13")
    assert [one.path for one in config.diagnostics] == [(0, "x")]


def test_aliases_are_followed_since_1_14() -> None:
    config = parse(HEAD.format("RegistryMirrorConfig") + "endpoints:\n  - &e {url: http://a, foo: 1}\n  - *e\n")
    assert (config.talos_error or "").endswith("decoding:\nendpoints:\n    - foo: 1\n    - foo: 1\n")


def test_more_unknown_keys_than_anyone_reads() -> None:
    text = HEAD.format("RegistryAuthConfig") + "".join(f"k{n}: v\n" for n in range(2_000))
    config = parse(text)
    assert len(config.diagnostics) == 1_001
    assert config.diagnostics[-1].code == "limit-exceeded"
    assert config.talos_error is not None
    assert "k1999: v\n" in config.talos_error


@pytest.mark.parametrize(
    ("text", "talos_error", "place"),
    [
        (
            "machine:\n  sysctls: &s {a: '1'}\n  kubelet:\n    extraArgs: {<<: *s}\n",
            "unknown keys found during decoding:\nmachine:\n    kubelet:\n        extraArgs:\n            '<<':\n                a: '1'\n",
            (2, 16),
        ),
        (
            "machine:\n  sysctls: &s {a: '1'}\n  nodeLabels: {<<: *s}\n",
            "unexpected type for yaml mapping: string",
            (3, 16),
        ),
        ("machine:\n  nodeLabels: {<<: [{a: b}]}\n", "unexpected type for yaml sequence: string", (2, 16)),
    ],
)
def test_what_is_merged_into_a_map_is_looked_at_as_a_value(text: str, talos_error: str, place: tuple[int, int]) -> None:
    config = parse(text)
    assert config.talos_error == f"error decoding document /v1alpha1/ (line 1): {talos_error}"
    assert [(diagnostic.line, diagnostic.column) for diagnostic in config.diagnostics] == [place]


def test_a_wrong_type_hides_no_unknown_key() -> None:
    diagnostics = parse("machine:\n  nodeTaints: [a]\n  diskk: 1\n").diagnostics
    assert [diagnostic.code for diagnostic in diagnostics] == ["wrong-type", "unknown-key"]


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ("{address: {a: b}}", "unknown keys found during decoding:\nnameservers:\n    - address:\n        a: b\n"),
        (
            "{address: [a]}",
            (
                "error decoding ResolverConfig to *network.ResolverConfigV1Alpha1: yaml: unmarshal errors:\n"
                "  line 4: cannot unmarshal !!seq into network.Addr"
            ),
        ),
    ],
)
def test_an_address_is_a_struct_without_keys_to_1_12(members: str, problem: str) -> None:
    text = f"apiVersion: v1alpha1\nkind: ResolverConfig\nnameservers:\n- {members}\n"
    config = parse(text, talos_version="1.12")
    assert config.talos_error == f"error decoding document v1alpha1/ResolverConfig/ (line 1): {problem}"


def test_a_word_is_no_struct_to_1_12() -> None:
    text = "apiVersion: v1alpha1\nkind: BondConfig\nname: a\nlinks: [b]\nbondMode: {a: b}\n"
    problem = (
        "error decoding BondConfig to *network.BondConfigV1Alpha1: yaml: unmarshal errors:\n"
        "  line 5: cannot unmarshal !!map into nethelpers.BondMode"
    )
    config = parse(text, talos_version="1.12")
    assert config.talos_error == f"error decoding document v1alpha1/BondConfig/a (line 1): {problem}"
