from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import parse
from talos_registry.diagnostic import Diagnostic, Severity, TalosRegistryError
from talos_registry.goyaml import Tree, documents
from talos_registry.goyaml.plain import Plain
from talos_registry.limits import MAX_BYTES
from talos_registry.schema import InvalidSchemaError, TalosSchema, check_schema
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Callable

OWN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "data" / "talos.schema.json").read_text(encoding="utf-8"))
SCHEMA = TalosSchema.of(OWN)
HEAD = "apiVersion: v1alpha1\nkind: "

HOSTNAME = f"{HEAD}HostnameConfig\nhostname: a\n"


def link(settings: str) -> str:
    return f"{HEAD}LinkConfig\nname: eth0\n{settings}"


def check(source: str | bytes, schema: Any = SCHEMA) -> tuple[Diagnostic, ...]:
    return check_schema(parse(source, filename="a.yaml"), schema)


def told(source: str | bytes, schema: Any = SCHEMA) -> list[tuple[int | None, int | None, str]]:
    return [(one.line, one.column, one.message) for one in check(source, schema)]


# One document, one branch, one line per mistake


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("up: true\nmtu: 1500\naddresses: [{address: 10.0.0.1/24}]\n", []),
        ("upp: true\n", [(4, 1, 'Unknown key "upp"; did you mean "up"?')]),
        ('"zzz": true\n', [(4, 1, 'Unknown key "zzz"; known here: apiVersion, kind, name, up, mtu, bond, addresses.')]),
        ('up: "true"\n', [(4, 5, "up must be true or false, not text; remove the quotes.")]),
        ("up: maybe\n", [(4, 5, "up must be true or false, not text.")]),
        ("up: [true]\n", [(4, 5, "up must be true or false, not a list.")]),
        ("mtu: '1500'\n", [(4, 6, "mtu must be a whole number, not text; remove the quotes.")]),
        ("mtu: 1500.5\n", [(4, 6, "mtu must be a whole number, not a fraction.")]),
        ("mtu: true\n", [(4, 6, "mtu must be a whole number, not true or false.")]),
        ("mtu: 67\n", [(4, 6, "mtu must be at least 68.")]),
        ("mtu: 0x1ffff\n", [(4, 6, "mtu must be at most 65535.")]),
        ("bond: 802.3da\n", [(4, 7, 'bond must be "1.0" or "802.3ad", not "802.3da"; did you mean "802.3ad"?')]),
        ("bond: 1.0\n", [(4, 7, 'bond must be "1.0" or "802.3ad", not a fraction; put it in quotes.')]),
        ("bond: {a: b}\n", [(4, 7, 'bond must be "1.0" or "802.3ad", not a mapping.')]),
        ("addresses:\n  address: 10.0.0.1/24\n", [(5, 3, "addresses must be a list, not a mapping.")]),
        ("addresses: [10.0.0.1/24]\n", [(4, 13, "addresses[0] must be a mapping, not text.")]),
        ("addresses:\n  - label: a\n", [(5, 5, 'addresses[0] lacks the key "address".')]),
        ("addresses: [{}]\n", [(4, 13, 'addresses[0] lacks the key "address".')]),
        (
            "addresses:\n  - address: 10.0.0.1/24\n  - adress: 10.0.0.2/24\n    label: x\n",
            [
                (6, 5, 'Unknown key "adress"; did you mean "address"?'),
                (6, 5, 'addresses[1] lacks the key "address".'),
            ],
        ),
        (
            "addresses:\n  - address: 10.0.0.1\n",
            [(5, 14, r'address must match ^[0-9a-f.:]+/\d{1,3}$, not "10.0.0.1".')],
        ),
        ("addresses: [{address: 10}]\n", [(4, 23, r'address must match ^[0-9a-f.:]+/\d{1,3}$, not "10".')]),
        ("<<: {up: true}\n", [(4, 1, "Talos does not take YAML merge keys; write the keys out.")]),
        (
            "up: 1\nmtu: x\n",
            [(4, 5, "up must be true or false, not a number."), (5, 6, "mtu must be a whole number, not text.")],
        ),
    ],
)
def test_a_mistake_is_one_line_with_its_place(settings: str, expected: list[Any]) -> None:
    assert told(link(settings)) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("extraArgs: {v: two, list: [a, b]}\n", []),
        ("extraArgs: {v: {}}\n", [(3, 16, "v must be text or a list, not a mapping.")]),
        ("extraArgs: {v: [a, {}]}\n", [(3, 20, "v[1] must be text, not a mapping.")]),
        ("extraArgs: {V_: a}\n", [(3, 13, 'Unknown key "V_".')]),
        ("ports: [80, a]\n", []),
        ("ports: [[]]\n", [(3, 9, "ports[0] must be a whole number or text, not a list.")]),
        ("limits: {a: 1, b: 1.5, c: x}\n", [(3, 27, "c must be a number, not text.")]),
        ("retired: 1\n", [(1, 1, "The document holds what the schema forbids.")]),
    ],
)
def test_alternatives_and_maps(settings: str, expected: list[Any]) -> None:
    assert told(f"{HEAD}KubeServerConfig\n{settings}") == expected


