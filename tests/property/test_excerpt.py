from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from talos_registry.diagnostic import Diagnostic, Severity
from talos_registry.report.excerpt import Excerpts

SECRET = "hunter2"

WRITTEN = [
    SECRET, f'"{SECRET}"', f"'{SECRET}'", f"&p {SECRET}", f"!!str {SECRET}", f"|\n~{SECRET}\n~name: {SECRET}",
    f">-\n~name: {SECRET}", f'"a\n~name: {SECRET}"', f"a\n~b {SECRET}", f"\n~{SECRET}",
    f"[{SECRET}]", f"it's {SECRET}", f"a # {SECRET}",
]  # fmt: skip
KEYS = ["password", "identityToken", "auth", "key", "pasword", '"password"', "token", "secret"]
PLAIN = [
    "name: docker.io", "username: u", "url: http://a", "skipFallback: true", "endpoints: [http://a]", "kind: x",
    "auth: {username: u}", f"url: https://u:{SECRET}@h.example", f"name: 'https://u:{SECRET}@h'", f"# {SECRET}",
    f"endpoints: [{{url: 'https://u:{SECRET}@h'}}]", "it's: 1", "", f"username: u # {SECRET}",
]  # fmt: skip

pairs = st.builds("{}: {}".format, st.sampled_from(KEYS), st.sampled_from(WRITTEN))


def line(indent: str, dash: str, pair: str) -> str:
    """A pair, all of it deeper than where it begins, for damage not to make a key beside it of what belongs to it."""
    return f"{indent}{dash}{pair}".replace("~", f"{indent}{dash and '  '}    ")


lines = st.builds(
    line,
    st.sampled_from(["", "  ", "    "]),
    st.sampled_from(["", "", "- "]),
    st.one_of(pairs, st.sampled_from(PLAIN)),
)
parents = st.sampled_from(["machine:", "  config:", "    auth:", "  docker.io:", "---", "endpoints:", "{", "}", "  ["])
documents = st.lists(st.one_of(lines, lines, parents), max_size=8).map("\n".join)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A document in which characters are missing or too many, but for indentation and the secrets themselves."""
    text = draw(documents)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        change = draw(st.sampled_from(["", " ", "\n", '"', "'", ":", "{", "}", "#", "|", ","]))
        cut = text[:at] + change + text[at + draw(st.integers(0, 1)) :]
        is_margin = not text[:at].rpartition("\n")[2].strip()
        text = text if is_margin or cut.count(SECRET) < text.count(SECRET) else cut
    return text


@settings(max_examples=500, deadline=None)
@given(damaged())
def test_no_line_shows_a_secret(text: str) -> None:
    excerpts = Excerpts(text)
    for number in range(1, text.count("\n") + 2):
        one = Diagnostic(code="x", severity=Severity.ERROR, message="", line=number, column=1)
        excerpt = excerpts.of(one)
        assert SECRET not in (excerpt.line if excerpt else "")
        assert SECRET not in excerpts.line(number)


@given(st.text(alphabet="ab:-{}[],\"'|>#&*!@/ \t\n", max_size=60), st.integers(1, 5), st.integers(1, 20))
def test_any_text_has_an_excerpt_or_none(text: str, line: int, column: int) -> None:
    one = Diagnostic(code="x", severity=Severity.ERROR, message="", line=line, column=column)
    excerpt = Excerpts(text).of(one)
    assert excerpt is None or 0 <= excerpt.begin < excerpt.end
