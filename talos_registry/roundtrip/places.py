"""From diagnostics to the places in trees where they are mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruamel.yaml.comments import CommentedMap

from talos_registry.diagnostic import dotted
from talos_registry.goyaml import Tree, documents
from talos_registry.goyaml.nodes import Scalar
from talos_registry.roundtrip.reading import Dumper, listed
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Diagnostic

__all__ = ["locate"]


def locate(trees: Any, diagnostic: Diagnostic) -> tuple[Any, Any]:
    """Where a diagnostic is mended: the collection in the trees that holds the value, and its key or index there.

    What an alias or a merge key brings along is where it is really held, so that mending it counts everywhere. Of a key
    that is missing it is the collection that lacks it, and the key. Of a whole document it is the list of trees and the
    index there; a tree that was given alone comes in a new list.

    Args:
        trees: those of which ``config_of`` made the config of the diagnostic.
        diagnostic: one of ``config_of(trees).diagnostics``, or of ``lint``.

    Raises:
        ValueError: if the diagnostic does not lead into these trees.
        TypeError: for what are no trees.
    """
    holder: Any = listed(trees)
    present = [at for at, tree in enumerate(holder) if tree is not None]
    index, *steps = diagnostic.path or (len(present),)
    if not isinstance(index, int) or index >= len(present):
        raise _elsewhere(diagnostic)
    key: Any = present[index]
    for step in steps:
        value = holder[key]
        place = next(_places(value, step), None)
        if place is None and isinstance(value, list) and isinstance(step, int):
            raise _elsewhere(diagnostic)
        if place is None:
            return (value, step) if isinstance(value, dict) else (holder, key)
        holder, key = place
    return holder, key


def _elsewhere(diagnostic: Diagnostic) -> ValueError:
    which = dotted(diagnostic.path) if diagnostic.path else "a diagnostic without a path"
    return ValueError(f"{which} does not lead into these trees; pass those that config_of was given")


def _places(value: Any, step: str | int) -> Iterator[tuple[Any, Any]]:
    """Where a step leads to: a collection, not always ``value`` itself, and a key in it."""
    if isinstance(value, list):
        items = (at for at, item in enumerate(value) if item is not None)
        yield from ((value, at) for count, at in enumerate(items) if count == step)
    elif isinstance(value, dict):
        yield from ((value, key) for key in _own_keys(value) if _key_text(key) == step)
        for merged in getattr(value, "merge", ()):
            yield from _places(merged, step)


def _own_keys(mapping: dict[Any, Any]) -> Iterator[Any]:
    """The keys that no merge key brings along."""
    if isinstance(mapping, CommentedMap):
        return (key for key, _ in mapping.non_merged_items())
    return iter(mapping)


def _key_text(key: Any) -> str:
    """A key as it is dumped: Talos takes what is no text as one."""
    if isinstance(key, str):
        return key
    (tree,) = documents(Dumper(()).text([[key]]), release_of(LATEST))
    assert isinstance(tree, Tree)
    item = tree.root.content[0]  # type: ignore[union-attr]  # the list
    return item.value if isinstance(item, Scalar) else ""
