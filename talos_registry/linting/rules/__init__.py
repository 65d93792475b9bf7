"""What can be wrong with a config, one file for each code.

The docstring of a file is its documentation: *Flags, Because, Flagged, Clean, Fix, Source*. A file with a function
``check`` is a rule; one without describes what ``parse`` finds.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from talos_registry.linting.finding import Finding
    from talos_registry.linting.view import View
    from talos_registry.severity import Severity

__all__ = ["Rule", "codes", "load", "needs_config", "rules"]


class Rule(Protocol):
    """The module of a rule.

    One with ``NEEDS_CONFIG`` looks for what is missing: it has nothing to say of a patch, whose config may hold it.
    """

    __doc__: str
    SEVERITY: Severity

    @staticmethod
    def check(view: View) -> Iterator[Finding]:
        """Everything in the config that the rule is about."""


@cache
def codes() -> tuple[str, ...]:
    """Every code there is, sorted."""
    files = os.listdir(__path__[0])  # noqa: PTH208 - pathlib is slow to import
    names = (name.removesuffix(".py") for name in files if name.endswith(".py") and name[0] != "_")
    return tuple(sorted(name.replace("_", "-") for name in names))


def load(code: str) -> Rule:
    """The module of a code."""
    return cast("Rule", import_module(f"{__name__}.{code.replace('-', '_')}"))


def needs_config(rule: Rule) -> bool:
    """Whether a rule has nothing to say of a patch alone."""
    return bool(getattr(rule, "NEEDS_CONFIG", False))


@cache
def rules() -> Mapping[str, Rule]:
    """The rules by code."""
    modules = ((code, load(code)) for code in codes())
    return {code: module for code, module in modules if hasattr(module, "check")}
