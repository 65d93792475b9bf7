"""Go values from nodes: the typed decoding of go-yaml, for the shapes of ``documents.shapes``.

Source: yaml/go-yaml v4, internal/libyaml/constructor.go; siderolabs/talos, pkg/machinery/config/types/meta/{url,args}.go,
types/network/port_range.go, types/v1alpha1/v1alpha1_types.go (ClusterInlineManifests).
"""

from __future__ import annotations

import re
from contextlib import suppress
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

from talos_registry.diagnostic import Path, Problem
from talos_registry.documents.mirror import url_problem
from talos_registry.documents.shapes import (
    ANY,
    BOOL,
    STRING,
    Leaf,
    ListOf,
    MapOf,
    Shape,
    Struct,
    Values,
    go_name,
    is_pointer,
    zero,
)
from talos_registry.documents.texts import Octal, TextError
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.durations import read_duration, written_duration
from talos_registry.go.url import go_quote, is_canonical
from talos_registry.goyaml.errors import collected, gave_up
from talos_registry.goyaml.nodes import Alias, Mapping, Node, Scalar, Sequence, Target, pairs
from talos_registry.goyaml.plain import plain_scalar
from talos_registry.goyaml.representer import Moment
from talos_registry.goyaml.scalars import FALSE_WORDS, NULL_WORDS, TRUE_WORDS, written_moment
from talos_registry.goyaml.tags import is_merge, is_null, resolved, scalar_tag
from talos_registry.limits import MAX_DEPTH, MAX_VALUE_DEPTH
from talos_registry.loading.mismatch import (
    GaveUp,
    ProblemAt,
    base64_problem,
    binary_text,
    check_tag,
    no_alias,
    no_text,
    not_read,
    wrong_type,
)
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from talos_registry.versions import Release

__all__ = ["Construction"]

_MAX_ALIASED = 100_000
_MAX_DUPLICATES = 10_000
_MERGE_WANTS_MAPS = "map merge requires map or sequence of maps as the value"
_TYPED_TAGS = frozenset({"!!bool", "!!int", "!!float", "!!null", "!!timestamp"})
_MAYBE_DATE = re.compile(r"[0-9]{4}-", re.ASCII)
_NO_FIELDS: dict[str, Shape] = {}

_NUMBERS = frozenset({"int", "uint", "float", "octal"})
_LEFT_OUT = _NUMBERS | {"duration"}
"""The forms that ``<<`` leaves unset."""

_UNMARSHAL = {"url": "_url", "base64": "_base64", "text": "_string_text", "args": "_args", "ports": "_ports"}
"""The methods that read the types which unmarshal themselves."""

