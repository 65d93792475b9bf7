"""Values of Go types from YAML, by the tables of what Talos does with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import parse
from talos_registry.documents.encoder import canonical_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry.loading import MachineConfig

HEAD = "apiVersion: v1alpha1\nkind: {}\nname: a\n"
PREFIX = "error decoding document v1alpha1/{0}/a (line 1): error decoding {0} to *cri.{0}V1Alpha1: "


def said(kind: str, error: str) -> str:
    return PREFIX.format(kind) + error


def errors(kind: str, *entries: str) -> str:
    return said(kind, "yaml: construct errors: " + "; ".join(entries))


def auth(text: str) -> MachineConfig:
    return parse(HEAD.format("RegistryAuthConfig") + text)


def mirror(text: str) -> MachineConfig:
    return parse(HEAD.format("RegistryMirrorConfig") + text)


def tls(text: str) -> MachineConfig:
    return parse(HEAD.format("RegistryTLSConfig") + text)


def values(config: MachineConfig) -> dict[str, Any]:
    (entry,) = config.entries
    assert entry.values is not None
    return {key: value for key, value in entry.values.items() if key not in {"apiVersion", "kind", "name"}}


STRINGS = {
    "0123": "0123", "0o17": "0o17", "1_000": "1_000", "12.50": "12.50", "-0": "-0", "true": "true", "yes": "yes", "y": "y",
    ".inf": ".inf", ".nan": ".nan", "190:20:30": "190:20:30", "=": "=", "<<": "<<", "nUll": "nUll", "!!str null": "null",
    "!!str ~": "~", "!!str": "", "!!int 12": "12", "!!int '12'": "12", "!!float 1": "1", "!!bool true": "true", "!foo bar": "bar",
    "!!seq x": "x", "!!merge x": "x", "!!binary aGVsbG8=": "hello", "!!binary /w==": "\udcff", "'2001-01-01'": "2001-01-01",
    "!!str 2001-01-01": "2001-01-01", "2001-13-01": "2001-13-01", "! 12": "12", "|\n  a\n  b\n": "a\nb\n", ">-\n  a\n  b\n": "a b",
    "a #b": "a", "a#b": "a#b", "'it''s'": "it's", '"\\u00e4"': "ä",
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), STRINGS.items())
def test_a_string_keeps_its_text(text: str, value: str) -> None:
    assert values(auth(f"username: {text}\n")) == {"username": value}


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL", "!!null ''", "&x", "!!null"])
def test_a_null_leaves_a_string_unset(text: str) -> None:
    assert values(auth(f"username: {text}\n")) == {}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("2001-01-01", "cannot construct !!timestamp `2001-01-01` into string"),
        ("2001-12-14t21:59:43.10-05:00", "cannot construct !!timestamp `2001-12...` into string"),
        ("!!timestamp 2001-01-01", "cannot construct !!timestamp `2001-01-01` into string"),
        ("[a]", "cannot construct !!seq into string"),
        ("{a: b}", "cannot construct !!map into string"),
        ("!foo [a]", "cannot construct !foo `` into string"),
    ],
)
def test_what_is_no_string(text: str, error: str) -> None:
    assert auth(f"username: {text}\n").talos_error == errors("RegistryAuthConfig", f"line 4: {error}")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("!!int abc", "go-yaml load error in resolver at <unknown position>: cannot construct !!str `abc` as a !!int"),
        ("!!null x", "go-yaml load error in resolver at <unknown position>: cannot construct !!str `x` as a !!null"),
        (
            "!!bool yes",
            "go-yaml load error in resolver at <unknown position>: cannot construct !!str `yes` as a !!bool",
        ),
        ("!!binary '!'", "go-yaml load error in constructor at L4.C11: !!binary value contains invalid base64 data"),
    ],
)
def test_what_stops_go_yaml_stops_all(text: str, error: str) -> None:
    config = auth(f"username: {text}\npassword: [a]\n")
    assert config.talos_error == said("RegistryAuthConfig", error)
    assert len(config.diagnostics) == 1


TRUE = [
    "true",
    "True",
    "TRUE",
    "y",
    "Y",
    "yes",
    "Yes",
    "YES",
    "on",
    "On",
    "ON",
    "'yes'",
    '"y"',
    "|-\n  on\n",
    "!!bool 'true'",
    "!!str yes",
]
FALSE = ["false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF", "'no'", "<<"]


@pytest.mark.parametrize(("text", "value"), [*((text, True) for text in TRUE), *((text, False) for text in FALSE)])
def test_flags(text: str, value: bool) -> None:
    assert values(mirror(f"skipFallback: {text}\n")) == {"skipFallback": value}


@pytest.mark.parametrize("text", ["", "~", "null", "!!null ''"])
def test_a_null_leaves_a_flag_unset(text: str) -> None:
    assert values(mirror(f"skipFallback: {text}\n")) == {}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("'true'", "!!str `true`"),
        ("!!str true", "!!str `true`"),
        ("1", "!!int `1`"),
        ("1.0", "!!float `1.0`"),
        ("t", "!!str `t`"),
        ("yEs", "!!str `yEs`"),
        ("!foo yes", "!foo `yes`"),
        ("a_very_long_word", "!!str `a_very_...`"),
        ("äääääää", "!!str `äää\ufffd...`"),
        ("[yes]", "!!seq"),
        ("! ''", "! ``"),
        ('! "true"', "! `true`"),
        ("! >-\n  a", "! `a`"),
    ],
)
def test_what_is_no_flag(text: str, shown: str) -> None:
    error = errors("RegistryMirrorConfig", f"line 4: cannot construct {shown} into bool")
    assert mirror(f"skipFallback: {text}\n").talos_error == error


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("1.12", "yaml: cannot decode !!str `<<` as a !!{}"),
        ("1.13", "yaml: cannot construct !!merge `<<` as a !!{}"),
        ("1.14", "go-yaml load error in resolver at <unknown position>: cannot construct !!merge `<<` as a !!{}"),
    ],
)
@pytest.mark.parametrize("tag", ["float", "bool", "null"])
def test_what_a_merge_key_is_taken_for_under_another_tag(tag: str, version: str, said: str) -> None:
    text = f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a\nskipFallback: !!{tag} <<\n"
    error = parse(text, talos_version=version).talos_error
    assert error is not None
    assert error.endswith(f"RegistryMirrorConfigV1Alpha1: {said.format(tag)}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("endpoints:\n", {}),
        ("endpoints: []\n", {"endpoints": []}),
        ("endpoints: [null, {url: 'http://x'}, ~]\n", {"endpoints": [{"url": "http://x"}]}),
        ("endpoints: [{}]\n", {"endpoints": [{}]}),
        (
            "endpoints: [{url: HTTP://ä/b c}, {url: ''}, {url: }]\n",
            {"endpoints": [{"url": "http://%C3%A4/b%20c"}, {"url": ""}, {}]},
        ),
        ("endpoints: [{url: !!binary aHR0cDovL2E=}]\n", {"endpoints": [{"url": "http://a"}]}),
        ("endpoints: [&e {url: 'http://x'}, *e]\n", {"endpoints": [{"url": "http://x"}, {"url": "http://x"}]}),
    ],
)
def test_endpoints(text: str, value: dict[str, Any]) -> None:
    assert values(mirror(text)) == value


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("endpoints: a\n", ["line 4: cannot construct !!str `a` into []cri.RegistryEndpoint"]),
        ("endpoints: {url: a}\n", ["line 4: cannot construct !!map into []cri.RegistryEndpoint"]),
        (
            "endpoints:\n- http://a\n- [b]\n- url: 2001-01-01\n- url: ':'\n  overridePath: 1\n",
            [
                "line 5: cannot construct !!str `http://a` into cri.RegistryEndpoint",
                "line 6: cannot construct !!seq into cri.RegistryEndpoint",
                "line 7: cannot construct !!timestamp `2001-01-01` into string",
                'line 8: parse ":": missing protocol scheme',
                "line 9: cannot construct !!int `1` into bool",
            ],
        ),
    ],
)
def test_every_error_is_told(text: str, entries: list[str]) -> None:
    config = mirror(text)
    assert config.talos_error == errors("RegistryMirrorConfig", *entries)
    assert len(config.diagnostics) == len(entries)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("clientIdentity:\n", {}),
        ("clientIdentity: {}\n", {"clientIdentity": {}}),
        ("clientIdentity: {cert: c, key: ~}\n", {"clientIdentity": {"cert": "c"}}),
    ],
)
def test_structs(text: str, value: dict[str, Any]) -> None:
    assert values(tls(text)) == value


@pytest.mark.parametrize(
    ("make", "text", "entries"),
    [
        (auth, "password: a\n'password': b\n", ['line 5: mapping key "password" already defined at line 4']),
        (
            auth,
            "auth: a\nauth: b\nauth: [c]\n",
            [
                'line 5: mapping key "auth" already defined at line 4',
                'line 6: mapping key "auth" already defined at line 4',
                'line 6: mapping key "auth" already defined at line 5',
            ],
        ),
        (mirror, "endpoints:\n- url: a\n  url: b\n", ['line 6: mapping key "url" already defined at line 5']),
        (mirror, "skipFallback: {a: b, a: c}\n", ['line 4: mapping key "a" already defined at line 4']),
    ],
)
def test_duplicate_keys(make: Callable[[str], MachineConfig], text: str, entries: list[str]) -> None:
    config = make(text)
    kind = config.diagnostics[0].kind
    assert config.talos_error == errors(kind, *entries)
    assert {one.code for one in config.diagnostics} == {"duplicate-key"}


def test_keys_twice_in_an_unknown_part_are_not_counted() -> None:
    assert auth("x: {a: b, a: c}\n").diagnostics[0].code == "unknown-key"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "endpoints:\n- &e {url: http://a, <<: *e}\n",
            "go-yaml load error in composer at L5.C26: anchor 'e' value contains itself",
        ),
        (
            "endpoints:\n- {<<: a}\n",
            "go-yaml load error in constructor at L5.C8: map merge requires map or sequence of maps as the value",
        ),
    ],
)
def test_merge_keys_that_cannot_be_merged(text: str, error: str) -> None:
    assert mirror(text).talos_error == said("RegistryMirrorConfig", error)


def test_merge_keys_are_executed_and_then_refused() -> None:
    config = parse("x: &x {username: u}\n---\n" + HEAD.format("RegistryAuthConfig") + "<<: *x\n")
    assert config.diagnostics[-1].message == "Talos does not take YAML merge keys; write the keys out."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("username: [a]\n", "username must be text, not a list."),
        ("username: 2001-01-01\n", "username must be text, not a date; put it in quotes."),
        ("password: {x: secret}\n", "password must be text, not a mapping."),
        ("password: !!int secret\n", "The value is tagged !!int and is not one."),
        ("username: !!binary secret!\n", "The value is tagged !!binary and is not base64."),
    ],
)
def test_messages_about_text(text: str, message: str) -> None:
    assert [one.message for one in auth(text).diagnostics] == [message]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("skipFallback: 'true'\n", 'skipFallback must be true or false, not "true"; remove the quotes.', (4, 15, 4, 21)),
        ("endpoints: [a]\n", 'endpoints[0] must be a mapping, not "a".', (4, 13, 4, 14)),
        ("endpoints:\n- url: http://a b\n", 'The endpoint "http://a b" is not a URL: invalid character " " in host name.', (5, 8, 5, 18)),
        ("endpoints: {}\n", "endpoints must be a list, not a mapping.", (4, 12, 4, 14)),
    ],
)  # fmt: skip
def test_messages_and_places(text: str, message: str, place: tuple[int, int, int, int]) -> None:
    (one,) = mirror(text).diagnostics
    assert (one.message, (one.line, one.column, one.end_line, one.end_column)) == (message, place)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("username: [a]\n", (0, "username")),
        ("foo: [a]\n", (0, "foo")),
    ],
)
def test_paths(text: str, path: tuple[int | str, ...]) -> None:
    assert [one.path for one in auth(text).diagnostics] == [path]


def test_a_limit_is_not_talos() -> None:
    bomb = "endpoints: [" + "&e {}, " + "*e, " * 99_990 + "]\n"
    config = mirror(bomb)
    assert ([one.code for one in config.diagnostics], config.talos_error) == (["limit-exceeded"], None)


# Other kinds


def refusal(kind: str, members: str) -> str:
    error = parse(f"apiVersion: v1alpha1\nkind: {kind}\n{members}\n").talos_error
    assert error is not None
    return error.partition("yaml: construct errors: ")[2]


def written_out(config: MachineConfig) -> str:
    return canonical_text(((entry.kind, entry.values or {}) for entry in config.entries), config.release)


def member(kind: str, members: str, *path: str | int) -> Any:
    (entry,) = parse(f"apiVersion: v1alpha1\nkind: {kind}\n{members}\n").entries
    found: Any = entry.values
    for step in path:
        found = found[step] if isinstance(step, int) else found.get(step)
    return found


INTS = {
    "1": 1, "-1": -1, "+1": 1, "0x10": 16, "0o17": 15, "017": 15, "0b11": 3, "1_000": 1000, "1.0": 1, "1e3": 1000,
    "!!int '1'": 1, "!!float 1": 1, "-0": 0, "9007199254740993.0": 9007199254740992, "null": None,
    "9223372036854775807": 9223372036854775807, "-9223372036854775808": -9223372036854775808,
}  # fmt: skip


@pytest.mark.parametrize(("text", "number"), INTS.items())
def test_numbers(text: str, number: int | None) -> None:
    assert member("ZswapConfig", f"maxPoolPercent: {text}", "maxPoolPercent") == number


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1.5", "!!float `1.5`"), ("1e30", "!!float `1e30`"), (".inf", "!!float `.inf`"), (".nan", "!!float `.nan`"),
        ("9223372036854775808", "!!int `9223372...`"), ("18446744073709551616", "!!float `1844674...`"),
        ("9223372036854775807.0", "!!float `9223372...`"), ("'1'", "!!str `1`"), ("!!str 1", "!!str `1`"),
        ("a", "!!str `a`"), ("true", "!!bool `true`"), ("[1]", "!!seq"), ("{a: 1}", "!!map"), ("1:20", "!!str `1:20`"),
        ("2001-01-01", "!!timestamp `2001-01-01`"), ("!foo 1", "!foo `1`"), ("! 1", "! `1`"),
    ],
)  # fmt: skip
def test_what_is_no_number(text: str, shown: str) -> None:
    assert refusal("ZswapConfig", f"maxPoolPercent: {text}") == f"line 3: cannot construct {shown} into int"


@pytest.mark.parametrize(
    ("kind", "members", "error"),
    [
        ("ContainerConfig", "runAs: {uid: 2147483648}", "line 3: cannot construct !!int `2147483648` into int32"),
        ("ContainerConfig", "runAs: {uid: -2147483649}", "line 3: cannot construct !!int `-214748...` into int32"),
        ("VLANConfig", "vlanID: 65536", "line 3: cannot construct !!int `65536` into uint16"),
        ("VLANConfig", "vlanID: -1", "line 3: cannot construct !!int `-1` into uint16"),
        ("UserVolumeConfig", "encryption: {blockSize: 1e20}", "line 3: cannot construct !!float `1e20` into uint64"),
        ("UserVolumeConfig", "encryption: {blockSize: 18446744073709551616}", "line 3: cannot construct !!float `1844674...` into uint64"),
        ("EtcFileConfig", "mode: 4294967296", "line 3: cannot construct !!int `4294967296` into runtime.EtcFileMode"),
        ("EtcFileConfig", "mode: '0644'", "line 3: cannot construct !!str `0644` into runtime.EtcFileMode"),
        ("FilesystemTrimConfig", "interval: 1d", "line 3: cannot construct !!str `1d` into time.Duration"),
        ("FilesystemTrimConfig", "interval: 2562047h47m16.854775808s", "line 3: cannot construct !!str `2562047...` into time.Duration"),
        ("KubeAPIServerConfig", "extraArgs: {a: {b: c}}", "line 3: arg value must be a string or list of strings"),
        ("KubeAPIServerConfig", "extraArgs: {a: [[b]]}", "line 3: arg value must be a string or list of strings"),
        ("KubeAPIServerConfig", "extraArgs: {a: 2001-01-01}", "line 3: arg value must be a string or list of strings"),
        ("KubeAPIServerConfig", "extraArgs: {a: !!binary '!'}", "line 3: arg value must be a string or list of strings"),
        ("NetworkRuleConfig", "portSelector: {ports: ['80']}", 'line 3: invalid port range: "80"'),
        ("NetworkRuleConfig", "portSelector: {ports: [80-65536]}", 'line 3: invalid port range: "80-65536"'),
        ("NetworkRuleConfig", "portSelector: {ports: [+1-2]}", 'line 3: invalid port range: "+1-2"'),
        ("NetworkRuleConfig", "portSelector: {ports: ['80 - 90']}", 'line 3: invalid port range: "80 - 90"'),
        ("NetworkRuleConfig", "portSelector: {ports: [-1]}", 'line 3: invalid port range: "-1"'),
        ("NetworkRuleConfig", "portSelector: {ports: [[80]]}", "line 3: cannot construct !!seq into string"),
        ("CRIBaseRuntimeSpecConfig", "overrides: []", "line 3: cannot construct !!seq into meta.Unstructured"),
        ("CRIBaseRuntimeSpecConfig", "overrides: {a: {b: 1, b: 2}}", 'line 3: mapping key "b" already defined at line 3'),
        ("UserVolumeConfig", "encryption: {keys: [a]}", "line 3: cannot construct !!str `a` into block.EncryptionKey"),
        ("BondConfig", "hardwareAddr: [1]", "line 3: cannot construct !!seq into nethelpers.HardwareAddr (TextUnmarshaler)"),
        ("ContainerConfig", "network: {mode: [a]}", "line 3: cannot construct !!seq into config.ContainerNetworkMode"),
        ("EthernetConfig", "features: {a: '1'}", "line 3: cannot construct !!str `1` into bool"),
    ],
)  # fmt: skip
def test_what_other_kinds_do_not_take(kind: str, members: str, error: str) -> None:
    assert refusal(kind, members) == error


@pytest.mark.parametrize(
    ("kind", "members", "path", "value"),
    [
        ("UserVolumeConfig", "encryption: {blockSize: 18446744073709551615}", ("encryption", "blockSize"), 18446744073709551615),
        ("UserVolumeConfig", "encryption: {blockSize: 1e19}", ("encryption", "blockSize"), 10**19),
        ("EtcFileConfig", "mode: 0644", ("mode",), 0o644),
        ("EtcFileConfig", "mode: 0x1a4", ("mode",), 0o644),
        ("EtcFileConfig", "mode: 4294967295", ("mode",), 0xFFFFFFFF),
        ("FilesystemTrimConfig", "interval: 90m", ("interval",), "1h30m0s"),
        ("FilesystemTrimConfig", "interval: 0", ("interval",), "0s"),
        ("KubeAPIServerConfig", "extraArgs: {a: 1}", ("extraArgs", "a"), "1"),
        ("KubeAPIServerConfig", "extraArgs: {a: [1, true]}", ("extraArgs", "a"), ["1", "true"]),
        ("KubeAPIServerConfig", "extraArgs: {a: !!binary aGVsbG8=}", ("extraArgs", "a"), "hello"),
        ("NetworkRuleConfig", "portSelector: {ports: [80, 80-90, 90-80, 80-80, 080-090, 80.0, 1e3, 0x50]}", ("portSelector", "ports"), [80, "80-90", "90-80", 80, "80-90", 80, 1000, 80]),
        ("BondConfig", "links: [a, null, b]", ("links",), ["a", "b"]),
        ("EthernetConfig", "wakeOnLan: [phy, null, MAGIC]", ("wakeOnLan",), ["phy", "magic"]),
        ("EthernetConfig", "features: {a: yes, b: null}", ("features",), {"a": True, "b": False}),
        ("EnvironmentConfig", "variables: {a: null, 1: b}", ("variables",), {"a": "", "1": "b"}),
        ("UserVolumeConfig", "encryption: {keys: [{slot: 1}, null]}", ("encryption", "keys"), [{"slot": 1}]),
        ("CRIBaseRuntimeSpecConfig", "overrides: {a: [1, null, {b: 1.5}], c: yes, d: !!int '1', e: !foo f}", ("overrides",), {"a": [1, None, {"b": 1.5}], "c": "yes", "d": 1, "e": "f"}),
        ("CRIBaseRuntimeSpecConfig", "overrides: {a: {<<: {x: z}}}", ("overrides", "a"), {"x": "z"}),
        ("CRIBaseRuntimeSpecConfig", "overrides: {a: !!binary aGVsbG8=, b: 0o17, c: 1:20}", ("overrides",), {"a": "hello", "b": 15, "c": "1:20"}),
    ],
)  # fmt: skip
def test_values_of_other_kinds(kind: str, members: str, path: tuple[str | int, ...], value: Any) -> None:
    assert member(kind, members, *path) == value


@pytest.mark.parametrize(
    "text",
    ["machine: {ca: s3cret}\n", "cluster: {inlineManifests: s3cret}\n", "machine: |\n  token: s3cret\n  a\n"],
)
def test_no_value_in_the_place_of_a_collection_is_shown(text: str) -> None:
    (diagnostic,) = parse(text).diagnostics
    assert "s3cret" not in str(diagnostic)


def test_a_deletion_that_is_no_patch_is_called_that() -> None:
    (diagnostic,) = parse("cluster: {token: {$patch: delete}}\n").diagnostics
    assert (diagnostic.code, diagnostic.message) == (
        "wrong-type",
        "token must be text, not a mapping; $patch is for patches (see patch check, and lint --merge).",
    )


@pytest.mark.parametrize(("talos_version", "value"), [("1.12", "yes"), ("1.13", "yes"), ("1.14", None)])
def test_a_scalar_tagged_as_a_merge_is_nothing_since_1_14(talos_version: str, value: str | None) -> None:
    text = "cluster: {apiServer: {admissionControl: [{name: P, configuration: {a: !!merge yes}}]}}\n"
    (entry,) = parse(text, talos_version=talos_version).entries
    assert entry.values is not None
    assert entry.values["cluster"]["apiServer"]["admissionControl"][0]["configuration"] == {"a": value}


def test_what_is_merged_into_a_certificate_is_base64_as_well() -> None:
    config = parse("cluster:\n  serviceAccount:\n    <<:\n      key: 1\n")
    assert config.talos_error is not None
    assert config.talos_error.endswith("yaml: construct errors: line 3: illegal base64 data at input byte 0")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2001-1-2", "2001-01-02T00:00:00Z"),
        ("2001-12-14 21:59:43.10", "2001-12-14T21:59:43.1Z"),
        ("2001-12-14t1:5:3.1234567891234Z", "2001-12-14T01:05:03.123456789Z"),
        ("2001-12-14T1:5:3-00:00", "2001-12-14T01:05:03Z"),
        ("2001-12-14T1:5:3.000-01:30", "2001-12-14T01:05:03-01:30"),
        ("!!timestamp '0000-01-01'", "0000-01-01T00:00:00Z"),
        ("'2001-01-01'", '"2001-01-01"'),
        ("-0", "-0"),
        ("!!float -0", "-0"),
        ("-00", "0"),
        ("[-0.0]", "\n                    - -0"),
        ("{-0: 1}", "\n                    -0: 1"),
    ],
)
def test_dates_and_zeros_are_what_yaml_makes_of_them(text: str, written: str) -> None:
    config = parse(f"cluster: {{apiServer: {{admissionControl: [{{name: P, configuration: {{a: {text}}}}}]}}}}\n")
    between = "" if written.startswith("\n") else " "
    assert written_out(config).endswith(f"configuration:\n                a:{between}{written}\n")


def test_arguments_are_quoted_only_where_they_would_be_read_as_something_else() -> None:
    text = "cluster: {etcd: {extraArgs: {a: ['y', 'no', '1', '1:20'], b: 'no', c: '1', d: '1:20', e: '<<', f: '~'}}}\n"
    lines = written_out(parse(text)).partition("extraArgs:\n")[2].split("\n")
    assert [line.strip() for line in lines if line] == [
        *("a:", "- y", "- no", '- "1"', "- 1:20", "b: no", 'c: "1"', "d: 1:20", 'e: "<<"', 'f: "~"')
    ]


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("cluster: {etcd: {extraArgs: {a: !!merge x}}}\n", ("cluster", "etcd", "extraArgs"), {"a": "x"}),
        ("cluster: {etcd: {extraArgs: {a: <<}}}\n", ("cluster", "etcd", "extraArgs"), {"a": "<<"}),
        ("machine: {sysctls: {a: !!merge x}}\n", ("machine", "sysctls"), {"a": "x"}),
    ],
)
def test_a_scalar_tagged_as_a_merge_is_text_where_text_is_read(text: str, path: tuple[str, ...], value: object) -> None:
    (entry,) = parse(text).entries
    found: Any = entry.values
    for step in path:
        found = found[step]
    assert found == value


def test_a_word_tagged_as_a_merge_is_checked() -> None:
    text = "apiVersion: v1alpha1\nkind: RawVolumeConfig\nname: b\nencryption: {provider: !!merge x}\n"
    config = parse(text)
    assert config.talos_error is not None
    assert config.talos_error.endswith("construct errors: line 4: x does not belong to EncryptionProviderType values")


@pytest.mark.parametrize(
    "text",
    [
        "machine: {files: [{permissions: !!binary '!!!'}]}\n",
        "apiVersion: v1alpha1\nkind: VLANConfig\nname: a\nvlanID: !!binary '!!!'\n",
        "apiVersion: v1alpha1\nkind: WatchdogTimerConfig\ntimeout: !!binary '!!!'\n",
    ],
)
def test_what_is_tagged_as_binary_is_base64_in_the_place_of_a_number_too(text: str) -> None:
    config = parse(text)
    assert config.talos_error is not None
    assert config.talos_error.endswith("!!binary value contains invalid base64 data")


@pytest.mark.parametrize(
    ("gateway", "problem"),
    [
        ("{{x: }}", "yaml: unmarshal errors:\n  line 4: cannot unmarshal !!map into string"),
        ("{<<: x}", "yaml: map merge requires map or sequence of maps as the value"),
        ("{a: 1, a: 2}", 'yaml: unmarshal errors:\n  line 4: mapping key "a" already defined at line 4'),
    ],
)
def test_the_keys_of_an_address_are_read_by_1_12(gateway: str, problem: str) -> None:
    text = f"apiVersion: v1alpha1\nkind: DummyLinkConfig\nname: a\nroutes: [{{gateway: {gateway}}}]\n"
    config = parse(text, talos_version="1.12")
    assert config.talos_error is not None
    assert config.talos_error.endswith(problem)
