"""The pages are those that are generated, say all there is to say of each public name, and link what is there."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from textwrap import dedent
from types import FunctionType
from typing import TYPE_CHECKING

import pytest

from docs.build import files
from docs.docstrings import inline, read
from docs.reference_pages import entries
from docs.surface import ours

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md"))}
REFERENCE = {path: text for path, text in PAGES.items() if path.parent.name == "reference"}


def test_the_committed_pages_are_those_that_are_generated() -> None:
    generated = {str(path.relative_to(DOCS)): text for path, text in PAGES.items() if path.parent != DOCS}
    assert generated == files()


@pytest.mark.parametrize("name", [entry.name for entry in entries()])
def test_a_public_name_has_one_entry(name: str) -> None:
    assert sum(text.splitlines().count(f"## {name}") for text in REFERENCE.values()) == 1
    assert (DOCS / "reference" / "README.md").read_text(encoding="utf-8").count(f"| [`{name}`](") == 1


def functions() -> Iterator[tuple[str, FunctionType]]:
    """The public functions and methods, by the name of their entry."""
    values = {entry.name: entry.value for entry in entries()}
    bases = {base.__name__: base for value in values.values() if isinstance(value, type) for base in ours(value)}
    for name, value in (values | bases).items():
        if isinstance(value, FunctionType):
            yield name, value
        elif isinstance(value, type):
            yield from ((f"{name}.{member}", method) for member, method in methods(value))


def methods(cls: type) -> Iterator[tuple[str, FunctionType]]:
    for name, value in vars(cls).items():
        function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        if isinstance(function, FunctionType) and function.__module__ == cls.__module__ and not name.startswith("_"):
            yield name, function


FUNCTIONS = dict(functions())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_parameters_are_described_and_what_is_raised(name: str) -> None:
    function = FUNCTIONS[name]
    document = inspect.getdoc(function) or ""
    told = {name.lstrip("*") for name in read(document).parameters} | set(re.findall(r"``(\w+)``", document))
    parameters = set(inspect.signature(function).parameters) - {"self", "cls"}
    assert parameters - told == set()
    assert read(document).raises or not raised(function)


def raised(function: FunctionType) -> list[ast.Raise]:
    tree = ast.parse(dedent(inspect.getsource(function)))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_versions_say_how_they_are_written(name: str) -> None:
    assert "MAJOR.MINOR" in read(inspect.getdoc(FUNCTIONS[name]) or "").parameters.get("talos_version", "MAJOR.MINOR")


def test_lines_and_columns_say_what_they_count_from() -> None:
    lines = [
        line
        for text in REFERENCE.values()
        for line in re.findall(r"^- `(?:end_)?(?:line|column): .*", text, re.MULTILINE)
    ]
    assert len(lines) > 8
    assert [line for line in lines if "from 1" not in line] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)", PAGES[page]):
        text = (page.parent / target).read_text(encoding="utf-8") if target else PAGES[page]
        assert not anchor or anchor in {anchor_of(heading) for heading in re.findall(r"^#+ (.*)", text, re.MULTILINE)}


def anchor_of(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_a_docstring_in_its_parts() -> None:
    parts = read("""What it does.

More,
in two lines.

Args:
    one: the first,
        continued: with a colon.
    *others: the others.

Raises:
    ValueError, TypeError: for `|`.

Source: here
and there.""")
    assert parts.paragraphs == ["What it does.", "More, in two lines."]
    assert parts.parameters == {"one": "the first, continued: with a colon.", "*others": "the others."}
    assert parts.raises == {"ValueError, TypeError": "for `|`."}
    assert (parts.attributes, parts.source) == ({}, "here and there.")


@pytest.mark.parametrize("text", ["A.\n\nArgs:\n    no item\n", "A.\n\nArgs:\n    a: b\n\nArgs:\n    c: d\n"])
def test_a_docstring_that_would_be_shown_wrong_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="docstring"):
        read(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("a ``*`` b", "a `*` b"), ("a * b ``c``", r"a \* b `c`"), ("<a> {b} |", r"\<a> \{b} \|")]
)
def test_text_of_a_docstring_as_markdown(text: str, expected: str) -> None:
    assert inline(text) == expected
