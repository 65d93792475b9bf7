"""Accepted configs in layouts that people write: any key order, flow and block style, indentation, comments, anchors."""

from __future__ import annotations

from hypothesis import strategies as st

__all__ = ["streams"]

COMMENTS = st.sampled_from(
    ["# why", "#", "# a: b", "#- url: http://old", "# 'quoted", '# "', "# | block", "# &x *x", "#  two  spaces"]
)
BLANKS = st.sampled_from(["", "", "  "])
TEXTS = st.sampled_from(
    ["a", "'a'", '"a"', '"a # b"', "a#b", "!!str a", "|\n    line\n     more\n", "|-\n    a\n    b", ">\n    a\n    b\n\n    c", "|+\n    a\n\n", '"0123"', "yes", "''", "~", "a\n   b", "${VAR}", "&t text"]
)  # fmt: skip
FLAGS = st.sampled_from(["true", "yes", "off", "'no'", "null", ""])
URLS = st.sampled_from(["http://a", "'https://a:5000/v2/x'", '"HTTP://a/b c"', "http://u:p@h"])
OPAQUE = st.sampled_from(
    [
        "machine:\n   install: {disk: /dev/sda}   # kept\n\n   # as it is\n",
        "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname:   h   # kept\n",
    ]
)


@st.composite
def flow_endpoint(draw: st.DrawFn) -> str:
    members = [f"url: {draw(URLS)}", *draw(st.lists(st.just("overridePath: yes"), max_size=1))]
    return "{" + ", ".join(draw(st.permutations(members))) + "}"


@st.composite
def block_endpoint(draw: st.DrawFn) -> list[str]:
    if draw(st.booleans()):
        return [f"- {draw(flow_endpoint())}"]
    members = [f"url: {draw(URLS)}", *draw(st.lists(FLAGS.map(lambda flag: f"overridePath: {flag}"), max_size=1))]
    first, *others = draw(st.permutations(members))
    return [f"- {first}", *(f"  {member}" for member in others)]


@st.composite
def endpoints(draw: st.DrawFn) -> list[str]:
    if draw(st.booleans()):
        return ["endpoints: [" + ", ".join(draw(st.lists(flow_endpoint(), max_size=3))) + "]"]
    pad = " " * draw(st.sampled_from([0, 2, 4]))
    lines = [f"{pad}{line}" for item in draw(st.lists(block_endpoint(), max_size=3)) for line in item]
    return ["endpoints:", *lines]


@st.composite
def typed(draw: st.DrawFn, name: str) -> str:
    """One document, its lines with comments and blank lines between and beside them."""
    kind = draw(st.sampled_from(["RegistryMirrorConfig", "RegistryAuthConfig", "RegistryTLSConfig"]))
    members = [["apiVersion: v1alpha1"], [f"kind: {kind}"], [f"name: {draw(st.sampled_from([name, repr(name)]))}"]]
    if kind == "RegistryMirrorConfig":
        members += [draw(endpoints()), [f"skipFallback: {draw(FLAGS)}"]]
    elif kind == "RegistryAuthConfig":
        members += [
            [f"{key}: {draw(TEXTS)}"] for key in draw(st.sampled_from([("username", "password"), ("auth",), ()]))
        ]
    else:
        members += [[f"insecureSkipVerify: {draw(FLAGS)}"]]
    lines = [line for member in draw(st.permutations(members)) for line in member]
    return draw(commented(lines))


@st.composite
def commented(draw: st.DrawFn, lines: list[str]) -> str:
    text = ""
    for line in lines:
        text += draw(between())
        text += f"{line}{draw(beside(line))}\n"
    return text + draw(between())


@st.composite
def between(draw: st.DrawFn) -> str:
    lines = draw(st.lists(st.one_of(BLANKS, st.tuples(st.sampled_from([0, 2, 4, 6]), COMMENTS)), max_size=2))
    return "".join(f"{line}\n" if isinstance(line, str) else f"{' ' * line[0]}{line[1]}\n" for line in lines)


@st.composite
def beside(draw: st.DrawFn, line: str) -> str:
    if "\n" in line or draw(st.booleans()):
        return ""
    return draw(st.sampled_from([" ", "   "])) + draw(COMMENTS)


@st.composite
def streams(draw: st.DrawFn) -> str:
    """A stream of documents with any markers between them."""
    documents = [draw(typed(name)) for name in ("a", "b", "c")[: draw(st.integers(1, 3))]]
    documents += draw(st.lists(OPAQUE, max_size=2, unique=True))
    text = draw(st.sampled_from(["", "---\n", "# file\n---\n", "\n--- # first\n"]))
    for at, document in enumerate(draw(st.permutations(documents))):
        marker = draw(
            st.sampled_from(
                ["---\n", "--- # marker\n", "---\n# none\n---\n", "...\n# end\n---\n", "---\n~ # null\n---\n"]
            )
        )
        text += f"{marker if at else ''}{document}"
    text += draw(st.sampled_from(["", "...\n", "---\n# rest\n", "# rest"]))
    return text.replace("\n", "\r\n") if draw(st.integers(0, 9)) == 0 else text
