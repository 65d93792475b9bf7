from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from talos_registry import parse
from talos_registry.diagnostic import Diagnostic, Severity
from talos_registry.report.excerpt import excerpts
from talos_registry.report.masked_text import MaskedText

SECRET = "hunter2"

WRITTEN = [
    SECRET, f'"{SECRET}"', f"'{SECRET}'", f"&p {SECRET}", f"!!str {SECRET}", f"|\n~{SECRET}\n~name: {SECRET}",
    f">-\n~name: {SECRET}", f'"a\n~name: {SECRET}"', f"a\n~b {SECRET}", f"\n~{SECRET}", f"'\n~name: {SECRET}\n~'",
    f"[{SECRET}]", f"[name, {SECRET}]", f"it's {SECRET}", f"a # {SECRET}", f"# {SECRET}\n~{SECRET}",
    f"|2- # {SECRET}\n~{SECRET}", "*p",
]  # fmt: skip
COLLECTIONS = [
    f"&p\n~name: {SECRET}", f"\n~name: {SECRET}", f"{{name: {SECRET}}}", f"{{\n~name: {SECRET}}}", f"&p {{name: {SECRET}}}",
    f"!x\n~- name: {SECRET}", f"\n~name: &p {SECRET}", f"[{{'name': {SECRET},\n~url: '{SECRET}'}}]",
]  # fmt: skip
"""Secrets below keys of their own, which are hidden by the key above: damage to it would make others of them."""
KEYS = ["password", "identityToken", "auth", "key", "pasword", '"password"', "token", "secret"]
PLAIN = [
    "name: docker.io", "username: u", "url: http://a", "skipFallback: true", "endpoints: [http://a]", "kind: x",
    "auth: {username: u}", f"url: https://u:{SECRET}@h.example", f"name: 'https://u:{SECRET}@h'", f"# {SECRET}",
    f"endpoints: [{{url: 'https://u:{SECRET}@h'}}]", "it's: 1", "", f"username: u # {SECRET}", "note: it's", "name: *p",
    "note: [a,\n~b]", "note: 'a\n~b'", "note: |\n~it's", "'name': \"x\"", "<<: *p", "x: *p", "...", "%TAG ! tag:",
]  # fmt: skip


def line(indent: str, dash: str, pair: str) -> str:
    """A pair, all of it deeper than where it begins, for damage not to make a key beside it of what belongs to it."""
    return f"{indent}{dash}{pair}".replace("~", f"{indent}{dash and '  '}    ")


def documents(*written: str) -> st.SearchStrategy[str]:
    lines = st.builds(
        line,
        st.sampled_from(["", "  ", "    "]),
        st.sampled_from(["", "", "- "]),
        st.one_of(st.builds("{}: {}".format, st.sampled_from(KEYS), st.sampled_from(written)), st.sampled_from(PLAIN)),
    )
    return st.lists(st.one_of(lines, lines, PARENTS), max_size=8).map("\n".join)


PARENTS = st.sampled_from(["machine:", "  config:", "    auth:", "  docker.io:", "---", "endpoints:", "{", "}", "  ["])


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A document in which characters are missing or too many, but for indentation and the secrets themselves."""
    text = draw(documents(*WRITTEN))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        change = draw(st.sampled_from(["", " ", "\n", '"', "'", ":", "{", "}", "#", "|", ","]))
        cut = text[:at] + change + text[at + draw(st.integers(0, 1)) :]
        is_margin = not text[:at].rpartition("\n")[2].strip()
        text = text if is_margin or cut.count(SECRET) < text.count(SECRET) else cut
    return text


BREAKS = st.sampled_from(["\n", "\n", "\r\n", "\r", "\u2028", "\x85"])


def shown(text: str, *numbers: int) -> list[str]:
    found = [Diagnostic(code="x", severity=Severity.ERROR, message="", line=number, column=1) for number in numbers]
    return [excerpt.line if excerpt else "" for excerpt in excerpts(parse(text), found)]


@settings(max_examples=1000)
@given(damaged() | documents(*WRITTEN, *COLLECTIONS), BREAKS)
def test_no_line_shows_a_secret(text: str, line_break: str) -> None:
    text = text.replace("\n", line_break)
    masked = MaskedText(parse(text))
    assert len(masked.lines) == text.count(line_break) + 1
    numbers = range(1, len(masked.lines) + 1)
    assert SECRET not in "".join(shown(text, *numbers))
    assert SECRET not in "".join(map(masked.line, numbers))


@settings(max_examples=500)
@given(damaged(), st.sampled_from(["\n", "\r\n"]))
def test_no_document_hides_the_lines_of_another(text: str, line_break: str) -> None:
    text = f"{text}\n---\nname: docker.io"
    assert shown(text.replace("\n", line_break), text.count("\n") + 1) == ["name: docker.io"]


ANCHORED = st.sampled_from([f"&p {SECRET}", f"&p '{SECRET}'", f"&p {{name: {SECRET}}}", f"&p [{SECRET}]"])


@given(ANCHORED, st.permutations(["name: docker.io", "password: *p", "kind: *p"]), st.booleans())
def test_no_line_shows_what_is_a_secret_by_an_alias(value: str, members: list[str], in_flow: bool) -> None:
    lines = [f"url: {value}", *members]
    found = shown("{" + ",\n".join(lines) + "}" if in_flow else "\n".join(lines), 1, 2, 3, 4)
    assert SECRET not in "".join(found)
    assert [line.strip("{,}") for line in found[1:]] == [
        line.replace("password: *p", "password: ********") for line in members
    ]


@given(st.text(alphabet="ab:-{}[],\"'|>#&*!@/ \t\n", max_size=60), st.integers(1, 5), st.integers(1, 20))
def test_any_text_has_an_excerpt_or_none(text: str, line: int, column: int) -> None:
    one = Diagnostic(code="x", severity=Severity.ERROR, message="", line=line, column=column)
    (excerpt,) = excerpts(parse(text), [one])
    assert excerpt is None or 0 <= excerpt.begin < excerpt.end
