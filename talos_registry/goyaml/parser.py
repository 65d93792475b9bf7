"""PyYAML's parsers of events: the C one, and where that is missing the one in Python, made to look like it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import ScalarEvent
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PARSER", "PureParser", "open_parser"]


class PureParser(Reader, Scanner, Parser):
    """PyYAML's parser in Python; its events are made to look like those of the C parser."""

    def __init__(self, stream: bytes) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)

    def get_event(self) -> Any:
        """The next event; escapes that libyaml refuses are refused."""
        try:
            event: Any = Parser.get_event(self)  # type: ignore[no-untyped-call]  # PyYAML has no types
        except (ValueError, OverflowError):  # an escape beyond the last character
            raise _bad_escape(self.get_mark()) from None
        if event.__class__ is ScalarEvent:
            event.style = event.style or ""
            if _SURROGATE.search(event.value):
                raise _bad_escape(event.start_mark)
        return event


def _bad_escape(mark: Any) -> ScannerError:
    return ScannerError("while scanning a quoted scalar", mark, "found invalid Unicode character escape code", mark)


_SURROGATE = re.compile("[\ud800-\udfff]")


def _parser() -> tuple[Callable[[bytes], Any], str]:
    if not yaml.__with_libyaml__:
        return PureParser, "pure"
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    return CParser, "libyaml"


open_parser, PARSER = _parser()
"""What opens a parser on bytes, and its name: ``libyaml`` or ``pure``."""
