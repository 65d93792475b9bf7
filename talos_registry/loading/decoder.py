"""Nodes to values, as Talos decodes them: kind discovery, Go's types, unknown keys, and Talos' words for what is wrong.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/decoder.go; siderolabs/gen,
xyaml/xyaml.go; yaml/go-yaml v4, internal/libyaml/constructor.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talos_registry.documents import KINDS, legacy
from talos_registry.documents.kinds import kind_problem, struct_of
from talos_registry.go.url import go_quote
from talos_registry.goyaml.nodes import Mapping, Node, Scalar, pairs
from talos_registry.loading.construction import Construction
from talos_registry.loading.mismatch import GaveUp, ProblemAt
from talos_registry.masking import masked_repr
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from talos_registry.diagnostic import Path
    from talos_registry.documents.shapes import Struct, Values
    from talos_registry.versions import Release

__all__ = ["Decoded", "Identity", "decode", "identity_of"]

_IDENTITY_KEYS = frozenset({"apiVersion", "kind", "name"})
_MARKED = legacy.MARKS | _IDENTITY_KEYS
"""What makes Talos look twice at a node of the root mapping."""
_NULL_TAG = "tag:yaml.org,2002:null"


class Identity(NamedTuple):
    """What a document calls itself, as raw text; what is not plain text is missing."""

    api_version: str
    kind: str
    name: str

    def __str__(self) -> str:
        return "/".join(self)

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)


class Decoded(NamedTuple):
    """One document, decoded.

    ``kind`` is its kind, ``"v1alpha1"`` for the kind-less document, or ``""`` for what is not decoded. ``values`` are None
    then and when decoding failed; ``error`` is what Talos says in that case, None when a limit of this tool was met.
    """

    identity: Identity
    kind: str
    values: Values | None
    error: str | None
    problems: tuple[ProblemAt, ...]


def decode(root: Mapping, release: Release, text: str) -> Decoded:
    """The document under ``root``, part of the source ``text``, decoded as the ``release`` does."""
    marked = _marked(root)
    identity = _identity(root, marked)
    construction = Construction(release)
    try:
        named = _discover(root, marked, construction, release)
    except GaveUp as refusal:
        return _refused(identity, root, construction, [refusal])
    kind = named or legacy.KIND
    struct = struct_of(kind, release)
    if struct is None:
        return Decoded(identity, "", None, None, ())
    values, misfit = _construct(construction, struct, root, named)
    # Talos stops at the misfit; whoever fixes the file wants to know the unknown keys as well.
    unknown = None
    if construction.met_odd_key:
        unknown = _unknown_keys(struct, root, text, release, fits=misfit is None)
    if unknown is not None and not named and not _is_machine_config(root, struct):
        unknown = GaveUp(unknown.text, *_missing_kind(root).problems)
    if unknown is not None and release.number < _FIRST_RECORDED:
        unknown = _ours(unknown)
    nulls = _null_entries(construction) if release.refuses_null_entries and construction.null_entries else None
    refusals = [refusal for refusal in (misfit, unknown, nulls) if refusal is not None]
    return _refused(identity, root, construction, refusals) if refusals else Decoded(identity, kind, values, None, ())


def _refused(identity: Identity, root: Mapping, construction: Construction, refusals: list[GaveUp]) -> Decoded:
    error_text = refusals[0].text
    problems = [problem for refusal in refusals for problem in refusal.problems]
    error = _wrapped(error_text, identity, root) if error_text else None
    return Decoded(identity, "", None, error, (*construction.problems, *problems))


_FIRST_RECORDED = (1, 12)


def _ours(unknown: GaveUp) -> GaveUp | None:
    """The unknown keys that count for a release whose shapes were not recorded: those of the root and of registry settings."""
    problems = [at for at in unknown.problems if at.problem.code != "unknown-key" or _is_ours(at.problem.path)]
    return GaveUp(unknown.text, *problems) if problems else None


def _is_ours(path: Path) -> bool:
    return len(path) == 1 or path[:2] == ("machine", "registries") or path[:3] == ("machine", "features", "imageCache")


def _wrapped(text: str, identity: Identity, root: Mapping) -> str:
    if text.startswith("recovered: "):
        return text
    return f"error decoding document {identity} (line {root.start_mark.line + 1}): {text}"


def identity_of(root: Mapping) -> Identity:
    """What a document calls itself."""
    return _identity(root, _marked(root))


def _marked(root: Mapping) -> list[tuple[int, Node]]:
    return [(place, node) for place, node in enumerate(root.content) if node.value in _MARKED]


def _identity(root: Mapping, marked: list[tuple[int, Node]]) -> Identity:
    texts: dict[str, str] = {}
    for place, node in marked:
        if node.value in _IDENTITY_KEYS and place % 2 == 0 and node.__class__ is Scalar:
            texts.setdefault(node.value, root.content[place + 1].value)
    return Identity(texts.get("apiVersion", ""), texts.get("kind") or legacy.KIND, texts.get("name", ""))


# Which kind? Talos looks at every node of the root mapping, values as well as keys.


def _discover(root: Mapping, marked: list[tuple[int, Node]], construction: Construction, release: Release) -> str:
    version = kind = ""
    content = root.content
    for index, node in marked:
        if node.value == "name":
            continue
        if node.value in legacy.MARKS:
            version = "v1alpha1"
        elif index + 1 == len(content):
            raise _crash(node, len(content))
        elif node.value == "kind":
            kind = _discovered(content[index + 1], "kind", construction, kind)
        else:
            version = _discovered(content[index + 1], "version", construction, version)
    return _checked_kind(root, kind, version, release)


def _discovered(node: Node, what: str, construction: Construction, before: str) -> str:
    path = ("kind" if what == "kind" else "apiVersion",)
    try:
        text = construction.string(node, path)
        construction.raise_for_errors()
    except GaveUp as gave_up:
        raise gave_up.within(f"{what} decode: ") from None
    return before if text is None else text


def _checked_kind(root: Mapping, kind: str, version: str, release: Release) -> str:
    """The kind, "" for the kind-less document; its registered name goes with every apiVersion."""
    if not kind and version == "v1alpha1":
        return ""
    if not kind:
        raise _missing_kind(root)
    problem = None if version and kind == legacy.KIND else kind_problem(kind, version, release)
    if problem is not None:
        raise GaveUp(problem.text, ProblemAt(problem, _value_of(root, str(problem.path[0])) if problem.path else root))
    return kind


def _is_machine_config(root: Mapping, struct: Struct) -> bool:
    return any(key.value in struct.fields for key, _ in pairs(root))


def _missing_kind(root: Mapping) -> GaveUp:
    homes = legacy.MISPLACED[legacy.GO]
    misplaced = next((key for key, _ in pairs(root) if key.value in homes), None)
    if misplaced is not None:
        home = homes[misplaced.value]
        message = f"{quoted(misplaced.value)} does not belong here; it belongs under {home}."
        return GaveUp.at(misplaced, "misplaced-section", "missing kind", message, (misplaced.value,))
    message = f"The document has no kind; the registry kinds are {', '.join(KINDS)}."
    return GaveUp.at(root, "missing-kind", "missing kind", message)


def _value_of(root: Mapping, key: str) -> Node:
    return next((value for name, value in pairs(root) if name.value == key), root)


def _crash(node: Node, length: int) -> GaveUp:
    error_text = f"recovered: runtime error: index out of range [{length}] with length {length}"
    message = (
        f"The last value of the document is {quoted(node.value)}, and that makes Talos crash; put another key last."
    )
    return GaveUp.at(node, "talos-crash", error_text, message)


def _null_crash(root: Mapping) -> GaveUp:
    error_text = "recovered: reflect: call of reflect.Value.Type on zero Value"
    return GaveUp.at(
        root, "talos-crash", error_text, "The document is tagged !!null, and that makes Talos crash; remove the tag."
    )


def _construct(construction: Construction, struct: Struct, root: Mapping, kind: str) -> tuple[Values, GaveUp | None]:
    """The values of a document, and what keeps Talos from taking them."""
    values: Values = {}
    try:
        values = construction.struct(struct, root)
        construction.raise_for_errors()
    except GaveUp as refusal:
        return values, refusal.within(f"error decoding {kind} to *{struct.go}: ")
    crashes = root.tag == _NULL_TAG and bool(kind)
    return values, _null_crash(root) if crashes else None


def _null_entries(construction: Construction) -> GaveUp:
    entries = construction.null_entries
    error_text = (
        f"null value is not allowed at {go_quote(_dotted(path))} (line {node.start_mark.line + 1})"
        for path, node in entries
    )
    return GaveUp("\n".join(error_text), *(ProblemAt(legacy.null_entry(path), node) for path, node in entries))


def _dotted(path: Path) -> str:
    """A path as Talos prints it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _unknown_keys(struct: Struct, root: Mapping, text: str, release: Release, *, fits: bool) -> GaveUp | None:
    from talos_registry.loading.unknown_keys import unknown_keys

    return unknown_keys(struct, root, text, release, fits=fits)
