from __future__ import annotations

import pytest

from talos_registry import parse
from talos_registry.diagnostic import Diagnostic, Severity
from talos_registry.report.excerpt import excerpts

LEGACY = "machine:\n  registries:\n"


def shown(text: str, line: int, column: int = 1, end: int = 2) -> list[str] | None:
    """The line and its carets."""
    one = Diagnostic(
        code="x", severity=Severity.ERROR, message="", line=line, column=column, end_line=line, end_column=end
    )
    (excerpt,) = excerpts(parse(text), [one])
    return excerpt and [excerpt.line, " " * excerpt.begin + "^" * (excerpt.end - excerpt.begin)]


def last_line(text: str) -> str | None:
    excerpt = shown(text, text.count("\n") + 1)
    return excerpt[0] if excerpt else None


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("name: docker.io", "name: docker.io"),
        ("- url: http://10.5.0.1:5000", "- url: http://10.5.0.1:5000"),
        ('name: "*"', 'name: "*"'),
        ("name: &hub docker.io", "name: &hub docker.io"),
        ("url: http://[fd00::1]:5000/v2", "url: http://[fd00::1]:5000/v2"),
        ("url: http://${HOST}:${PORT}", "url: http://${HOST}:${PORT}"),
        ("skipFallback: true", "skipFallback: true"),
        ("endpoints: [{url: http://a, overridePath: true}]", "endpoints: [{url: http://a, overridePath: true}]"),
        ('{"kind": "x", "endpoints": [{"url":"http://a"}]}', '{"kind": "x", "endpoints": [{"url":"http://a"}]}'),
        (f"{LEGACY}    mirrors:\n      '*':\n        endpoints:\n        - http://a", "        - http://a"),
        (f"{LEGACY}    mirrors:\n      ghcr.io:\n        endpoints:\n          - a:1", "          - a:1"),
        ("name: docker.io\n  endpoints:", "  endpoints:"),
        ("# it's hidden\nname: docker.io", "name: docker.io"),
        ("---\nname: docker.io", "name: docker.io"),
        ("--- # text\nname: docker.io", "name: docker.io"),
        ("note: it's\nname: docker.io", "name: docker.io"),
        ("note: it's\n---\nname: docker.io", "name: docker.io"),
        ("note: 'two\n  lines'\nname: docker.io", "name: docker.io"),
        ("note: |\n  it's\nname: docker.io", "name: docker.io"),
        ("note: [a,\n  b]\nname: docker.io", "name: docker.io"),
        ("a: 'x\n---\nname: docker.io", "name: docker.io"),
        ("a: [\n---\nname: docker.io", "name: docker.io"),
        ("'it''s': 1\nname: docker.io", "name: docker.io"),
        ("name: docker.io\nalias: &x {a: 1}\nname: *x", "name: *x"),
        ("<<: &base {name: docker.io}", "<<: &base {name: docker.io}"),
    ],
)
def test_lines_with_nothing_secret_are_shown(text: str, last: str) -> None:
    assert last_line(text) == last


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("password: hunter2", "password: ********"),
        ('password: "hunter2"', "password: ********"),
        ("password: true", "password: ********"),
        ("auth: aHVudGVyMg==", "auth: ********"),
        ("identityToken: hunter2 and more", "identityToken: ********"),
        ("  key: hunter2", "  key: ********"),
        ("ca: LS0tLS1CRUdJTg==", "ca: ********"),
        ("pasword: hunter2", "pasword: ********"),
        ("sikpFallback: true", "sikpFallback: true"),
        ("auth: {x: true, password: yes}", "auth: {********: ********, password: ********}"),
        ("auth: true", "auth: ********"),
        ("password: {name: hunter2}", "password: ********"),
        ("{username: u, password: hunter2, name: x}", "{username: u, password: ********, name: x}"),
        ('{"username": "u", "password": "hunter2", "name": "x"}', '{"username": "u", "password": ********, "name": "x"}'),
        ("auth: {username: u, name: hunter2}", "auth: {username: u, name: ********}"),
        ("url: https://u:hunter2@h.example/v2", "url: https://***@h.example/v2"),
        ("url: https://u:hunt/er2@h.example/v2", "url: https://***@h.example/v2"),
        ("url: 'https://u:hunt er2@h.example/v2'", "url: 'https://***@h.example/v2'"),
        ("url: https://u:hunter2", "url: ********"),
        ("name: u:hunter2@h.example", "name: ***@h.example"),
        ("config: {'https://u:hunter2@h': {}}", "config: {'https://***@h': {}}"),
        ("name: docker.io # password hunter2", "name: docker.io # ..."),
        ("key: |", "key: |"),
        ("endpoints: ['https://u:hunter2@h', http://b]", "endpoints: ['https://***@h', http://b]"),
        ("endpoints:\n- #password:\n  hunter2\n- a # x", "- a # ..."),
        ("auth:\n  pasword: hunter2", "  pasword: ********"),
        ("auth: {username: u, hunter2: x}", "auth: {username: u, ********: ********}"),
        ("clientIdentity: {key: hunter2, name: hunter2}", "clientIdentity: {key: ********, name: ********}"),
        ("name: &p hunter2\npassword: *p\nusername: *p", "username: *p"),
        ("password: &p hunter2 # x", "password: ******** # ..."),
        ("password: !!str hunter2", "password: ********"),
        ('name: "hunt\\x65r2"', "name: ********"),
        ("name: a b", "name: ********"),
        ("url: https://u:hunter2, w@h.example", "url: https://***@h.example"),
        ("u:hunter2@h: {}", "***@h: {}"),
        ("--- {password: hunter2} # x", "--- {password: ********} # ..."),
        ('{"password": {\n"name": "hunter2"}, "name": "x"}', '********, "name": "x"}'),
    ],
)  # fmt: skip
def test_secrets_are_masked(text: str, last: str) -> None:
    assert last_line(text) == last


