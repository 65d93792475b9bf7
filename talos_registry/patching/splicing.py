"""Changed values written into the text of a document: what does not change keeps its bytes and comments."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, TypeAlias

from talos_registry.documents.encoder import encoded, encoded_member
from talos_registry.documents.shapes import ListOf, MapOf, Struct
from talos_registry.goyaml.composer import Source, Tree, documents
from talos_registry.goyaml.emitter import Branch, write
from talos_registry.goyaml.nodes import Mapping, Scalar, Sequence, last_node, pairs
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.tags import is_null
from talos_registry.goyaml.text import Lines, apply_edits
from talos_registry.loading.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Edit
    from talos_registry.documents.shapes import Shape, Values
    from talos_registry.goyaml.emitter import Leaf
    from talos_registry.goyaml.nodes import Node
    from talos_registry.versions import Release

__all__ = ["spliced"]

Entry: TypeAlias = "tuple[Node, Node]"


def spliced(text: str, struct: Struct, before: Values, after: Values, target: Release) -> str | None:
    """The text of one document with its values changed from ``before`` to ``after``; None if that needs a new layout."""
    roots = [
        item.root for item in documents(Source.of(text), target) if isinstance(item, Tree) and not is_null(item.root)
    ]
    if len(roots) != 1 or not isinstance(roots[0], Mapping) or roots[0].flow:
        return None
    try:
        changed = apply_edits(text, _Splice(text, target).mapping(roots[0], struct, before, after))
    except ValueError:
        return None
    return changed if _says(changed, struct, after, target) else None


def _says(text: str, struct: Struct, values: Values, target: Release) -> bool:
    """Whether a text is one document with these values."""
    judged = judge(Source.of(text), "", target)
    if not judged.loads or len(judged.entries) != 1:
        return False
    found = judged.entries[0].values
    return found is not None and encoded(struct, found) == encoded(struct, values)


class _Splice:
    """Finds the edits; raises ValueError where the text is not laid out as they need it."""

    def __init__(self, text: str, target: Release) -> None:
        self._text = text
        self._target = target
        self._lines = Lines(text)
        self._break = self._lines.line_break

    def mapping(self, node: Mapping, shape: Struct | MapOf, before: Values, after: Values) -> Iterator[Edit]:
        """The edits that change the members of a block mapping."""
        entries = {key.value: (key, value) for key, value in reversed(list(pairs(node)))}
        changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        for key in changed:
            inner = shape.fields[key] if isinstance(shape, Struct) else shape.item
            if key not in entries and key not in after:
                raise ValueError("the key is spelled otherwise")
            if key not in entries:
                column = node.content[0].start_mark.column
                yield self._insertion(node, self._entry_text(key, inner, after[key], column))
            elif key in after or (isinstance(shape, Struct) and key in shape.always):
                yield from self._change(entries[key], inner, before.get(key), after.get(key))
            else:
                yield self._removal(entries[key])

    def _change(self, entry: Entry, shape: Shape, before: Any, after: Any) -> Iterator[Edit]:  # noqa: ANN401 - plain data
        key, value = entry
        if isinstance(value, Mapping) and isinstance(shape, Struct | MapOf) and _is_kept(value, before, after):
            yield from self.mapping(value, shape, before, after)
        elif isinstance(value, Sequence) and isinstance(shape, ListOf) and _is_common(value, before, after):
            yield from self._items(value, shape, before, after)
        else:
            yield from self._replacement(key, value, shape, after)

    def _items(self, node: Sequence, shape: ListOf, before: list[Any], after: list[Any]) -> Iterator[Edit]:
        items = [item for item in node.content if not is_null(item)]
        if len(items) != len(before):
            raise ValueError("the items are not those that count")
        column = self._dash(items[0])[1]
        for _, begin, end, first, last in _runs(before, after):
            for item in items[begin:end]:
                yield self._lines.edit(self._dash(item)[0], self._end(item), "")
            if first < last:
                text = self._rendered(encoded_member(shape, after[first:last]), column)
                yield self._insertion(items[begin - 1], text) if begin else self._before(items[0], text)

    # Edits

    def _insertion(self, node: Node, text: str) -> Edit:
        end = self._end(node)
        gap = "" if self._text[end - 1 : end] in {"", "\n", "\r"} else self._break
        return self._lines.edit(end, end, gap + text)

    def _before(self, item: Node, text: str) -> Edit:
        start, _ = self._dash(item)
        return self._lines.edit(start, start, text)

    def _removal(self, entry: Entry) -> Edit:
        return self._lines.edit(self._line_start(entry[0]), max(map(self._end, entry)), "")

    def _replacement(self, key: Node, value: Node, shape: Shape, after: Any) -> Iterator[Edit]:  # noqa: ANN401 - plain data
        """Another value where the old one is; a comment after a word or brackets stays, also if lines follow instead."""
        inline = self._inline(value, from_value(encoded_member(shape, after), self._target))
        after_key, after_value = key.end_mark.index, max(key.end_mark.index, value.end_mark.index)
        if inline is not None and value.start_mark.index < value.end_mark.index:
            yield self._lines.edit(value.start_mark.index, after_value, inline)
            return
        if inline is not None:
            yield self._lines.edit(after_key, after_value, f": {inline}")
            return
        start, end = self._line_start(key), max(self._end(key), self._end(value))
        text = self._entry_text(key.value, shape, after, key.start_mark.column)
        head, _, rest = text.partition(self._break)
        if rest and head.endswith(":") and end == self._end(key):
            yield self._lines.edit(after_key, after_value, ":")
            yield self._insertion(key, rest)
        else:
            yield self._lines.edit(start, end, text)

    def _inline(self, value: Node, leaf: Leaf) -> str | None:
        """A value in the manner of the one it replaces, None if it needs lines of its own."""
        if isinstance(value, Mapping | Sequence):
            if not isinstance(leaf, Branch) or not leaf.items or not value.flow or not value.content:
                return None
            leaf = leaf._replace(flow=True)
        elif isinstance(leaf, Branch) or not _is_word(value):
            return None
        text = write(leaf).rstrip("\n")
        return None if "\n" in text else text

    def _entry_text(self, key: str, shape: Shape, value: Any, column: int) -> str:  # noqa: ANN401 - plain data
        return self._rendered({key: encoded_member(shape, value)}, column)

    def _rendered(self, value: Any, column: int) -> str:  # noqa: ANN401 - plain data
        leaf = from_value(value, self._target)
        assert isinstance(leaf, Branch)
        return write(leaf, column).replace("\n", self._break)

    # Places

    def _line_start(self, node: Node) -> int:
        """Where the line of a node begins, which holds nothing before it."""
        index = node.start_mark.index
        start = self._lines.start(index)
        if self._text[start:index].strip(" "):
            raise ValueError("something else stands before it")
        return start

    def _dash(self, item: Node) -> tuple[int, int]:
        """Where the line of a list item begins, and the column of its dash."""
        start = self._lines.start(item.start_mark.index)
        before = self._text[start : item.start_mark.index]
        if before.strip(" ") != "-":
            raise ValueError("its dash stands elsewhere")
        return start, before.index("-")

    def _end(self, node: Node) -> int:
        """Where the line after a node begins."""
        end = last_node(node).end_mark.index
        return end if self._text.endswith("\n", 0, end) else self._lines.following(end)


def _is_word(value: Node) -> bool:
    """Whether a value is a scalar on one line, or nothing."""
    return type(value) is Scalar and value.style not in {"|", ">"}


def _runs(before: list[Any], after: list[Any]) -> Iterator[tuple[str, int, int, int, int]]:
    """The runs of items that are taken out or put in: what happens, and the bounds in both lists."""
    matcher = SequenceMatcher(None, [repr(item) for item in before], [repr(item) for item in after], autojunk=False)
    return (run for run in matcher.get_opcodes() if run[0] != "equal")


def _is_kept(node: Mapping, before: Any, after: Any) -> bool:  # noqa: ANN401 - plain data
    """Whether a block mapping keeps a member, so that it can be changed member by member."""
    if node.flow or not node.content or not isinstance(before, dict) or not isinstance(after, dict):
        return False
    return any(key.value in after or key.value not in before for key, _ in pairs(node))


def _is_common(node: Sequence, before: Any, after: Any) -> bool:  # noqa: ANN401 - plain data
    """Whether a block list keeps an item."""
    return not node.flow and bool(before) and bool(after) and any(item in before for item in after)
