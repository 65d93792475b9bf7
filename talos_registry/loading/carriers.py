"""Files of other tools that carry patches for machine configs: the patches, and where their lines stand in the file.

Formats: budimanjojo/talhelper v3.1.16, pkg/config/config.go (until v2 also ``inlinePatch`` and ``configPatches``);
siderolabs/omni v1.10.4, client/pkg/template/internal/models and client/api/omni/specs; postfinance/topf v0.4.2,
docs/configuration.md.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import WITHIN, Edit, Fix, Path, Span
from talos_registry.goyaml.comments import block_indicators, leaves
from talos_registry.goyaml.nodes import Alias, Mapping, Scalar, Sequence, span
from talos_registry.goyaml.paths import members
from talos_registry.goyaml.plain import Plain, TooMuchError
from talos_registry.goyaml.tags import is_merge, resolved, scalar_text
from talos_registry.goyaml.text import line_break_of, split_lines
from talos_registry.versions import named_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.goyaml import Tree
    from talos_registry.goyaml.nodes import Target

__all__ = ["CarriedPatch", "Carrier", "carrier_of", "patches_in", "version_in"]


@dataclass(frozen=True, slots=True)
class CarriedPatch:
    """A patch in the file of another tool: the name of the ``file`` that holds it, or its ``text``.

    Lines and columns count from 1, columns in characters.

    Attributes:
        path: its place in the carrier: the index of the document, then keys and list indices, from 0.
        span: the stretch of the carrier that it takes.
        file: the name of the file that holds it, "" if the carrier does.
        text: the patch itself, as YAML or JSON.
        first_line: the line of the carrier that the first line of ``text`` stands on, None if lines do not correspond:
            in quotes, folded, or gathered by aliases.
        margins: how many columns further right the first line of ``text`` stands there, and the others.
        lead: how many blanks at the beginning of ``text`` stand there for what comes before the patch on its line.
        line_break: what ends the lines of the carrier.
        fills_in: whether the tool that reads the carrier puts values in the place of ``${VAR}`` and the like.
    """

    path: Path
    span: Span
    file: str = ""
    text: str = field(default="", repr=False)
    first_line: int | None = None
    margins: tuple[int, int] = (0, 0)
    lead: int = 0
    line_break: str = "\n"
    fills_in: bool = False

    def outer_place(self, line: int, column: int) -> tuple[int, int]:
        """The place in the carrier of a ``line`` and ``column`` of ``text``: line and column.

        Where lines do not correspond that is where the patch begins.
        """
        if self.first_line is None:
            return self.span.line, self.span.column
        return self.first_line + line - 1, column + self.margins[line > 1]

    def outer_span(self, inner: Span) -> Span:
        """The stretch of the carrier that a stretch of ``text``, the ``inner`` one, is."""
        return Span(*self.outer_place(inner.line, inner.column), *self.outer_place(inner.end_line, inner.end_column))

    def outward(self, diagnostic: Diagnostic) -> Diagnostic:
        """A finding about ``text`` as one about the carrier, without the fix where lines do not correspond.

        Args:
            diagnostic: one of the config that ``parse_patch`` makes of ``text``.
        """
        path = (*self.path, WITHIN, *diagnostic.path[1:]) if diagnostic.path else self.path
        span = diagnostic.span and self.outer_span(diagnostic.span)
        return replace(diagnostic, path=path, span=span, fix=self._outer_fix(diagnostic.fix))

    @property
    def lines(self) -> list[str]:
        """The lines of ``text``, without those at the end that are empty."""
        return split_lines(self.text.rstrip("\r\n"))

    def _outer_fix(self, fix: Fix | None) -> Fix | None:
        if fix is None or self.first_line is None:
            return None
        return replace(fix, edits=tuple(map(self._outer_edit, fix.edits)), plan=None)

    def _outer_edit(self, edit: Edit) -> Edit:
        """An edit of the carrier; what goes below the last line of the text goes behind it."""
        span, text = edit.span, edit.text
        last = len(self.lines)
        if span.line > last:
            end = len(self.lines[-1]) + 1
            span, text = Span(last, end, last, end), "\n" + text.removesuffix("\n")
        margin = self.line_break + " " * self.margins[1]
        return Edit(self.outer_span(span), text.replace("\n", margin))


class Carrier(NamedTuple):
    """A format of another tool.

    ``what`` is its name; ``version_at`` where it says which Talos it is for; ``spots`` finds the patches of a document.
    ``fills_in``: its tool puts values in the place of ``${VAR}`` and the like.
    """

    what: str
    version_at: tuple[str, ...]
    spots: Callable[[Target], Iterable[_Spot]]
    fills_in: bool = False


class _Spot(NamedTuple):
    """A patch, or something that holds some, and its path in the document.

    ``file_prefix``: how a text begins that names a file, None if it never does.
    """

    path: Path
    node: Target
    file_prefix: str | None = None


def carrier_of(keys: dict[str, Target]) -> Carrier | None:
    """The format of a document with these root keys, None if it is no carrier."""
    if "clusterName" in keys and "endpoint" in keys and _has_nodes_with("hostname", keys):
        return _TALHELPER
    if "clusterEndpoint" in keys and ("nodesProvider" in keys or _has_nodes_with("host", keys)):
        return _TOPF
    if "apiVersion" not in keys and _text(keys.get("kind")) in _OMNI_KINDS:
        return _OMNI_TEMPLATE
    return _OMNI_EXPORT if _text(members(keys.get("metadata")).get("type")) in _OMNI_TYPES else None


def version_in(carrier: Carrier, keys: dict[str, Target]) -> str:
    """The Talos version that a carrier with these root keys is for, as ``parse`` takes it; "" if it says none."""
    node = None
    for key in carrier.version_at:
        node = keys.get(key)
        keys = members(node)
    return named_version(_text(node))


def patches_in(carrier: Carrier, tree: Tree, text: str) -> list[CarriedPatch]:
    """The patches in a document of the source ``text``, in its order; each once, however many aliases lead to it."""
    patches: list[CarriedPatch] = []
    for spot in _each_once(carrier.spots(resolved(tree.root))):
        placed = spot._replace(path=(tree.index, *spot.path))
        patches += (_of_scalar if isinstance(spot.node, Scalar) else _of_collection)(placed, text)
    line_break = line_break_of(text)
    whole = (replace(patch, fills_in=carrier.fills_in, line_break=line_break) for patch in patches)
    return sorted(whole, key=lambda patch: patch.span)


def _each_once(spots: Iterable[_Spot]) -> Iterator[_Spot]:
    """Those of the spots whose nodes did not come before: aliases can lead to one in more ways than anyone can go."""
    seen: set[int] = set()
    for spot in spots:
        if id(spot.node) not in seen:
            seen.add(id(spot.node))
            yield spot


# The formats


def _talhelper_spots(root: Target) -> Iterator[_Spot]:
    keys = members(root)
    holders = [_Spot((), root), *_below((), keys, "controlPlane", "worker"), *_items(_below((), keys, "nodes"))]
    held = [(holder.path, members(holder.node)) for holder in _each_once(holders)]
    lists = (spot for path, keys in held for spot in _below(path, keys, "patches"))
    yield from (spot._replace(file_prefix="@") for spot in _items(lists))
    for path, keys in held:
        if path:
            yield from _below(path, keys, "inlinePatch", "configPatches")
            yield from map(_naming, _items(_below(path, keys, "extraManifests")))


def _naming(spot: _Spot) -> _Spot:
    """A text that names a file, with an @ before it or without."""
    return spot._replace(file_prefix="@" if _text(spot.node).startswith("@") else "")


def _omni_template_spots(root: Target) -> Iterator[_Spot]:
    patches = _each_once(_items(_below((), members(root), "patches")))
    held = [(patch.path, members(patch.node)) for patch in patches]
    files = (spot for path, keys in held for spot in _below(path, keys, "file"))
    yield from (spot._replace(file_prefix="") for spot in files if isinstance(spot.node, Scalar))
    inlines = [spot for path, keys in held for spot in _below(path, keys, "inline")]
    yield from _items(inlines)
    yield from (spot for spot in inlines if not isinstance(spot.node, Sequence))


def _omni_export_spots(root: Target) -> Iterator[_Spot]:
    spec = members(members(root).get("spec"))
    yield from _below(("spec",), spec, "data")
    yield from _items(_below(("spec",), spec, "patches"))


def _has_nodes_with(key: str, keys: dict[str, Target]) -> bool:
    nodes = _each_once(_items(_below((), keys, "nodes")))
    return any(key in members(spot.node) for spot in nodes)


def _below(path: Path, keys: dict[str, Target], *names: str) -> Iterator[_Spot]:
    """What stands below those of the names that are keys of the mapping at a path."""
    return (_Spot((*path, name), keys[name]) for name in names if name in keys)


def _items(lists: Iterable[_Spot]) -> Iterator[_Spot]:
    """The items of those of the spots that are lists."""
    for spot in _each_once(lists):
        if isinstance(spot.node, Sequence):
            yield from (_Spot((*spot.path, at), resolved(item)) for at, item in enumerate(spot.node.content))


def _text(node: Target | None) -> str:
    return scalar_text(node) if isinstance(node, Scalar) else ""


_TALHELPER = Carrier("a talhelper config", ("talosVersion",), _talhelper_spots, fills_in=True)
_TOPF = Carrier("a topf config", ("talosVersion",), lambda _: (), fills_in=True)
_OMNI_TEMPLATE = Carrier("an Omni cluster template", ("talos", "version"), _omni_template_spots)
_OMNI_EXPORT = Carrier("an Omni export", (), _omni_export_spots)
_OMNI_TYPES = frozenset(
    f"{name}.omni.sidero.dev" for name in ("ConfigPatches", "ConfigPatchRequests", "ClusterMachineConfigPatches")
)
_OMNI_KINDS = frozenset({"Cluster", "ControlPlane", "Workers", "Machine"})


# From nodes to texts


def _of_scalar(spot: _Spot, text: str) -> Iterator[CarriedPatch]:
    node = spot.node
    assert isinstance(node, Scalar)
    value, prefix = scalar_text(node), spot.file_prefix
    if prefix is not None and value.startswith(prefix):
        file = value.removeprefix(prefix).strip()
        yield from [CarriedPatch(spot.path, span(node), file=file)] if file else ()
    elif value.strip():
        is_block = node.style == "|" and value is node.value
        yield _of_block(spot.path, node, text) if is_block else CarriedPatch(spot.path, span(node), text=value)


def _of_block(path: Path, node: Scalar, text: str) -> CarriedPatch:
    """The patch in a block: its lines are those below the ``|``, less the indentation that the first of them shows."""
    start, end = node.start_mark, node.end_mark.index
    header = block_indicators(node, text).begin
    first_line = start.line + len(split_lines(text[start.index : header])) + 1
    _, *outer = split_lines(text[header:end])
    both = zip(outer, split_lines(node.value), strict=False)
    indentation = next(len(line) - len(inner) for line, inner in both if inner.strip())
    return CarriedPatch(path, span(node), "", node.value, first_line, (indentation, indentation))


def _of_collection(spot: _Spot, text: str) -> Iterator[CarriedPatch]:
    node = spot.node
    assert isinstance(node, Mapping | Sequence)
    start, end = node.start_mark, node.end_mark.index
    if not node.content or any(map(is_merge, leaves(node))):
        return
    if not _is_self_contained(node):
        yield from _gathered(spot.path, node)
    elif node.flow:
        yield CarriedPatch(spot.path, span(node), "", text[start.index : end], start.line + 1, (start.column, 0))
    else:
        own = " " * start.column + text[start.index : end].rstrip(" \t")  # what follows begins further right or left
        yield CarriedPatch(spot.path, span(node), "", own, start.line + 1, lead=start.column)


def _is_self_contained(node: Mapping | Sequence) -> bool:
    """Whether all that the aliases of a collection refer to stands in it."""
    begin, end = node.start_mark.index, node.end_mark.index
    return all(begin <= leaf.target.start_mark.index < end for leaf in leaves(node) if isinstance(leaf, Alias))


def _gathered(path: Path, node: Mapping | Sequence) -> Iterator[CarriedPatch]:
    """The patch with what its aliases stand for; none if that is too much."""
    with suppress(TooMuchError, ValueError):  # the second: a number of more digits than Python writes
        yield CarriedPatch(path, span(node), text=json.dumps(Plain().value(node), ensure_ascii=False))
