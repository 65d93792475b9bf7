"""Go values from nodes: the typed decoding of go-yaml, for the shapes of ``documents.shape``.

Source: yaml/go-yaml v4, internal/libyaml/constructor.go; siderolabs/talos, pkg/machinery/config/types/meta/url.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from talos_registry.diagnostic import Path, Problem
from talos_registry.documents.mirror import url_problem
from talos_registry.documents.shapes import ListOf, MapOf, ScalarType, Shape, Struct, Values
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.url import go_quote, is_canonical
from talos_registry.goyaml.errors import collected, gave_up
from talos_registry.goyaml.nodes import Alias, Mapping, Node, Scalar, Sequence, Target, pairs
from talos_registry.goyaml.scalars import FALSE_WORDS, TRUE_WORDS
from talos_registry.goyaml.tags import is_merge, is_null, resolved, scalar_tag
from talos_registry.limits import MAX_DEPTH
from talos_registry.loading.mismatch import GaveUp, ProblemAt, base64_problem, binary_text, check_tag, wrong_type
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from talos_registry.versions import Release

__all__ = ["Construction"]

_MAX_ALIASED = 100_000
_MAX_DUPLICATES = 10_000
_MERGE_WANTS_MAPS = "map merge requires map or sequence of maps as the value"
_TYPED_TAGS = frozenset({"!!bool", "!!int", "!!float", "!!null", "!!timestamp"})
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_MAYBE_DATE = re.compile(r"[0-9]{4}-", re.ASCII)
_STRING = ScalarType.STRING
_NO_FIELDS: dict[str, Shape] = {}

Branching: TypeAlias = Struct | ListOf | MapOf


class Construction:
    """Builds the values of one document and collects what is wrong, in go-yaml's order.

    A null leaves a field unset; so does anything wrong, after a problem about it. ``met_odd_key``: a key was no plain
    text or no field of its struct. ``null_entries``: the entries of maps that are null.
    """

    def __init__(self, release: Release) -> None:
        self.problems: list[ProblemAt] = []
        self.met_odd_key = False
        self.null_entries: list[tuple[Path, Target]] = []
        self._release = release
        self._entries: list[tuple[int, str]] = []
        self._following: set[int] = set()
        self._aliased = 0

    def raise_for_errors(self) -> None:
        """Raise GaveUp with all errors so far in go-yaml's words, if there are any."""
        if self._entries:
            raise GaveUp(collected(self._entries, self._release))

    def repeated_keys(self, node: Mapping) -> None:
        """Take note of the keys of a document that are repeated, and of nothing else."""
        self._has_duplicates(node, ())

    def string(self, node: Node, path: Path) -> str | None:
        """The text of a scalar as a Go string; None for a null and for what is no text."""
        if type(node) is Scalar:
            if node.tag is None and (node.style or not _MAYBE_DATE.match(node.value)):
                return node.value if node.style or node.value not in _NULLS else None
            return self._tagged_string(node, path)
        if isinstance(node, Alias):
            return self._through(node, ScalarType.STRING, path)  # type: ignore[no-any-return]  # a string
        self._refuse(resolved(node), ScalarType.STRING, path)
        return None

    def struct(self, shape: Struct, node: Mapping) -> Values:
        """The members of a document that fit the struct."""
        values: Values = {}
        self._fill(values, shape, node, (), None)
        return values

    # One value of any shape

    def _value(self, shape: Shape, node: Node, path: Path) -> Any:
        if shape is _STRING:
            return self.string(node, path)
        if isinstance(node, Alias):
            return self._through(node, shape, path)
        if type(node) is Scalar and scalar_tag(node) == "!!null":
            check_tag(node, "!!null", path, self._release)
            return None
        if shape is ScalarType.BOOL:
            return self._bool(node, path)
        if isinstance(shape, ScalarType) or (isinstance(shape, Struct) and shape.base64):
            return self._unmarshalled(shape, node, path)
        return self._collection(shape, node, path)

    def _through(self, alias: Alias, shape: Shape, path: Path) -> Any:
        self._count_aliased(alias, path)
        if id(alias) in self._following:
            raise _contains_itself(alias, path, self._release)
        self._following.add(id(alias))
        value = self._value(shape, alias.target, path)
        self._following.discard(id(alias))
        return value

    def _count_aliased(self, node: Node, path: Path, *, count: int = 1) -> None:
        self._aliased += count
        if self._aliased > _MAX_ALIASED:
            message = f"The aliases of this document stand for more than {_MAX_ALIASED} values; this tool stops here."
            raise GaveUp.at(node, "limit-exceeded", "", message, path)
        if len(self._following) >= MAX_DEPTH:
            message = f"The merge keys of this document lead more than {MAX_DEPTH} levels deep; this tool stops here."
            raise GaveUp.at(node, "limit-exceeded", "", message, path)

    def _collection(self, shape: Branching, node: Target, path: Path) -> Any:
        if isinstance(shape, ListOf):
            if isinstance(node, Sequence):
                if self._following:
                    self._count_aliased(node, path, count=len(node.content))
                items = (self._value(shape.item, item, (*path, at)) for at, item in enumerate(node.content))
                return [item for item in items if item is not None]
        elif isinstance(node, Mapping):
            values: Values = {}
            self._fill(values, shape, node, path, None)
            return values
        if not isinstance(node, Mapping | Sequence) and self._is_merge_scalar(node, path):
            return {} if isinstance(shape, Struct) and shape.is_pointer else None
        self._refuse(node, shape, path)
        return None

    def _is_merge_scalar(self, node: Scalar, path: Path) -> bool:
        """Whether go-yaml makes a value, fills nothing in and says nothing."""
        tag = scalar_tag(node)
        check_tag(node, tag, path, self._release)
        if tag == "!!binary":
            binary_text(node, path, self._release)
        return tag == "!!merge" and self._release.merge_makes_empty

    def _unmarshalled(self, shape: ScalarType | Struct, node: Target, path: Path) -> Any:
        """The value of a Go type that unmarshals itself: what stops go-yaml elsewhere is an error like others here."""
        try:
            if isinstance(shape, Struct):
                return self._collection(shape, node, path)
            return self._url(node, path) if shape is ScalarType.URL else self._base64(node, path)
        except GaveUp as gave_up:
            self._entries.append((node.start_mark.line + 1, gave_up.text))
            self.problems.extend(gave_up.problems)
            return None

    # Scalars

    def _tagged_string(self, node: Scalar, path: Path) -> str | None:
        tag = scalar_tag(node)
        check_tag(node, tag, path, self._release)
        if tag == "!!null":
            return None
        if tag == "!!timestamp" and not self._release.dates_are_text:
            self._refuse(node, ScalarType.STRING, path)
            return None
        return binary_text(node, path, self._release) if tag == "!!binary" else node.value

    def _bool(self, node: Target, path: Path) -> bool | None:
        if isinstance(node, Mapping | Sequence):
            self._refuse(node, ScalarType.BOOL, path)
            return None
        tag = scalar_tag(node)
        check_tag(node, tag, path, self._release)
        if tag == "!!bool":
            return node.value[0] in "tT"
        if tag == "!!merge" and self._release.merge_makes_empty:
            return False
        word = binary_text(node, path, self._release) if tag == "!!binary" else node.value
        if tag == "!!str" or (self._release.any_tag_takes_words and tag not in _TYPED_TAGS):
            if word in TRUE_WORDS:
                return True
            if word in FALSE_WORDS:
                return False
        self._refuse(node, ScalarType.BOOL, path)
        return None

    def _url(self, node: Target, path: Path) -> str | None:
        text = self.string(node, path)
        if not text:
            return None
        if is_canonical(text):
            return text
        try:
            return str(parse_url(text, strict_colons=self._release.strict_colons))
        except InvalidURLError as error:
            self._error(node, url_problem(path, text, str(error)))
            return None

    def _base64(self, node: Target, path: Path) -> str | None:
        text = self.string(node, path)
        problem = base64_problem(text, path) if text else None
        if problem:
            self._error(node, problem)
        return text

    # Mappings

    def _fill(self, values: Values, shape: Struct | MapOf, node: Mapping, path: Path, taken: set[str] | None) -> None:
        """Put the members of ``node`` into ``values``, except those ``taken`` by a mapping it is merged into."""
        if self._following:
            self._count_aliased(node, path, count=len(node.content))
        if self._has_duplicates(node, path):
            return
        merges: list[Node] = []
        fields = shape.fields if isinstance(shape, Struct) and taken is None else _NO_FIELDS
        for key, value in pairs(node):
            field = fields.get(key.value)
            if field is not None and key.__class__ is Scalar and key.tag is None and key.value not in values:
                if field is _STRING:
                    member = self.string(value, (*path, key.value))
                else:
                    member = self._value(field, value, (*path, key.value))
                if member is not None:
                    values[key.value] = member
            elif is_merge(key) and (key.value == "<<" or self._release.merges_by_tag):
                merges = [value]
                self.met_odd_key = True
            else:
                self._odd_member(values, shape, (key, value), path, taken)
        for merge in merges:
            own = {key.value for key in node.content[::2]} if taken is None else taken
            self._merge(values, shape, merge, path, own)
        if isinstance(shape, Struct) and shape.base64:
            self._check_base64(values, shape, node, path)

    def _odd_member(
        self, values: Values, shape: Struct | MapOf, entry: tuple[Node, Node], path: Path, taken: set[str] | None
    ) -> None:
        """A member whose key is not simply the name of a field that is still unset."""
        key, value = entry
        name = self.string(key, path)
        if name != key.value or isinstance(key, Alias):
            self.met_odd_key = True
        if name is None and isinstance(shape, MapOf) and is_null(key) and is_null(value):
            self.null_entries.append(((*path, resolved(key).value), resolved(value)))
        if name is None or (taken is not None and name in taken):
            return
        if taken is not None:
            taken.add(name)
        if isinstance(shape, MapOf):
            self._entry(values, shape, name, value, path)
        elif name not in shape.fields:
            self.met_odd_key = True
        elif name in values:
            error_text = f"field {name} already set in type {shape.go}"
            message = f"The key {quoted(name)} is set twice."
            self._error(key, Problem("duplicate-key", (*path, name), error_text, message))
        else:
            member = self._value(shape.fields[name], value, (*path, name))
            if member is not None:
                values[name] = member

    def _entry(self, values: Values, shape: MapOf, name: str, value: Node, path: Path) -> None:
        member = self._value(shape.item, value, (*path, name))
        if self._release.merge_makes_empty and is_merge(resolved(value)):
            return
        if is_null(value):
            self.null_entries.append(((*path, name), resolved(value)))
        elif member is None:
            member = {}
        values[name] = member

    def _has_duplicates(self, node: Mapping, path: Path) -> bool:
        nodes = node.content[::2]
        if len({key.value for key in nodes}) == len(nodes):
            return False
        keys = [(key.__class__, key.value) for key in nodes]
        again: dict[Any, list[int]] = {}
        for place, key in enumerate(keys):
            again.setdefault(key, []).append(place)
        if sum(len(places) ** 2 for places in again.values()) - len(keys) > _MAX_DUPLICATES:
            raise GaveUp.at(node, "limit-exceeded", "", "More keys are repeated here than this tool tells apart.", path)
        for first, key in enumerate(keys):
            for later in again[key][again[key].index(first) + 1 :]:
                self._duplicate(nodes[first], nodes[later], path)
        return len(again) < len(keys)

    def _duplicate(self, first: Node, again: Node, path: Path) -> None:
        line = first.start_mark.line + 1
        error_text = f"mapping key {go_quote(again.value)} already defined at line {line}"
        message = f"The key {quoted(again.value)} is already set on line {line}."
        self._error(again, Problem("duplicate-key", (*path, again.value), error_text, message))

    def _merge(self, values: Values, shape: Struct | MapOf, merge: Node, path: Path, taken: set[str]) -> None:
        for source in merge.content if isinstance(merge, Sequence) else (merge,):
            target = resolved(source)
            if not isinstance(target, Mapping):
                error_text = gave_up("constructor", _MERGE_WANTS_MAPS, target, self._release)
                raise GaveUp.at(
                    target, "wrong-type", error_text, "A merge key takes a mapping or a list of mappings.", path
                )
            self._count_aliased(merge, path)
            if id(target) in self._following:
                raise _contains_itself(source, path, self._release)
            self._following.add(id(target))
            self._fill(values, shape, target, path, taken)
            self._following.discard(id(target))

    def _check_base64(self, values: Values, shape: Struct, node: Mapping, path: Path) -> None:
        for name in shape.base64:
            text = values.get(name)
            problem = base64_problem(text, (*path, name)) if text and text != shape.raw.get(name) else None
            if problem:
                self._error(node, problem)
                return

    # What is wrong

    def _refuse(self, node: Target, shape: Shape, path: Path) -> None:
        if not (isinstance(node, Mapping) and self._has_duplicates(node, path)):
            self._error(node, wrong_type(node, shape, path))

    def _error(self, node: Node, problem: Problem) -> None:
        self._entries.append((node.start_mark.line + 1, problem.text))
        self.problems.append(ProblemAt(problem, node))


def _contains_itself(alias: Node, path: Path, release: Release) -> GaveUp:
    error_text = gave_up("composer", f"anchor '{alias.value}' value contains itself", alias, release)
    return GaveUp.at(alias, "yaml-syntax", error_text, f"The anchor {quoted(alias.value)} contains itself.", path)
