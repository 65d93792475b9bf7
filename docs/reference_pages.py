"""The reference: a page for the public names of each room, from their signatures and docstrings."""

from __future__ import annotations

import ast
import inspect
from enum import Enum
from importlib import import_module
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

import talos_registry
from docs.docstrings import Docstring, inline, read
from docs.surface import Member, constructor, ours, own_members, signature
from talos_registry import roundtrip, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic.fields import FieldInfo

__all__ = ["Entry", "entries", "files"]

INTRODUCTION = """\
# Reference

Everything public, one page for each part of the library. [Three objects to know](../objects.md) is where to begin, and
says what is promised about threads, `asyncio`, pickling and hashing. The pages are generated from docstrings; signatures
show defaults as Python prints them.
"""

WIDTH = 100
"""A signature that is wider has a line for each parameter."""

ROOT = "words"
"""The page of the names that are in no room."""

OF_ROOT = "What every part speaks of: findings with their severities, places and fixes; errors; versions."


class Entry(NamedTuple):
    """A name that is documented, on the page of its room."""

    room: str
    name: str
    value: Any

    @property
    def document(self) -> Docstring:
        """Its docstring; a constant has the text below it."""
        is_own = isinstance(self.value, type) or callable(self.value)
        return read((inspect.getdoc(self.value) if is_own else _below(self.name)) or "")


def entries() -> list[Entry]:
    """The public names, each with its room."""
    packages = (talos_registry, roundtrip)
    return [_entry(name, getattr(package, name)) for package in packages for name in package.__all__]


def _entry(name: str, value: object) -> Entry:
    room = f"{getattr(value, '__module__', '')}..".split(".")[1]
    is_package = room and hasattr(import_module(f"talos_registry.{room}"), "__path__")
    return Entry(room if is_package else ROOT, name, value)


def _below(constant: str) -> str:
    """The text that stands below a constant of the module of versions, the one that has public constants."""
    lines = ast.parse(inspect.getsource(versions)).body
    place = next(index for index, line in enumerate(lines) if ast.unparse(line).startswith(f"{constant} = "))
    return str(ast.literal_eval(ast.unparse(lines[place + 1])))


def files() -> dict[str, str]:
    """The pages and their index, by file name."""
    rooms: dict[str, list[Entry]] = {}
    for entry in sorted(entries(), key=lambda entry: entry.room == ROOT):
        rooms.setdefault(entry.room, []).append(entry)
    pages = {f"{room}.md": _joined(_page(room, shown)) for room, shown in rooms.items()}
    return {"README.md": _joined(_index(rooms)), **pages}


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block.strip("\n") for block in blocks) + "\n"


def _index(rooms: dict[str, list[Entry]]) -> Iterator[str]:
    yield INTRODUCTION
    for room, shown in rooms.items():
        yield f"## [{room.capitalize()}]({room}.md)"
        yield inline(_summary(room))
        rows = (f"| {_link(entry.name, f'{room}.md')} | {inline(entry.document.paragraphs[0])} |\n" for entry in shown)
        yield "| name | |\n|---|---|\n" + "".join(rows)


def _summary(room: str) -> str:
    """What the docstring of a room begins with; the rest of it is about who enters the room."""
    return OF_ROOT if room == ROOT else read(import_module(f"talos_registry.{room}").__doc__ or "").paragraphs[0]


def _link(name: str, page: str) -> str:
    return f"[`{name}`]({page}#{name.lower()})"


def _page(room: str, shown: list[Entry]) -> Iterator[str]:
    yield f"# {room.capitalize()}"
    yield inline(_summary(room))
    yield f"Imported from `talos_registry{'.roundtrip' * (room == 'roundtrip')}`."
    for entry in shown:
        yield from _class(entry) if isinstance(entry.value, type) else _plain(entry)
    for base in _bases_apart(shown):
        yield from _class(Entry(room, base.__name__, base))


