"""Any documents of our kinds, with texts that are awkward in YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from talos_registry.documents import KINDS, TYPED
from talos_registry.documents.shapes import BOOL, STRING, URL, Leaf, ListOf, Shape, Struct
from talos_registry.go import InvalidURLError, parse_url

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument

__all__ = ["DOCUMENT", "DOCUMENTS", "documents_of"]

WORDS = (
    "y", "no", "~", "null", "true", "0123", "0x1F", "1e3", ".inf", "1:20", "2001-01-01", "<<", "=", "-", "- a", "? a", "a: b", "a #b",
    "a:", "*", "&a", "!a", "|", ">", "%a", "@a", "`a", "'a'", '"a"', " a", "a ", "a\tb", "a\nb", "a\n", "\n", "\na", " a\nb", "a \nb",
    "a\r\nb", "\x00", "\x7f", "\x85", "\x9f", "\ufeff", "\ufeffa", "😀", "\U000f0000", "---", "...", "\\", "\udcff", "{{ x }}", "http://a b",
)  # fmt: skip
# Talos writes a line separator in single quotes and breaks the line after it, which it reads as spaces: its own defect.
SEPARATORS = ("\u2028", "\u2029")
# Nor can it read a block again whose first text is a tab: another one.
TAB_FIRST = re.compile(r"(?=[^\n]*\n)[\n ]*\t")
MAGIC = {"kind", "apiVersion", "machine", "cluster", "debug", "persist"}
PRINTABLE = st.text(st.characters(codec="utf-8"), max_size=30)
TEXT = st.one_of(
    st.sampled_from(WORDS), PRINTABLE, st.lists(st.sampled_from(WORDS), max_size=3).map(" \n".join)
).filter(
    lambda text: (
        not any(separator in text for separator in SEPARATORS) and text not in MAGIC and not TAB_FIRST.match(text)
    )
)


def is_url(text: str) -> bool:
    try:
        return bool(parse_url(text))
    except InvalidURLError:
        return False


URL_TEXT = st.one_of(
    TEXT.filter(is_url), st.sampled_from(["", "http://u:p@h:1/ä?q#f", "HTTP://[::1]:5000/v2", "reg:5000", "//a/b"])
)
SCALARS: dict[Leaf, st.SearchStrategy[Any]] = {
    STRING: TEXT,
    URL: URL_TEXT,
    BOOL: st.booleans(),
}


def values(shape: Shape) -> st.SearchStrategy[Any]:
    if isinstance(shape, Struct):
        members = {key: values(member) for key, member in shape.fields.items() if key not in {"kind", "apiVersion"}}
        return st.fixed_dictionaries({}, optional=members)
    if isinstance(shape, ListOf):
        return st.lists(values(shape.item), max_size=3)
    assert isinstance(shape, Leaf)
    return SCALARS[shape]


def documents_of(kind: str) -> st.SearchStrategy[RegistryDocument]:
    head = {"apiVersion": "v1alpha1", "kind": kind}
    return values(KINDS[kind].struct).map(lambda members: TYPED[kind].from_values({**head, **members}))


DOCUMENT = st.sampled_from(sorted(KINDS)).flatmap(documents_of)
DOCUMENTS = st.lists(DOCUMENT, min_size=1, max_size=4, unique_by=lambda document: (document.kind, document.name))
