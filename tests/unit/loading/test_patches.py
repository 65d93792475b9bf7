from __future__ import annotations

import json

import pytest

from talos_registry import InvalidConfigError, lint, parse_patch
from talos_registry.linting import fix
from talos_registry.redaction import find_secrets, redact

DELETING = """\
machine:
  registries:
    mirrors:
      docker.io:
        $patch: delete
      ghcr.io:
        endpoints:
          - $patch: delete
            url: https://old.example
          - https://harbor.example/v2/hub
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: quay.io
$patch: delete
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: quay.io
endpoints:
  - url: https://new.example
"""


def found(text: str, version: str = "1.14") -> list[tuple[str, int | None, int | None]]:
    config = parse_patch(text, filename="patch.yaml", talos_version=version)
    return [(diagnostic.code, diagnostic.line, diagnostic.column) for diagnostic in lint(config)]


@pytest.mark.parametrize("version", ["1.12", "1.13", "1.14"])
def test_statements_are_no_keys_and_items_that_are_deleted_do_not_count(version: str) -> None:
    assert parse_patch(DELETING, talos_version=version).diagnostics == ()
    assert found(DELETING, version) == [("doubled-v2", 10, 13)]


def test_a_fix_leaves_the_statements_alone() -> None:
    fixed = fix(parse_patch(DELETING), unsafe=True).config.text
    assert fixed.splitlines()[:9] == DELETING.splitlines()[:9]
    assert found(fixed) == []


def test_a_document_may_come_twice_where_talos_merges_them_in_turn() -> None:
    again = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a.example\nendpoints: [{url: https://b.example}]\n"
    assert found(f"{again}---\n{again}", "1.14") == []
    assert found(f"{again}---\n{again}", "1.13") == [("duplicate-document", 8, 7)]


@pytest.mark.parametrize(
    "text",
    [
        "# only a comment\n",
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a.example\nskipFallback: true\n",
        "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a.example\nusername: puller\n",
        "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: a.example\nclientIdentity: {key: '${KEY}'}\n",
        "machine: {registries: {mirrors: {a.example: {skipFallback: true}}}}\n",
    ],
)
def test_what_a_config_may_hold_is_not_missing(text: str) -> None:
    assert found(text) == []


def test_a_statement_where_there_can_be_none_has_a_place() -> None:
    text = "machine:\n  registries:\n    mirrors:\n      a:\n        endpoints: [{url: x, y: {$patch: delete}}]\n"
    (diagnostic,) = parse_patch(text).diagnostics
    assert (diagnostic.code, diagnostic.line, diagnostic.column) == ("patch-error", 5, 34)
    assert "cannot delete an inner key" in diagnostic.message


OPERATIONS = """\
- op: add
  path: /machine/registries/mirrors/ghcr.io
  value:
    endpoints: [https://harbor.example/v2/hub]
- op: add
  path: /machine/registries/mirrors/ghcr.io/endpoints/-
  value: harbor.example
- op: test
  path: /machine/registries/mirrors/quay.io/endpoints/0
  value: harbor.example
- {op: remove, path: /machine/registries/mirrors/quay.io}
- op: replace
  path: /machine/registries/mirors/quay.io
  value: {}
"""


def test_values_of_a_json_patch_are_judged_at_their_paths() -> None:
    expected = [("endpoint-without-scheme", 7, 10), ("doubled-v2", 4, 17), ("unknown-key", 13, 9)]
    assert sorted(found(OPERATIONS)) == sorted(expected)
    assert fix(parse_patch(OPERATIONS), unsafe=True).config.text == OPERATIONS


def test_a_json_patch_in_json() -> None:
    value = {"endpoints": ["https://harbor.example/v2/hub"]}
    text = json.dumps([{"op": "add", "path": "/machine/registries/mirrors/ghcr.io", "value": value}], indent=1)
    assert found(text) == [("doubled-v2", 7, 5)]


def test_paths_into_documents_of_other_kinds_say_nothing() -> None:
    assert found("- {op: add, path: /endpoints/-, value: {url: harbor.example}}\n") == []


def test_secrets_of_operations_are_seen() -> None:
    text = "\n".join(
        f"- op: {op}\n  path: /machine/registries/config/a.example/auth/password\n  value: hunter2"
        for op in ("test", "add", "replace")
    )
    config = parse_patch(text)
    assert [diagnostic.line for diagnostic in find_secrets(config)] == [3, 6, 9]
    assert "hunter2" not in redact(config)
    assert redact(config).count("REDACTED") == 3


@pytest.mark.parametrize(
    "operation",
    [
        '{"op": "remove", "path": "/machine/env", "value": {"url": "http://user:hunter2@a.example"}}',
        '{"op": "add", "path": "/endpoints/-", "value": {"url": "http://user:hunter2@a.example"}}',
        '{"op": "add", "path": "/machine/env", "value": {}, "why": "http://user:hunter2@a.example"}',
    ],
)
def test_secrets_beside_what_is_judged_are_hidden(operation: str) -> None:
    text = f'[{{"op": "test", "path": "/machine/type", "value": "worker"}}, {operation}]'
    assert "hunter2" not in redact(parse_patch(text))


def test_a_patch_that_nobody_can_read_is_not_redacted() -> None:
    with pytest.raises(InvalidConfigError):
        redact(parse_patch('["http://user:hunter2@a.example", {"op": "test", "path": "/machine/type", "value": "a"}]'))


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("{op: frob, path: /machine/type, value: x}", 'there is no operation "frob"'),
        ("{op: move, path: /machine/type}", "from where"),
        ("{op: add, value: x}", "has op and path"),
        ("text", "has op and path"),
    ],
)
def test_an_operation_that_no_config_takes(operation: str, message: str) -> None:
    (diagnostic,) = parse_patch(f"- {{op: remove, path: /machine/env}}\n- {operation}\n").diagnostics
    assert (diagnostic.code, diagnostic.line) == ("patch-error", 2)
    assert message in diagnostic.message


def test_what_is_set_very_often_costs_no_more_than_it_has_to() -> None:
    mirror = (
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a.example\nendpoints: [{url: 'https://b.example'}]\n"
    )
    assert found("---\n".join([mirror] * 3000)) == []