_ANYTHING = MapOf(ANY)
_PORT = Leaf("uint16", "uint", 16)

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
                return node.value if node.style or node.value not in NULL_WORDS else None
            return self._tagged_string(node, path)
        if isinstance(node, Alias):
            return self._through(node, STRING, path)  # type: ignore[no-any-return]  # a string
        self._refuse(resolved(node), STRING, path)
        return None

    def struct(self, shape: Struct, node: Mapping) -> Values:
        """The members of a document that fit the struct."""
        values: Values = {}
        self._fill(values, shape, node, (), None)
        return values

    # One value of any shape

    def _value(self, shape: Shape, node: Node, path: Path) -> Any:
        if shape is STRING:
            return self.string(node, path)
        if isinstance(node, Alias):
            return self._through(node, shape, path)
        if type(node) is Scalar and scalar_tag(node) == "!!null":
            check_tag(node, "!!null", path, self._release)
            return None
        if shape is BOOL:
            return self._bool(node, path)
        if isinstance(shape, Leaf):
            return self._leaf(shape, node, path)
        if isinstance(shape, Struct) and shape.base64:
            return self._unmarshalled(shape, node, path)
        return self._collection(shape, node, path)

    def _leaf(self, shape: Leaf, node: Target, path: Path) -> Any:
        if shape.form in _LEFT_OUT and self._release.merge_makes_empty and is_merge(node):
            return None
        if shape.form in _NUMBERS:
            return self._number(shape, node, path)
        if shape.form == "any":
            return self._any(node, path)
        if shape.form == "string":
            return self._named_string(shape, node, path)
        if shape.form == "bool":
            return self._bool(node, path)
        if shape.reads_text:
            return self._text(shape, node, path)
        if shape.form == "duration":
            return self._duration(shape, node, path)
        return self._unmarshalled(shape, node, path)

    def _through(self, alias: Alias, shape: Shape, path: Path) -> Any:
        if self._release.shows_pointers and isinstance(shape, Leaf) and shape.reads_text:
            self._error(alias, no_alias(shape, path))
            return None
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
                return self._items(shape, node, path)
        elif isinstance(node, Mapping):
            values: Values = {}
            self._fill(values, shape, node, path, None)
            return values
        if not isinstance(node, Mapping | Sequence) and self._is_merge_scalar(node, path):
            return {} if isinstance(shape, Struct) and shape.is_pointer else None
        self._refuse(node, shape, path)
        return None

    def _items(self, shape: ListOf, node: Sequence, path: Path) -> list[Any]:
        """The items of a list: Go has room for a null where it holds pointers, and anything at all."""
        keeps_null = is_pointer(shape.item) or shape.item is ANY
        items: list[Any] = []
        for at, item in enumerate(node.content):
            value = self._value(shape.item, item, (*path, at))
            if value is None and keeps_null and is_null(item):
                items.append(None)
                if shape.item is not ANY:
                    self.null_entries.append(((*path, at), resolved(item)))
            elif value is not None:
                items.append(value)
        return items

    def _is_merge_scalar(self, node: Scalar, path: Path) -> bool:
        """Whether go-yaml makes a value, fills nothing in and says nothing."""
        tag = scalar_tag(node)
        check_tag(node, tag, path, self._release)
        if tag == "!!binary":
            binary_text(node, path, self._release)
        return tag == "!!merge" and self._release.merge_makes_empty

    def _unmarshalled(self, shape: Leaf | Struct, node: Target, path: Path) -> Any:
        """The value of a Go type that unmarshals itself: what stops go-yaml elsewhere is an error like others here."""
        try:
            if isinstance(shape, Struct):
                return self._collection(shape, node, path)
            return getattr(self, _UNMARSHAL[shape.form])(shape, node, path)
        except GaveUp as gave_up:
            self._entries.append((node.start_mark.line + 1, gave_up.text))
            self.problems.extend(gave_up.problems)
            return None

    # Scalars

    def _tagged_string(self, node: Scalar, path: Path, shape: Leaf = STRING) -> str | None:
        tag = scalar_tag(node)
        check_tag(node, tag, path, self._release)
        if tag == "!!null":
            return None
        if tag == "!!timestamp" and not self._release.dates_are_text:
            self._refuse(node, shape, path)
            return None
        return binary_text(node, path, self._release) if tag == "!!binary" else node.value

    def _bool(self, node: Target, path: Path) -> bool | None:
        if isinstance(node, Mapping | Sequence):
            self._refuse(node, BOOL, path)
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
        self._refuse(node, BOOL, path)
        return None

    def _named_string(self, shape: Leaf, node: Target, path: Path) -> str | None:
        """A string whose type has a name of its own."""
        if isinstance(node, Mapping | Sequence):
            self._refuse(node, shape, path)
            return None
        return self._tagged_string(node, path, shape)

    def _number(self, shape: Leaf, node: Target, path: Path) -> float | None:
        value = None if isinstance(node, Mapping | Sequence) else self._plain_number(node, path)
        number = None if value is None else _fitting(value, shape, truncates=not self._release.lossless_numbers)
        if number is None:
            self._refuse(node, shape, path)
        return Octal(number) if shape.form == "octal" and number is not None else number

    def _plain_number(self, node: Scalar, path: Path) -> float | None:
        tag = self._checked_tag(node, path)
        return _number(node, tag) if tag in {"!!int", "!!float"} else None

    def _checked_tag(self, node: Scalar, path: Path) -> str:
        """The tag of a scalar that is not text, which fits its value."""
        tag = scalar_tag(node)
        check_tag(node, tag, path, self._release)
        if tag == "!!binary":
            binary_text(node, path, self._release)
        return tag

    def _duration(self, shape: Leaf, node: Target, path: Path) -> str | None:
        if not isinstance(node, Mapping | Sequence):
            tag = self._checked_tag(node, path)
            if tag == "!!int" and self._release.lossless_numbers and plain_scalar(node) == 0:
                return "0s"
            if tag == "!!str":
                with suppress(ValueError):
                    return written_duration(read_duration(node.value))
        self._refuse(node, shape, path)
        return None

    def _text(self, shape: Leaf, node: Target, path: Path) -> Any:
        """The value of a type that reads the text of any scalar."""
        if isinstance(node, Mapping | Sequence):
            return self._no_text(shape, node, path)
        tag = scalar_tag(node)
        check_tag(node, tag, path, self._release)
        text = binary_text(node, path, self._release) if tag == "!!binary" else node.value
        return self._read(shape, text, node, path)

    def _no_text(self, shape: Leaf, node: Mapping | Sequence, path: Path) -> None:
        """Refuse a collection in the place of a text; a struct without keys takes a mapping in early releases."""
        if self._release.texts_are_scalars:
            self._error(node, no_text(node, shape, path, self._release))
        elif isinstance(node, Sequence) or (shape.text is not None and not shape.text.is_struct):
            self._refuse(node, shape, path)
        else:
            self._fill({}, Struct(shape.go, {}), node, path, None)

    def _string_text(self, shape: Leaf, node: Target, path: Path) -> Any:
        """The value of a type that reads a string first."""
        text = self.string(node, path)
        return None if text is None else self._read(shape, text, node, path)

    def _read(self, shape: Leaf, text: str, node: Target, path: Path) -> Any:
        assert shape.text is not None
        try:
            return shape.text.read(text)
        except TextError as error:
            self._error(node, not_read(shape, text, path, str(error)))
            return None

    def _args(self, _shape: Leaf, node: Target, path: Path) -> str | list[str] | None:
        """A text, or a list of texts; whatever else is wrong, Talos says one thing."""
        trial = Construction(self._release)
        trial._following, trial._aliased = self._following, self._aliased
        try:
            value = trial.string(node, path) if type(node) is Scalar else trial._collection(ListOf(STRING), node, path)
            trial.raise_for_errors()
        except GaveUp as gave_up:
            if not gave_up.text:
                raise
            value = None
        self._aliased = trial._aliased
        if value is None:
            message = f"{path[-1]} must be text or a list of texts."
            self._error(node, Problem("wrong-type", path, "arg value must be a string or list of strings", message))
        return value

    def _ports(self, _shape: Leaf, node: Target, path: Path) -> int | str | None:
        """A port, or a range of ports; one of equal ends is a port."""
        if not isinstance(node, Mapping | Sequence):
            value = self._plain_number(node, path)
            port = None if value is None else _fitting(value, _PORT)
            if port is not None:
                return int(port)
        text = self.string(node, path)
        if text is None:
            return None
        low, dash, high = text.partition("-")
        if not dash or not (_is_port(low) and _is_port(high)):
            message = f"{path[-1]} must be a port or a range such as 80-90, not {quoted(text)}."
            self._error(node, Problem("wrong-type", path, f"invalid port range: {go_quote(text)}", message))
            return None
        return int(low) if int(low) == int(high) else f"{int(low)}-{int(high)}"

    def _any(self, node: Target, path: Path) -> Any:
        """Whatever YAML makes of a node, as deep as values are followed."""
        if len(path) > MAX_VALUE_DEPTH:
            message = f"The values here are nested more than {MAX_VALUE_DEPTH} levels deep; this tool stops here."
            raise GaveUp.at(node, "limit-exceeded", "", message, path)
        if isinstance(node, Sequence):
            return self._collection(ListOf(ANY), node, path)
        if isinstance(node, Mapping):
            return _with_plain_keys(self._collection(_ANYTHING, node, path), node)
        tag = scalar_tag(node)
        check_tag(node, tag, path, self._release)
        if tag == "!!binary":
            return binary_text(node, path, self._release)
        return None if tag == "!!merge" and self._release.merge_makes_empty else _plain(node, tag)

    def _url(self, _shape: Leaf, node: Target, path: Path) -> str | None:
        text = self.string(node, path)
        if not text:
            return text
        if is_canonical(text):
            return text
        try:
            return str(parse_url(text, strict_colons=self._release.strict_colons))
        except InvalidURLError as error:
            self._error(node, url_problem(path, text, str(error)))
            return None

    def _base64(self, _shape: Leaf, node: Target, path: Path) -> str | None:
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
        errors = len(self._entries)
        if self._has_duplicates(node, path):
            return
        merges: list[Node] = []
        fields = shape.fields if isinstance(shape, Struct) and taken is None else _NO_FIELDS
        for key, value in pairs(node):
            field = fields.get(key.value)
            if field is not None and key.__class__ is Scalar and key.tag is None and key.value not in values:
                if field is STRING:
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
        if isinstance(shape, Struct) and shape.base64 and taken is None and len(self._entries) == errors:
            self._check_base64(values, shape, node, path)

    def _odd_member(
        self, values: Values, shape: Struct | MapOf, entry: tuple[Node, Node], path: Path, taken: set[str] | None
    ) -> None:
        """A member whose key is not simply the name of a field that is still unset."""
        key, value = entry
        name = self.string(key, path)
        if name != key.value or isinstance(key, Alias):
            self.met_odd_key = True
        if name is None and isinstance(shape, MapOf) and is_pointer(shape.item) and is_null(key) and is_null(value):
            self.null_entries.append(((*path, resolved(key).value), resolved(value)))
        if name is None or (taken is not None and name in taken):
            return
        if taken is not None:
            taken.add(name)
        if isinstance(shape, MapOf):
            self._entry(values, shape, name, value, path)
        elif name not in shape.fields and shape.is_open:
            self._entry(values, _ANYTHING, name, value, path)
        elif name not in shape.fields:
            self.met_odd_key = True
        elif name in values:
            error_text = f"field {name} already set in type {go_name(shape)}"
            message = f"The key {quoted(name)} is set twice."
            self._error(key, Problem("duplicate-key", (*path, name), error_text, message))
        else:
            member = self._value(shape.fields[name], value, (*path, name))
            if member is not None:
                values[name] = member

    def _entry(self, values: Values, shape: MapOf, name: str, value: Node, path: Path) -> None:
        member = self._value(shape.item, value, (*path, name))
        if self._release.merge_makes_empty and is_merge(resolved(value)) and not _takes_any_scalar(shape.item):
            return
        if is_null(value) and is_pointer(shape.item):
            self.null_entries.append(((*path, name), resolved(value)))
        elif member is None and not is_null(value) and shape.item is not ANY:
            member = {} if isinstance(shape.item, Struct | MapOf) else None
            if member is None:
                return
        elif member is None and shape.item is not ANY:
            member = zero(shape.item)
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
        begins_document = not path and again.value in {"apiVersion", "kind"}
        advice = "; if another document begins here, put a line --- before it" if begins_document else ""
        message = f"The key {quoted(again.value)} is already set on line {line}{advice}."
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


