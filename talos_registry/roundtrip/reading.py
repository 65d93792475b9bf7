"""Trees as the text that they are dumped as, and the config that Talos reads in it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter

from talos_registry.diagnostic import TalosRegistryError
from talos_registry.limits import MAX_BYTES
from talos_registry.loading import parse
from talos_registry.versions import LATEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.loading import MachineConfig

__all__ = ["Dumper", "config_of", "listed"]


def config_of(trees: Any, *, filename: str = "<config>", talos_version: str = LATEST) -> MachineConfig:
    """The machine config that Talos reads once the trees are dumped, with paths that ``locate`` follows.

    Scalars count as they are dumped, which need not be as they are held: ruamel.yaml reads YAML 1.2, in which a plain
    ``yes`` is a text, and dumps it plain; to Talos it is a boolean where one is wanted. Lines and columns are those of
    the result's ``text``, the dump of a ``YAML()`` that indents as the trees did.

    Args:
        trees: those of ``list(YAML().load_all(text))``, or one that is no list of Python itself; plain dicts will do,
            too. A None among them is a document that is empty, which has no index in paths, as Talos skips it.
        filename: what diagnostics call it.
        talos_version: the Talos of the config, ``MAJOR.MINOR[.PATCH]``.

    Raises:
        TypeError: for what ruamel.yaml cannot dump, and for what are no trees.
        TalosRegistryError: for trees that are nested too deep to be dumped.
        ValueError: if ``talos_version`` is not a version.
    """
    own = listed(trees)
    return parse(Dumper(own).text(own), filename=filename, talos_version=talos_version)


def listed(trees: Any) -> list[Any]:
    """The list of trees that was given, or one that holds the tree that was given.

    Raises:
        TypeError: for what are no trees.
    """
    if isinstance(trees, str | bytes):
        raise TypeError("these are no trees of ruamel.yaml but a text, which talos_registry.parse takes")
    if isinstance(trees, list) and not isinstance(trees, CommentedSeq):
        return trees
    if trees is None or isinstance(trees, dict | CommentedSeq):
        return [trees]
    raise TypeError(
        f"pass a tree of ruamel.yaml or a list of them, as list(YAML().load_all(text)) is, not a {type(trees).__name__}"
    )


class Dumper:
    """Dumps trees, and loads them again, with the indentation that they had in their file."""

    def __init__(self, trees: Iterable[Any]) -> None:
        self._yaml = YAML()
        self._yaml.Representer = _Representer
        self._yaml.preserve_quotes = True
        self._yaml.width = MAX_BYTES  # a line is never folded
        step, dash = _indentation(trees)
        self._yaml.indent(mapping=step, sequence=dash + 2, offset=dash)

    def text(self, trees: list[Any]) -> str:
        """The trees as one text, a document each."""
        stream = io.StringIO()
        try:
            self._yaml.dump_all(trees, stream)
        except RecursionError:
            raise TalosRegistryError("the trees are nested too deep for ruamel.yaml to dump them") from None
        return stream.getvalue()

    def trees(self, text: str) -> list[Any]:
        """The trees of the documents in a text."""
        return list(self._yaml.load_all(text))


class _Representer(RoundTripRepresenter):
    """Says what to pass in place of what has no place in YAML, and shows nothing of it."""

    def represent_undefined(self, data: Any) -> NoReturn:
        raise TypeError(
            "a tree holds dicts, lists, texts, numbers, booleans, None and what ruamel.yaml makes of them, "
            f"not a {type(data).__name__}; tree_of makes a tree of a document"
        )


_Representer.add_representer(None, _Representer.represent_undefined)


_STEP, _DASH = 2, 0
"""How ruamel.yaml indents."""


def _indentation(trees: Iterable[Any]) -> tuple[int, int]:
    """The columns from a key to the keys below it, and to the dashes below it; the first that tell."""
    steps: list[int] = []
    dashes: list[int] = []
    for holder, value in _block_members(trees):
        column = value.lc.col - holder.lc.col
        if isinstance(value, CommentedSeq):
            dashes.append(column)
        elif column > 0:
            steps.append(column)
        if steps and dashes:
            break
    return next(iter(steps), _STEP), max(0, next(iter(dashes), _DASH))


def _block_members(trees: Iterable[Any]) -> Iterator[tuple[CommentedMap, Any]]:
    """The block mappings with each of the block collections below their keys, as far as their file is known."""
    waiting, seen = [*trees][::-1], set[int]()
    while waiting:
        holder = waiting.pop()
        if not isinstance(holder, CommentedMap) or id(holder) in seen:
            continue
        seen.add(id(holder))
        values = [value for _, value in holder.non_merged_items()]
        for value in values:
            if isinstance(value, CommentedMap | CommentedSeq) and _is_placed(holder) and _is_placed(value):
                yield holder, value
        waiting += values[::-1]


def _is_placed(value: Any) -> bool:
    """Whether a collection is in blocks and knows its column."""
    return value.lc.col is not None and not value.fa.flow_style() and value.anchor.value is None
