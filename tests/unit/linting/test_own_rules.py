from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import Finding, MachineConfig, Rule, Severity, View, lint, parse
from talos_registry.linting import Add, ProposedFix, Put

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = """apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: http://10.5.0.1:5000
"""
PATCH = (
    "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints: [{url: 'http://10.5.0.2:5000'}]\n"
)


def plain_http(view: View) -> Iterator[Finding]:
    for mirror, endpoint in view.endpoints():
        if endpoint.scheme == "http":
            yield Finding(endpoint.path, f"{mirror.name} is asked for without TLS.")


PLAIN_HTTP = Rule("plain-http", Severity.WARNING, plain_http)


def codes(config: MachineConfig, **options: Any) -> list[str]:
    return [one.code for one in lint(config, rules=[PLAIN_HTTP], **options)]


def test_a_rule_of_ones_own_finds_things_at_their_places() -> None:
    (found,) = lint(parse(TEXT, filename="a.yaml"), rules=iter([PLAIN_HTTP]))
    assert str(found) == "a.yaml:5:10: warning[plain-http]: docker.io is asked for without TLS."
    assert (found.kind, found.name, found.path) == ("RegistryMirrorConfig", "docker.io", (0, "endpoints", 0, "url"))


def test_a_rule_of_ones_own_is_chosen_and_suppressed_as_others() -> None:
    assert codes(parse(TEXT), ignore=["plain-http"]) == []
    assert codes(parse(TEXT), select=["plain-http"]) == ["plain-http"]
    assert codes(parse(TEXT), select=["doubled-v2"]) == []
    suppressed = TEXT.replace("5000", "5000  # talos-registry: ignore[plain-http] it is on the same host")
    assert codes(parse(suppressed)) == []
    assert [one.message for one in lint(parse(suppressed))] == ['There is no code "plain-http" to ignore.']
    unused = TEXT.replace("http:", "https:").replace("5000", "5000  # talos-registry: ignore[plain-http]")
    assert codes(parse(unused)) == ["unused-suppression"]


def test_a_rule_of_ones_own_looks_at_what_patches_make() -> None:
    found = lint(
        [parse(TEXT, filename="base"), parse(PATCH, filename="patch")], rules=[PLAIN_HTTP], select=["plain-http"]
    )
    assert [(one.file, one.line) for one in found] == [("base", 5), ("patch", 4)]


def test_a_rule_of_ones_own_can_fix() -> None:
    def check(view: View) -> Iterator[Finding]:
        (mirror,) = view.mirrors.values()
        fix = ProposedFix("Name it", (Add(mirror.path, "skipFallback", "true"),), safe=True)
        yield Finding(mirror.name_path, "No fallback is wanted here.", fix, Severity.INFO)

    (found,) = lint(parse(TEXT), rules=[Rule("fallback", Severity.WARNING, check)])
    assert found.severity is Severity.INFO
    assert found.fix is not None
    assert (found.fix.title, [edit.text for edit in found.fix.edits]) == ("Name it", ["skipFallback: true\n"])


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("Plain HTTP", r"not a code: 'Plain HTTP' \(write words with hyphens between them, such as 'plain-http'\)"),
        ("", "not a code: ''"),
        ("a--b", "not a code: 'a--b'"),
    ],
)
def test_a_code_is_words_with_hyphens(code: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Rule(code, Severity.INFO, plain_http)


def test_a_severity_may_be_its_word() -> None:
    word: Any = "info"
    assert Rule("a", word, plain_http).severity is Severity.INFO
    with pytest.raises(ValueError, match="'worse' is not a valid Severity"):
        Rule("a", Severity("worse"), plain_http)


@pytest.mark.parametrize("code", ["doubled-v2", "missing-url", "yaml-syntax", "plain-http"])
def test_a_code_is_that_of_one_rule(code: str) -> None:
    with pytest.raises(ValueError, match=f"^there is another rule with the code '{code}'$"):
        lint(parse(TEXT), rules=[PLAIN_HTTP, Rule(code, Severity.INFO, plain_http)])


@pytest.mark.parametrize(
    ("found", "error", "message"),
    [
        ("no finding", TypeError, "lint takes findings of the class Finding from the rule mine, not str"),
        (Finding((), "x"), ValueError, r"the rule mine finds something at \(\), where there is no document"),
        (Finding((1, "name"), "x"), ValueError, r"the rule mine finds something at \(1, 'name'\), where there is no document"),
        (Finding(("name",), "x"), ValueError, r"the rule mine finds something at \('name',\), where there is no document"),
    ],
)  # fmt: skip
def test_a_wrong_finding_is_told_with_its_rule(found: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{message}$"):
        lint(parse(TEXT), rules=[Rule("mine", Severity.INFO, lambda _: [found])])


def test_a_path_that_leads_nowhere_is_that_of_what_it_begins_with() -> None:
    (found,) = lint(parse(TEXT), rules=[Rule("mine", Severity.INFO, lambda _: [Finding((0, "nothing", 7), "x")])])
    assert (found.line, found.path) == (1, (0, "nothing", 7))


def test_rules_and_findings_are_values() -> None:
    assert pickle.loads(pickle.dumps(PLAIN_HTTP)) == PLAIN_HTTP  # noqa: S301 - its own
    assert hash(PLAIN_HTTP) == hash(Rule("plain-http", Severity.WARNING, plain_http))
    fix = ProposedFix("x", (Put((0,), "http://u:hunter2@a"), Add((0,), "url", "http://u:hunter2@a")))
    assert "hunter2" not in repr(Finding((0, "http://u:hunter2@a"), 'The "http://u:hunter2@a".', fix))


def test_what_a_view_holds_shows_no_secret() -> None:
    text = (
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: http://u:hunter2@a\n"
        "endpoints: [{url: http://u:hunter2@b}]\n---\n"
        "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: b\npassword: hunter2\n"
    )
    view = View(parse(text))
    assert "hunter2" not in repr((view, view.mirrors["http://u:hunter2@a"], view.auths["b"], [*view.endpoints()]))
