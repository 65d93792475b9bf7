"""Nodes as the plain data a JSON Schema is about: what YAML 1.2 makes of them, with dates as text and nothing merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.goyaml.nodes import Alias, Mapping, Sequence, pairs
from talos_registry.goyaml.tags import resolved, scalar_tag
from talos_registry.limits import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry.goyaml.nodes import Node, Scalar

__all__ = ["Plain", "TooMuchError", "plain_scalar"]

_MOST_ALIASED = 20_000


class TooMuchError(Exception):
    """A document whose aliases stand for too much; ``str()`` is a message for the user."""

    def __init__(self) -> None:
        super().__init__(
            f"The aliases of this document stand for more than {_MOST_ALIASED} values, or lead more than {MAX_DEPTH} levels "
            "deep (an anchor that contains itself has no end); this tool stops here."
        )


class Plain:
    """Turns nodes into plain data; aliases stand for copies, as many as one stream may have.

    ``scalar`` makes the values of scalars.
    """

    def __init__(self, scalar: Callable[[Scalar], Any] | None = None) -> None:
        self._aliased = 0
        self._scalar = scalar or plain_scalar

    @property
    def is_spent(self) -> bool:
        """Whether nothing more can be copied."""
        return self._aliased > _MOST_ALIASED

    def value(self, node: Node, depth: int = 0, *, aliased: bool = False) -> Any:
        """The data of a node; of a key that occurs twice, the first value."""
        if isinstance(node, Alias):
            return self.value(node.target, depth, aliased=True)
        self._aliased += aliased
        if self.is_spent or depth > MAX_DEPTH:
            raise TooMuchError
        if isinstance(node, Mapping):
            data: dict[str, Any] = {}
            for key, value in pairs(node):
                data.setdefault(resolved(key).value, self.value(value, depth + 1, aliased=aliased))
            return data
        if isinstance(node, Sequence):
            items = []
            for item in node.content:
                items.append(self.value(item, depth + 1, aliased=aliased))  # noqa: PERF401 - a comprehension costs a level of recursion
            return items
        return self._scalar(node)


def plain_scalar(node: Scalar) -> str | bool | float | None:
    """The value of a scalar."""
    tag = scalar_tag(node)
    if tag == "!!null":
        return None
    if tag == "!!bool":
        return node.value.lower() == "true"
    return _number(node.value) if tag in {"!!int", "!!float"} else node.value


def _number(text: str) -> str | float:
    digits = text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan")
    for read_as in (_any_base, _old_octal, float):
        try:
            return read_as(digits)
        except ValueError:
            continue
    return text


def _any_base(digits: str) -> int:
    return int(digits, 0)


def _old_octal(digits: str) -> int:
    return int(digits, 8)