@pytest.mark.parametrize(
    ("keyword", "value", "said"),
    [
        ({"minLength": 3}, "ab", "a must have at least 3 characters."),
        ({"const": "b"}, "c", 'a must be "b", not "c".'),
        ({"const": 1}, "c", 'a must be 1, not "c".'),
        ({"maxItems": 1}, "[x, y]", "a must have at most 1 items."),
        ({"uniqueItems": True}, "[x, x]", "a has the same item twice."),
        ({"minProperties": 1}, "{}", "a must have at least 1 keys."),
        ({"exclusiveMaximum": 2}, "2", "a must be less than 2."),
        ({"type": ["integer", "null"]}, "x", "a must be a whole number or empty, not text."),
        ({"oneOf": [{"minLength": 1}, {"maxLength": 9}]}, "x", "a fits more than one of the forms it may have."),
        ({"not": {"minLength": 1}}, "x", "a does not meet the not of the schema."),
        ({"anyOf": [False, {"type": "integer"}]}, "x", "a holds what the schema forbids."),
        ({"unevaluatedProperties": False}, "{x: 1}", "a has a key that the schema does not know."),
    ],
)
def test_what_other_keywords_say(keyword: dict[str, Any], value: str, said: str) -> None:
    branch = {"properties": {"kind": {"const": "OtherConfig"}, "a": keyword}}
    assert told(f"kind: OtherConfig\na: {value}\n", {"oneOf": [branch]}) == [(2, 4, said)]


# What Talos takes although the schema does not


