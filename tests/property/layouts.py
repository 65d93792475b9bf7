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
KINDS = st.sampled_from(["RegistryMirrorConfig", "RegistryAuthConfig", "RegistryTLSConfig"])
CREDENTIALS = st.sampled_from([("username", "password"), ("auth",), ()])
MARKERS = st.sampled_from(
    ["---\n", "--- # marker\n", "---\n# none\n---\n", "...\n# end\n---\n", "---\n~ # null\n---\n"]
)
STARTS = st.sampled_from(["", "---\n", "# file\n---\n", "\n--- # first\n"])
ENDS = st.sampled_from(["", "...\n", "---\n# rest\n", "# rest"])
# What is drawn from is made once: making it takes longer than drawing.
ANY, COUNTS, ONE_IN_TEN = st.booleans(), st.integers(1, 3), st.integers(0, 9).map(lambda number: number == 0)
GAPS = st.sampled_from([" ", "   "])
PADS, DEEPER_PADS = st.sampled_from(["", "  ", "    "]), st.sampled_from(["", "  ", "    ", "      "])


def between(pads: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Blank lines and comments."""
    line = BLANKS | st.builds("{}{}".format, pads, COMMENTS)
    return st.lists(line, max_size=2).map(lambda drawn: "".join(f"{one}\n" for one in drawn))


BETWEEN, BELOW_FOLDED = between(DEEPER_PADS), between(st.sampled_from(["", "  "]))
"""What stands between lines; below a folded text it is no part of the text, in which two comments would become one."""
OVERRIDE_YES = st.lists(st.just("overridePath: yes"), max_size=1)
OVERRIDES = st.lists(FLAGS.map("overridePath: {}".format), max_size=1)
OTHERS = st.lists(OPAQUE, max_size=2, unique=True)


@st.composite
def flow_endpoint(draw: st.DrawFn) -> str:
    members = [f"url: {draw(URLS)}", *draw(OVERRIDE_YES)]
    return "{" + ", ".join(draw(st.permutations(members))) + "}"


FLOW_ENDPOINT = flow_endpoint()


@st.composite
def block_endpoint(draw: st.DrawFn) -> list[str]:
    if draw(ANY):
        return [f"- {draw(FLOW_ENDPOINT)}"]
    members = [f"url: {draw(URLS)}", *draw(OVERRIDES)]
    first, *others = draw(st.permutations(members))
    return [f"- {first}", *(f"  {member}" for member in others)]


FLOW_ENDPOINTS, BLOCK_ENDPOINTS = st.lists(FLOW_ENDPOINT, max_size=3), st.lists(block_endpoint(), max_size=3)


@st.composite
def endpoints(draw: st.DrawFn) -> list[str]:
    if draw(ANY):
        return ["endpoints: [" + ", ".join(draw(FLOW_ENDPOINTS)) + "]"]
    pad = draw(PADS)
    lines = [f"{pad}{line}" for item in draw(BLOCK_ENDPOINTS) for line in item]
    return ["endpoints:", *lines]


ENDPOINTS = endpoints()


def typed(draw: st.DrawFn, name: str) -> str:
    """One document, its lines with comments and blank lines between and beside them."""
    kind = draw(KINDS)
    members = [["apiVersion: v1alpha1"], [f"kind: {kind}"], [f"name: {draw(st.sampled_from([name, repr(name)]))}"]]
    if kind == "RegistryMirrorConfig":
        members += [draw(ENDPOINTS), [f"skipFallback: {draw(FLAGS)}"]]
    elif kind == "RegistryAuthConfig":
        members += [[f"{key}: {draw(TEXTS)}"] for key in draw(CREDENTIALS)]
    else:
        members += [[f"insecureSkipVerify: {draw(FLAGS)}"]]
    lines = [line for member in draw(st.permutations(members)) for line in member]
    return commented(draw, lines)


def commented(draw: st.DrawFn, lines: list[str]) -> str:
    text = draw(BETWEEN)
    for line in lines:
        text += f"{line}{beside(draw, line)}\n"
        text += draw(BELOW_FOLDED if ": >" in line else BETWEEN)
    return text


def beside(draw: st.DrawFn, line: str) -> str:
    if "\n" in line or draw(ANY):
        return ""
    return draw(GAPS) + draw(COMMENTS)


@st.composite
def streams(draw: st.DrawFn) -> str:
    """A stream of documents with any markers between them."""
    documents = [typed(draw, name) for name in ("a", "b", "c")[: draw(COUNTS)]]
    documents += draw(OTHERS)
    text = draw(STARTS)
    for at, document in enumerate(draw(st.permutations(documents))):
        marker = draw(MARKERS)
        text += f"{marker if at else ''}{document}"
    text += draw(ENDS)
    return text.replace("\n", "\r\n") if draw(ONE_IN_TEN) else text