@pytest.mark.parametrize(
    "text",
    [
        "hunter2",
        "- hunter2",
        "password:\n  hunter2",
        "password:\n  - hunter2",
        "password:\n  name: hunter2",
        "password:\n- name: hunter2",
        "password: |\n  name: hunter2",
        "password: |2-\n\n  x\n  name: hunter2",
        "- password: >\n    name: hunter2",
        "- |\n name: hunter2",
        "--- |\n name: hunter2",
        '{"password":\n"hunter2"}',
        "? password\n: hunter2",
        "? [name]\n: {name: hunter2}",
        "auth:\n  password: &p\n    name: hunter2",
        "endpoints:\n- #password:\n  hunter2",
        "my password: hunter2",
        "%TAG ! hunter2\n--- a\n...\n%TAG ! hunter2",
        "[" * 100,
        "",
        "   ",
    ],
)
def test_lines_with_nothing_to_show_are_not_shown(text: str) -> None:
    assert last_line(text) is None


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("--- |\nname: hunter2", "name: ********"),
        ("--- {password:\nname: hunter2", "name: ********"),
        ('password: "x\n  name: hunter2', "  name: ********"),
        ('password: "x\nname: hunt\\qer2', "name: ********"),
        ("password: 'x\n\nname: hunter2", "name: ********"),
        ("password: x\n  name: hunter2", "  name: ********"),
        ("name: x, password: hunter2", "name: ********"),
        ('name: hunter2", password: x', "name: ********"),
        ('name: "hunter2', "name: ********"),
        ("name: x\n\tname: hunter2", "\\tname: ********"),
        ("a: [\n- - 'password' : hunter2", "- - 'password' : ********"),
        ("name: *", "name: *"),
        ("a: [\nendpoints: [", "endpoints: ["),
        ("a: [\npassword: *", "password: ********"),
        ("a: [\nhunter2: hunter2", None),
        ("a: [\n'hunter2", None),
        ("a: [\n# hunter2", None),
        ("name: *\n--- # hunter2", None),
    ],
)
def test_of_documents_that_are_broken_known_keys_are_shown(text: str, last: str | None) -> None:
    assert last_line(text) == last


@pytest.mark.parametrize(
    ("text", "column", "end", "excerpt"),
    [
        ("  - url: http://a", 10, 18, ["  - url: http://a", "         ^^^^^^^^"]),
        ("password: hunter2", 11, 18, ["password: ********", "          ^^^^^^^^"]),
        ("password: x", 11, 12, ["password: ********", "          ^^^^^^^^"]),
        ("url: https://u:p@h", 6, 19, ["url: https://***@h", "     ^^^^^^^^^^^^^"]),
        ("name: x", 5, 5, ["name: x", "    ^"]),
        ("name: x", 8, 9, ["name: x", "       ^"]),
    ],
)
def test_carets_are_below_what_it_is_about(text: str, column: int, end: int, excerpt: list[str]) -> None:
    assert shown(text, 1, column, end) == excerpt


def test_carets_go_to_the_end_of_the_line_where_more_lines_are_meant() -> None:
    one = Diagnostic(code="x", severity=Severity.ERROR, message="", line=1, column=3, end_line=3, end_column=1)
    (excerpt,) = excerpts(parse("name: docker.io\nx: 1\n"), [one])
    assert excerpt is not None
    assert (excerpt.begin, excerpt.end) == (2, 15)


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    names = ", ".join(f"'http://m{number:03}'" for number in range(100))
    text = f"endpoints: [{names}]"
    column = text.index("'http://m050'")
    excerpt = shown(text, 1, column + 1, column + 14)
    assert excerpt is not None
    line, carets = excerpt
    assert line.startswith("...")
    assert line.endswith("...")
    assert len(line) == 126
    assert line[carets.index("^") : len(carets)] == "'http://m050'"


def test_lines_are_what_yaml_takes_for_lines() -> None:
    assert shown("kind: a\r\nname: b\rname: c\u2028name: d", 4) == ["name: d", "^"]


def test_a_text_that_is_very_long_has_no_excerpts() -> None:
    text = "a: 1\n" * 300_000
    one = Diagnostic(code="x", severity=Severity.ERROR, message="", line=1, column=1)
    assert excerpts(parse(text), [one]) == ()


def test_findings_of_a_file_point_at_their_text() -> None:
    text = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n  - url: 10.5.0.1:5000\n"
    (one,) = parse(text).diagnostics
    (excerpt,) = excerpts(parse(text), [one])
    assert excerpt is not None
    assert excerpt.line[excerpt.begin : excerpt.end] == "10.5.0.1:5000"