@pytest.mark.parametrize(
    "source",
    [
        link("up:\nmtu: ~\naddresses: null\n"),
        link("up: yes\n"),
        link("up: 'off'\n"),
        link("addresses: [{address: 10.0.0.1/24, label: 0123}, {address: 10.0.0.1/24, label: true}]\n"),
        f"{HEAD}HostnameConfig\nhostname: 1.10\nauto:\n",
        f"{HEAD}JoinConfig\nwait: 0\n",
        f"{HEAD}KubeServerConfig\nextraArgs: {{v: 4, w: null}}\nports: [80]\n",
        f"{HEAD}RegistryMirrorConfig\nnonsense: 1\n",
        f"{HEAD}RegistryAuthConfig\nnonsense: 1\n",
        f"{HEAD}RegistryTLSConfig\nnonsense: 1\n",
        f"{HEAD}ImageCacheConfig\nnonsense: 1\n",
        "machine: {registries: {nonsense: 1}, features: {imageCache: {nonsense: 1}}}\n",
        "machine: &m {registries: {nonsense: 1}}\ncluster: {}\n",
        "machine: {kubelet: {extraArgs: {v: 1}}, install: {disk: /dev/sda}, features: {kubePrism: {enabled: true}}}\n",
        "persist: true\ncluster: {clusterName: a, secret: s, apiServer: {image: x}}\n",
        "machine:\ncluster:\n",
    ],
)
def test_what_talos_takes_is_no_finding(source: str) -> None:
    assert told(source) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("machine: {typ: worker}\n", [(1, 11, 'Unknown key "typ"; did you mean "type"?')]),
        (
            "machine: {features: {diskQuotaSupport: 1}}\n",
            [(1, 40, "diskQuotaSupport must be true or false, not a number.")],
        ),
        ("machine: {kubelt: {}}\n", [(1, 11, 'Unknown key "kubelt"; known here: type, token, certSANs, features.')]),
        ("machine: {token: [s3cr3t]}\n", [(1, 18, "token must be text, not a list.")]),
        ("cluster: {kubelet: {}}\n", [(1, 11, 'Unknown key "kubelet"; known here: token.')]),
        (
            "debug: true\nkind: v1alpha1\n",
            [(2, 1, 'Unknown key "kind"; known here: version, debug, machine, cluster.')],
        ),
    ],
)
def test_the_rest_of_the_machine_config_is_checked(source: str, expected: list[Any]) -> None:
    assert told(source) == expected


# Kinds


@pytest.mark.parametrize(
    ("source", "code", "expected"),
    [
        (
            f"{HEAD}HostnamConfig\n",
            "unknown-kind",
            (2, 7, 'The schema has no document kind "HostnamConfig"; did you mean "HostnameConfig"?'),
        ),
        (
            f"{HEAD}RegistryAuthConfg\n",
            "unknown-kind",
            (2, 7, 'The schema has no document kind "RegistryAuthConfg"; did you mean "RegistryAuthConfig"?'),
        ),
        (f"{HEAD}Zzz\n", "unknown-kind", (2, 7, 'The schema has no document kind "Zzz".')),
        ("kind: 12\n", "unknown-kind", (1, 7, 'The schema has no document kind "12".')),
        ("apiVersion: v1alpha1\nname: a\n", "schema-mismatch", (1, 1, "The document has no kind.")),
        ("kind:\nname: a\n", "schema-mismatch", (1, 1, "The document has no kind.")),
        (
            "apiVersion: v1\nkind: HostnameConfig\n",
            "schema-mismatch",
            (1, 13, 'apiVersion must be "v1alpha1", not "v1".'),
        ),
    ],
)
def test_kinds(source: str, code: str, expected: tuple[int, int, str]) -> None:
    assert told(source) == [expected]
    assert [one.code for one in check(source)] == [code]


def test_a_schema_without_the_kindless_document_says_so() -> None:
    schema = {"oneOf": [{"properties": {"kind": {"const": "A"}}}]}
    assert told("machine: {}\n", schema) == [(1, 1, "The schema knows no document without a kind.")]


def test_two_branches_of_a_kind_are_alternatives() -> None:
    branches = [
        {"properties": {"kind": {"const": "A"}, "apiVersion": {"const": version}, "x": {"type": kind}}}
        for version, kind in (("v1", "boolean"), ("v2", "integer"))
    ]
    schema = {"anyOf": branches}
    assert told("kind: A\napiVersion: v2\nx: 1\n", schema) == []
    assert told("kind: A\napiVersion: v2\nx: a\n", schema) == [(3, 4, "x must be a whole number, not text.")]


def test_a_schema_of_another_shape_is_used_whole() -> None:
    schema = {"properties": {"a": {"type": "integer"}}, "required": ["b"]}
    expected = [(1, 1, 'The document lacks the key "b".'), (2, 4, "a must be a whole number, not text.")]
    assert told("kind: Any\na: x\n", schema) == expected


def test_keys_are_shown_without_passwords_and_control_characters() -> None:
    schema = TalosSchema.of({"additionalProperties": {"type": "string"}})
    (finding,) = told('kind: Any\n"http://u:p@h\\u007F": []\n', schema)
    assert finding[2] == r'["http://***@h\x7f"] must be text, not a list.'