def _bases_apart(shown: list[Entry]) -> list[type]:
    """The classes that those shown are made of, and which are not shown themselves."""
    classes = [entry.value for entry in shown if isinstance(entry.value, type)]
    bases = dict.fromkeys(base for cls in classes for base in ours(cls))
    public = {entry.value for entry in entries() if isinstance(entry.value, type)}
    return [base for base in bases if base not in public]


def _plain(entry: Entry) -> Iterator[str]:
    yield f"## {entry.name}"
    text = signature(entry.value, width=WIDTH) if callable(entry.value) else f' = "{entry.value}"'
    yield _code(f"{entry.name}{text}")
    yield from _described(entry.document)


def _class(entry: Entry) -> Iterator[str]:
    cls, document = entry.value, entry.document
    yield f"## {entry.name}"
    yield _code(f"class {entry.name}{constructor(cls, width=WIDTH)}")
    yield from _described(document)
    yield from _bases(cls)
    own = list(own_members(cls, width=WIDTH))
    yield from _listed("Members" if issubclass(cls, Enum) else "Fields", _fields(cls, own, document))
    yield from _listed("Properties", (_property(member) for member in own if member.kind == "property"))
    for member in own:
        if member.kind == "method":
            yield f"### {entry.name}.{member.name}"
            yield _code(f"{member.name}{member.text}")
            yield from _described(read(member.document))


def _bases(cls: type) -> Iterator[str]:
    bases = [_base(base) for base in cls.__bases__ if base is not object]
    if bases:
        yield f"Bases: {', '.join(bases)}."


def _base(cls: type) -> str:
    return _link(cls.__name__, f"{_entry(cls.__name__, cls).room}.md") if ours(cls) else f"`{cls.__name__}`"


def _fields(cls: type, own: list[Member], document: Docstring) -> Iterator[str]:
    model = cls.model_fields if issubclass(cls, BaseModel) else {}
    for member in own:
        if member.kind == "field" and member.name in model:
            yield _field_of_model(cls, member.name, model[member.name], document)
        elif member.kind in {"field", "constant"}:
            yield f"`{member.name}{member.text}`: {inline(document.attributes[member.name])}"


def _field_of_model(cls: type, name: str, field: FieldInfo, document: Docstring) -> str:
    """A field of a model, with its key in YAML where it is one."""
    text = f"`{name}: {_type(get_type_hints(cls)[name])}`"
    if field.description is None:
        return f"{text}: {inline(document.attributes[name])}"
    return f"{text}, in YAML `{field.serialization_alias}`: {inline(field.description)}"


def _type(hint: Any) -> str:
    """A type as it is written in code, the same for every version of Python."""
    arguments = get_args(hint)
    if get_origin(hint) in {Union, UnionType}:
        return " | ".join(map(_type, arguments))
    if get_origin(hint) is Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    name = {NoneType: "None", ...: "..."}.get(hint) or hint.__name__
    return f"{name}[{', '.join(map(_type, arguments))}]" if arguments else name


def _property(member: Member) -> str:
    document = read(member.document)
    source = [f"Source: {document.source}"] if document.source else []
    return f"`{member.name}{member.text}`: {inline(' '.join([*document.paragraphs, *source]))}"


def _described(document: Docstring) -> Iterator[str]:
    yield from map(inline, document.paragraphs)
    yield from _listed("Parameters", _items(document.parameters))
    yield from _listed("Raises", _items(document.raises))
    if document.source:
        yield f"**Source:** {inline(document.source)}"


def _items(items: dict[str, str]) -> Iterator[str]:
    return (f"`{name}`: {inline(text)}" for name, text in items.items())


def _listed(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}\n" for item in items]
    if lines:
        yield f"**{title}**"
        yield "".join(lines)


def _code(text: str) -> str:
    """A signature; the language is spelled otherwise than that of examples, which are run."""
    return f"```py\n{text}\n```"
