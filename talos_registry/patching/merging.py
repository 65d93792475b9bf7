"""Two sets of values made one, as Talos merges a patch document into a document.

Source: siderolabs/talos, pkg/machinery/config/merge/merge.go; the ``Merge`` methods below pkg/machinery.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Any

from talos_registry.documents.shapes import ANY, FLAG, Leaf, ListOf, MapOf, Struct, is_pointer, zero
from talos_registry.go import InvalidURLError, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talos_registry.documents.shapes import Shape, Values

__all__ = ["MergeError", "always_merged", "merged"]


class MergeError(Exception):
    """What Talos does not merge; ``str()`` is its text."""


@contextmanager
def _within(where: str) -> Iterator[None]:
    try:
        yield
    except MergeError as error:
        raise MergeError(f"{where}: {error}") from None


def merged(shape: Shape, left: Any, right: Any, *, replaces: bool = False) -> Any:
    """``left`` with what ``right`` sets: lists grow, what is zero changes nothing, flags and keys are replaced.

    ``replaces``: lists, maps and structs are replaced, not grown.

    Raises:
        MergeError: with Talos' text for what it does not merge.

    >>> from talos_registry.documents.shapes import STRING
    >>> merged(ListOf(STRING), ["a"], ["a", "b"])
    ['a', 'a', 'b']
    """
    if shape.go in _MERGES:
        return _MERGES[shape.go](shape, left, right)
    if isinstance(shape, Struct):
        return _merged_struct(shape, left, right, replaces=replaces)
    if shape == FLAG:
        return _flag(left, right)
    if right is None or left is None:
        return left if right is None else right
    if isinstance(shape, ListOf):
        return right if replaces else [*left, *right]
    if isinstance(shape, MapOf):
        return right if replaces else _merged_map(shape, left, right)
    return _merged_leaf(shape, left, right)


def _merged_leaf(leaf: Leaf, left: Any, right: Any) -> Any:
    if leaf.form == "any":
        return _merged_anything(left, right)
    if leaf.form == "url":
        with _within(f"merge field {leaf.go}.URL"):
            return _merged_url(left, right)
    is_replaced = leaf.is_pointer or leaf.form == "base64" or leaf.go in _BYTES
    return left if not is_replaced and right == zero(leaf) else right


_BYTES = {"nethelpers.HardwareAddr"}


def _flag(left: bool | None, right: bool | None) -> bool | None:
    """A flag that is no pointer cannot be left out: where it is not set, it is false."""
    return None if left is None and right is None else bool(right)


def _merged_struct(struct: Struct, left: Values | None, right: Values | None, *, replaces: bool) -> Values | None:
    if struct.is_pointer and (left is None or right is None):
        return left if right is None else right
    if struct.base64 or (replaces and right):
        return left if right is None else right
    own, new = left or {}, right or {}
    keys = struct.fields if always_merged(struct) else {key: struct.fields[key] for key in new if key in struct.fields}
    values = dict(own)
    for key, shape in keys.items():
        with _within(f"merge field {struct.go}.{struct.names.get(key, key)}"):
            value = merged(shape, own.get(key), new.get(key), replaces=key in struct.replaces)
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value
    if struct.is_open:
        with _within(f"merge field {struct.go}.Object"):
            values |= _merged_map(_ANYTHING, own, {key: new[key] for key in new if key not in struct.fields})
    return values if left is not None or values else None


def _merged_map(shape: MapOf, left: Values, right: Values) -> Values:
    values = dict(left)
    for key, value in right.items():
        if left.get(key) is None:
            values[key] = value
        elif shape.item is ANY:
            _check_types(left[key], value)
            with _within(f"merge map key {shape.go}[{key}]"):
                values[key] = _merged_anything(left[key], value)
        else:
            with _within(f"merge map key {shape.go}[{key}]"):
                values[key] = merged(shape.item, left[key], value)
    return values


_ANYTHING = MapOf(ANY)


def always_merged(shape: Shape) -> bool:
    """Whether a merge changes a value even where nothing is set: a flag becomes false, a size is taken away."""
    if isinstance(shape, Struct):
        return any(always_merged(inner) for inner in shape.fields.values() if not is_pointer(inner))
    return shape == FLAG or (shape.go in _ALWAYS and not is_pointer(shape))


# What is decoded by no type


def _merged_anything(left: Any, right: Any) -> Any:
    _check_types(left, right)
    if isinstance(right, dict):
        return _merged_map(_ANYTHING, left, right)
    if isinstance(right, list):
        return [*left, *right]
    return right if right or isinstance(right, bool) else left


def _check_types(left: Any, right: Any) -> None:
    if right is None:
        raise MergeError("reflect: call of reflect.Value.Type on zero Value")
    if _go_type(left) != _go_type(right):
        raise MergeError(f"merge type mismatch left {_go_type(left)} right {_go_type(right)}")


def _go_type(value: Any) -> str:
    if isinstance(value, int) and value > _MAX_INT:
        return "uint64"
    return _GO_TYPES.get(type(value), type(value).__name__)


_MAX_INT = (1 << 63) - 1


_GO_TYPES = {str: "string", float: "float64", dict: "map[string]interface {}", list: "[]interface {}"}


# Types that merge themselves


def _merged_url(left: str, right: str) -> str:
    """A URL is a struct to Talos: what one part of the new one does not say stays."""
    try:
        old, new = parse_url(left), parse_url(right)
    except InvalidURLError:
        return right
    if old.user and new.user:
        name = old.user.username
        raise MergeError(f"merge field url.URL.User: merge field url.Userinfo.username: {_NOT_SETTABLE.format(name)}")
    parts = {name: part for name, part in new._asdict().items() if part}
    parts |= {"force_query": new.force_query, "omit_host": new.omit_host}
    parts |= {f"raw_{name}": getattr(new, f"raw_{name}") for name in ("path", "fragment") if name in parts}
    return str(old._replace(**parts))


_NOT_SETTABLE = "merge not possible, left {} is not settable"


def _right(_: Shape, __: Any, right: Any) -> Any:
    return right


def _right_unless_zero(_: Shape, left: Any, right: Any) -> Any:
    return right or left


def _size(_: Shape, left: Any, right: Any) -> Any:
    """A size is a number of bytes and a percentage, of which the bytes are written."""
    if right is None or left is None:
        return left if right is None else right
    return left if "%" in right and "%" not in left else right


def _condition(_: Shape, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return left if right is None else right
    raise MergeError(f"merge field v1alpha1.InstallDiskSizeMatcher.condition: {_NOT_SETTABLE.format(left)}")


_FIRST_HALF = "merge field netip.Addr.addr: merge field netip.uint128.hi: merge not possible, left {} is not settable"


def _unsettable(*steps: str) -> Callable[[Shape, Any, Any], Any]:
    """Addresses before 1.14, which Talos tries to merge and cannot: not even with themselves, or where none is set."""
    path = "".join(f"merge field {step}: " for step in steps)

    def merge(shape: Shape, left: Any, right: Any) -> Any:
        if is_pointer(shape) and (left is None or right is None):
            return left if right is None else right
        address = re.sub(r"/\d+$|^\[|\]?:\d+$" if len(steps) > 1 else "$", "", left or "")
        half = int(IPv6Address(address.partition("%")[0])) >> 64 if ":" in address else 0
        raise MergeError(path + _FIRST_HALF.format(half))

    return merge


def _args(_: Shape, left: Any, right: Any) -> Any:
    return {**(left or {}), **right} if right else left


def _list_merged_by(find: Callable[[list[Values], Values], int | None]) -> Callable[[Shape, Any, Any], Any]:
    """How a list merges whose items are told apart."""

    def merge(shape: Shape, left: Any, right: Any) -> Any:
        assert isinstance(shape, ListOf)
        items = [*(left or ())]
        for item in right or ():
            at = find(items, item)
            if at is None:
                items.append(item)
            else:
                items[at] = merged(shape.item, items[at], item)
        return items if right is not None or left is not None else None

    return merge


def _by(key: str) -> Callable[[list[Values], Values], int | None]:
    def find(items: list[Values], wanted: Values) -> int | None:
        name = wanted.get(key)
        return next((at for at, item in enumerate(items) if item.get(key) == name), None)

    return find


def _device(items: list[Values], wanted: Values) -> int | None:
    """A network interface is known by its name, else by its selector."""
    name, selector = wanted.get("interface"), wanted.get("deviceSelector")
    if name:
        return _by("interface")(items, wanted)
    if selector is None or "physical" in selector:  # Talos compares where flags are stored, not what they say
        return None
    return next((at for at, item in enumerate(items) if _told(item.get("deviceSelector")) == _told(selector)), None)


def _told(selector: Values | None) -> Values | None:
    return None if selector is None else {key: value for key, value in selector.items() if value}


def _rules(_: Shape, left: Any, right: Any) -> Any:
    """Rules replace those for the same images that are there before the patch."""
    items = [*(left or ())]
    places = {rule.get("image"): at for at, rule in enumerate(items)}
    for rule in right or ():
        at = places.get(rule.get("image"))
        if at is None:
            items.append(rule)
        else:
            items[at] = rule
    return items if right is not None or left is not None else None


_ALWAYS: dict[str, Callable[[Shape, Any, Any], Any]] = {
    "block.ByteSize": _right,
    "cel.Expression": _right,
    "network.Addr": _unsettable("network.Addr.Addr"),
    "network.AddrPort": _unsettable("network.AddrPort.AddrPort", "netip.AddrPort.ip"),
    "network.Prefix": _unsettable("network.Prefix.Prefix", "netip.Prefix.ip"),
}
_MERGES: dict[str, Callable[[Shape, Any, Any], Any]] = {
    **_ALWAYS,
    "block.Size": _size,
    "extensions.ConfigFileList": _list_merged_by(_by("mountPath")),
    "meta.Addr": _right_unless_zero,
    "meta.AddrPort": _right_unless_zero,
    "meta.Args": _args,
    "meta.Prefix": _right_unless_zero,
    "security.ImageVerificationRules": _rules,
    "v1alpha1.AdmissionPluginConfigList": _list_merged_by(_by("name")),
    "v1alpha1.Args": _args,
    "v1alpha1.InstallDiskSizeMatcher": _condition,
    "v1alpha1.NetworkDeviceList": _list_merged_by(_device),
    "v1alpha1.VlanList": _list_merged_by(_by("vlanId")),
}
"""The types that merge themselves, and those that only look like it."""