def test_a_schema_may_refer_to_the_meta_schema() -> None:
    schema = {"properties": {"a": {"$ref": "https://json-schema.org/draft/2020-12/schema"}}}
    assert [line for line, _, _ in told("kind: Any\na: {type: mapping}\n", schema)] == [2]


def test_older_drafts_work() -> None:
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": {"a": {"properties": {"kind": {"enum": ["A"]}, "x": {"exclusiveMinimum": 3}}}},
        "oneOf": [{"$ref": "#/definitions/a"}],
    }
    assert told("kind: A\nx: 3\n", schema) == [(2, 4, "x must be more than 3.")]


# Streams and places


def test_every_document_of_a_stream_is_checked() -> None:
    stream = f"# first\n---\n{HOSTNAME}---\n---\n- not\n- ours\n---\n{HEAD}Zzz\n---\na: [\n---\n{link('upp: 1')}"
    found = check(stream)
    assert [(one.path, one.line, one.kind, one.name) for one in found] == [
        ((2, "kind"), 12, "Zzz", ""),
        ((4, "upp"), 19, "LinkConfig", "eth0"),
    ]


def test_a_diagnostic_is_complete() -> None:
    (found,) = check(link("addresses:\n  - address: nowhere\n"))
    assert found == Diagnostic(
        code="schema-mismatch",
        severity=Severity.ERROR,
        message=r'address must match ^[0-9a-f.:]+/\d{1,3}$, not "nowhere".',
        path=(0, "addresses", 0, "address"),
        kind="LinkConfig",
        name="eth0",
        file="a.yaml",
        line=5,
        column=14,
        end_line=5,
        end_column=21,
    )


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (link("up: true\n'upp': 1\n"), (5, 1)),
        (link("? upp\n: 1\n"), (4, 3)),
        (link("x: &a 1\n").replace("x:", "mtu: 1500\nup:"), (5, 5)),
        (f"{HEAD}LinkConfig\nname: &n [x]\nup: *n\n", (4, 5)),
        ("---\n" + HEAD + "&k Zzz\n---\napiVersion: v1alpha1\nkind: *k\n", (3, 7)),
    ],
)
def test_places(source: str, place: tuple[int, int]) -> None:
    assert place in [(one.line, one.column) for one in check(source)]


@pytest.mark.parametrize("source", ["", "# nothing\n", "---\n...\n", "a: [", b"\xff\xfe\x00", "- a\n", "text\n"])
def test_what_parse_reports_is_passed_over(source: str | bytes) -> None:
    assert check(source) == ()


def test_what_is_too_large_to_parse_is_passed_over() -> None:
    assert check(f"{HEAD}Zzz\n" + " " * MAX_BYTES) == ()


def test_each_missing_key_is_told_once() -> None:
    lacking = [f'The document lacks the key "{key}".' for key in ("apiVersion", "name")]
    assert told("kind: LinkConfig\n") == [(1, 1, said) for said in lacking]


def test_the_first_of_two_equal_keys_counts() -> None:
    assert told(link("up: x\nup: true\n")) == [(4, 5, "up must be true or false, not text.")]


# Secrets


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("joinToken: s3cr3t!\n", "joinToken must match ^[a-z]{6}$, not this value."),
        ("apiUrl: http://a/b?token=s3cr3t\n", 'apiUrl must match ^https://, not "http://a/b".'),
        ("apiUrl: http://user:s3cr3t@a/b\n", 'apiUrl must match ^https://, not "http://***@a/b".'),
        ("apiUrl: http://a/b#s3cr3t\n", 'apiUrl must match ^https://, not "http://a/b".'),
        ("joinToken: 123456\n", "joinToken must match ^[a-z]{6}$, not this value."),
        ("joinToken: [s3cr3t]\n", "joinToken must be text, not a list."),
    ],
)
def test_secrets_are_not_quoted(settings: str, said: str) -> None:
    assert [one.message for one in check(f"{HEAD}JoinConfig\n{settings}")] == [said]


