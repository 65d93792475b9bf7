"""What can be wrong with a config, one file for each code.

The docstring of a file is its documentation: *Flags, Because, Flagged, Clean, Fix, Source*. A file with a function
``check`` is a rule; one without describes what ``parse`` finds.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from talos_registry.arguments import wrong_type as not_taken  # there is a rule of that name
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from talos_registry.linting.finding import Finding
    from talos_registry.linting.view import View

__all__ = ["Rule", "RuleModule", "codes", "load", "no_such_code", "rules"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for in configs.

    Rules of one's own are passed to ``lint(..., rules=[...])``; ``select``, ``ignore`` and comments that suppress
    findings take their codes like others.

    Attributes:
        code: words with hyphens between them, and none that is there already.
        severity: that of its findings, unless one says otherwise; the word will do.
        check: yields everything in a view that the rule is about.
        needs_config: it looks for what is missing, and has nothing to say of a patch, whose config may hold it.
    """

    code: str
    severity: Severity
    check: Callable[[View], Iterable[Finding]]
    needs_config: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.code, str):
            raise not_taken("Rule", "a code as text", self.code)
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"not a code: {self.code!r} (write words with hyphens between them, such as 'plain-http')")
        if not callable(self.check):
            raise not_taken("Rule", "a function as check", self.check)
        object.__setattr__(self, "severity", Severity(self.severity))


_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class RuleModule(Protocol):
    """The module of a rule; ``NEEDS_CONFIG = True`` makes it one that needs the config."""

    __doc__: str
    SEVERITY: Severity

    @staticmethod
    def check(view: View) -> Iterator[Finding]:
        """Everything in the config that the rule is about."""
        ...


@cache
def codes() -> tuple[str, ...]:
    """Every code there is, sorted."""
    files = os.listdir(__path__[0])  # noqa: PTH208 - pathlib is slow to import
    names = (name.removesuffix(".py") for name in files if name.endswith(".py") and name[0] != "_")
    return tuple(sorted(name.replace("_", "-") for name in names))


def no_such_code(code: str, known: Iterable[str]) -> ValueError:
    """The error about a code that is none of the known ones."""
    from talos_registry.messages import did_you_mean

    return ValueError(f"there is no code {code!r}{did_you_mean(code, known)}")


def load(code: str) -> RuleModule:
    """The module of a code."""
    return cast("RuleModule", import_module(f"{__name__}.{code.replace('-', '_')}"))


@cache
def rules() -> Mapping[str, Rule]:
    """The rules by code."""
    modules = ((code, load(code)) for code in codes())
    return {
        code: Rule(code, module.SEVERITY, module.check, getattr(module, "NEEDS_CONFIG", False))
        for code, module in modules
        if hasattr(module, "check")
    }