def _takes_any_scalar(shape: Shape) -> bool:
    return shape in (STRING, ANY) or (isinstance(shape, Leaf) and shape.reads_yaml)


def _number(node: Scalar, tag: str) -> float | None:
    """The number that a scalar is, of the kind that its tag says."""
    value = plain_scalar(node)
    if not isinstance(value, int | float):
        return None
    if tag == "!!float":
        return -0.0 if node.value == "-0" else float(value)
    return value


def _plain(node: Scalar, tag: str) -> Any:
    """A scalar where everything is kept as what YAML makes of it."""
    if tag in {"!!int", "!!float"}:
        return _number(node, tag)
    return Moment(written_moment(node.value)) if tag == "!!timestamp" else plain_scalar(node)


def _fitting(value: float, shape: Leaf, *, truncates: bool = False) -> float | None:
    """A number as one of the shape, None if it is none."""
    if shape.form == "float":
        return float(value)
    if not isfinite(value) or (int(value) != value and not truncates):
        return None
    least, bits = (-1 << shape.bits - 1, shape.bits - 1) if shape.form == "int" else (0, shape.bits)
    return int(value) if least <= value < 1 << bits else None


def _with_plain_keys(values: Values, node: Mapping) -> dict[Any, Any]:
    """A mapping with the keys that YAML makes of it, where not all of them are text."""
    tags = {key.value: (scalar_tag(key), key) for key, _ in pairs(node) if type(key) is Scalar}
    if all(tag in {"!!str", "!!merge"} for tag, _ in tags.values()):
        return values
    keys = {name: _plain(key, tag) for name, (tag, key) in tags.items()}
    return {keys.get(name, name): value for name, value in values.items()}


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < 1 << _PORT.bits


def _contains_itself(alias: Node, path: Path, release: Release) -> GaveUp:
    error_text = gave_up("composer", f"anchor '{alias.value}' value contains itself", alias, release)
    return GaveUp.at(alias, "yaml-syntax", error_text, f"The anchor {quoted(alias.value)} contains itself.", path)