@pytest.mark.parametrize(
    "key",
    [
        *("password", "auth", "identityToken", "key", "privateKey", "passphrase", "clientSecret"),
        *("pasword", "pwd", "tokn", "priv"),
    ],
)
@pytest.mark.parametrize(
    "keyword", [{"enum": ["a"]}, {"const": "a"}, {"pattern": "^a$"}, {"maxLength": 1}, {"not": {}}]
)
def test_no_keyword_quotes_a_secret(key: str, keyword: dict[str, Any]) -> None:
    schema = {"properties": {"outer": {"properties": {key: keyword}}}}
    (found,) = check(f"kind: Any\nouter:\n  {key}: s3cr3t\n", schema)
    assert "s3cr3t" not in found.message
    (found,) = check(f"kind: Any\n{key}:\n  inner: s3cr3t\n", {"properties": {key: {"properties": {"inner": keyword}}}})
    assert "s3cr3t" not in found.message


# Hostile input


def bomb(levels: int) -> str:
    lines = [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, levels)]
    return f"{HEAD}HostnameConfig\na0: &a0 [x]\n{''.join(lines)}"


@pytest.mark.parametrize(
    "source",
    [
        bomb(12),
        f"{HEAD}HostnameConfig\nauto: &a [*a]\n",
        f"{HEAD}HostnameConfig\nauto: &a {{b: {{c: *a}}}}\n",
        f"{HEAD}HostnameConfig\nauto: &a {'[' * 150}{']' * 150}\nhostname: {'[' * 150}*a{']' * 150}\n",
    ],
)
def test_aliases_have_a_limit(source: str) -> None:
    start = time.monotonic()
    (found,) = check(source)
    assert found.code == "limit-exceeded"
    assert (found.line, found.column) == (1, 1)
    assert "this tool stops here" in found.message
    assert time.monotonic() - start < 5


def test_a_spent_alias_budget_ends_the_stream_but_depth_does_not() -> None:
    assert [one.code for one in check(f"{bomb(12)}---\n{HEAD}Zzz\n")] == ["limit-exceeded"]
    deep = f"{HEAD}HostnameConfig\nauto: &a [*a]\n"
    assert [one.code for one in check(f"{deep}---\n{HEAD}Zzz\n")] == ["limit-exceeded", "unknown-kind"]


def test_findings_have_a_limit() -> None:
    found = check(link("".join(f"unknown{at}: 1\n" for at in range(1200))))
    assert len(found) == 1001
    assert found[-1].code == "limit-exceeded"
    assert found[-1].message == "The check against the schema stops here, after 1000 findings."


@pytest.mark.parametrize("wait", ["0000s" * 40 + "x", "1" * 100_000, "0" * 40 + "!"])
def test_patterns_that_backtrack_do_not_hang(wait: str) -> None:
    start = time.monotonic()
    check(f"{HEAD}JoinConfig\nwait: '{wait}'\n")
    assert time.monotonic() - start < 5


def test_short_texts_are_tried_against_such_patterns() -> None:
    assert told(f"{HEAD}JoinConfig\nwait: 5m30s\n") == []
    assert [line for line, _, _ in told(f"{HEAD}JoinConfig\nwait: 5 minutes\n")] == [3]


def test_a_document_nested_as_deep_as_can_be_read_is_checked_against_a_recursive_schema() -> None:
    schema = {"additionalProperties": {"$ref": "#"}, "items": {"$ref": "#"}}
    assert {one.code for one in check(f"kind: Any\na: {'[' * 198}{']' * 198}\n", schema)} <= {"limit-exceeded"}


def test_a_schema_that_never_ends_is_a_limit() -> None:
    assert [one.code for one in check("kind: Any\n", {"$ref": "#"})] == ["limit-exceeded"]


# Schemas that cannot be used


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ([], "The schema is not a JSON object."),
        (None, "The schema is not a JSON object."),
        ({"type": "mapping"}, r"The schema is wrong at type: 'mapping' is not "),
        ({"properties": {"a.b": {"minimum": "1"}}}, r'The schema is wrong at properties\["a.b"\].minimum: '),
        ({"properties": {"a": {"pattern": "("}}}, r"The schema is wrong at properties.a.pattern: "),
        ({"oneOf": [{"$ref": "#/$defs/a"}]}, r'The schema refers to "#/\$defs/a", which it does not contain.'),
        ({"properties": {"a": {"$ref": "#nowhere"}}}, r'The schema refers to "#nowhere", which it does not contain.'),
        (
            {"oneOf": [{"$ref": "https://schemas.example/a.json"}]},
            r'The schema refers to "https://schemas.example/a.json"',
        ),
    ],
)
def test_a_bad_schema_is_refused_at_once(schema: Any, said: str) -> None:
    with pytest.raises(InvalidSchemaError, match=f"^{said}"):
        TalosSchema.of(schema)
    with pytest.raises(TalosRegistryError):
        check_schema(parse(""), schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"$ref": "#/required"}}, "required": ["kind"]},
        {"properties": {"a": {"$id": "urn:x", "$ref": "#/nowhere"}}},
    ],
)
def test_a_schema_found_bad_in_use_is_refused_too(schema: dict[str, Any]) -> None:
    assert check("kind: Any\n", schema) == ()
    with pytest.raises(InvalidSchemaError, match=r"^The schema cannot be used for Any: "):
        check("kind: Any\na: 1\n", schema)


def test_a_schema_nested_without_end_is_refused() -> None:
    schema: dict[str, Any] = {}
    for _ in range(2000):
        schema = {"not": schema}
    with pytest.raises(InvalidSchemaError, match=r"^The schema is nested too deeply\.$"):
        TalosSchema.of(schema)


def test_branches_that_name_no_kind_are_those_of_the_kindless_document() -> None:
    branches = [
        {"properties": {"kind": kind}} for kind in (True, {}, {"enum": ["A", "B"]}, {"const": 1}, {"const": "C"})
    ]
    assert sorted(TalosSchema.of({"oneOf": [True, *branches]}).by_kind) == ["C", "v1alpha1"]


def test_a_schema_that_refers_to_itself_forever_is_taken_apart() -> None:
    assert TalosSchema.of({"oneOf": [{"$ref": "#/oneOf/0"}]}).by_kind == {}


# Plain data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("0x1F", 31),
        ("0o17", 15),
        ("0123", 83),
        ("1_000", 1000),
        ("-0b11", -3),
        ("1.5e3", 1500.0),
        ("-.inf", float("-inf")),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("2001-01-01", "2001-01-01"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!int abc", "abc"),
        ("!!int '12'", 12),
        ("[a, {b: 1}]", ["a", {"b": 1}]),
        ("{a: 1, a: 2, 3: x}", {"a": 1, "3": "x"}),
        ("[&x {a: 1}, *x]", [{"a": 1}, {"a": 1}]),
        ("{<<: {a: 1}}", {"<<": {"a": 1}}),
    ],
)
def test_plain_data(text: str, value: Any) -> None:
    (tree,) = documents(f"- {text}\n", release_of(LATEST))
    assert isinstance(tree, Tree)
    plain = Plain().value(tree.root)
    assert plain == [value]
    assert type(plain[0]) is type(value)


# Speed and Talos' own schema


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_a_schema_is_taken_apart_once_for_a_stream() -> None:
    stream = "---\n".join([HOSTNAME] * 50)
    once = min(seconds(lambda: TalosSchema.of(OWN)) for _ in range(3))
    assert min(seconds(lambda: check(stream, OWN)) for _ in range(3)) < 20 * once


def test_parsing_does_not_import_jsonschema() -> None:
    program = "import sys, talos_registry.loading.config; talos_registry.loading.config.parse('a: 1'); print('jsonschema' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
