"""Texts that Talos prints, without the secrets they can quote."""

from __future__ import annotations

import re

__all__ = ["mask_quoted", "mask_talos_text"]

_START = r"((?:[\w+.-]*:)?//)"
_IN_QUOTES = re.compile(rf"""(?:("){_START}?(?:[^"\\\n]|\\.)*|('){_START}?[^'\n]*)@""")


def mask_quoted(text: str) -> str:
    """A text, of Go or of TOML, with ``***`` in place of user and password in every quoted URL."""
    return _IN_QUOTES.sub(lambda found: f"{found[1] or found[3]}{found[2] or found[4] or ''}***@", text)


_UNKNOWN = "unknown keys found during decoding:\n"
_VALUES = re.compile(
    r"""(`)(?:(?!cannot\ construct)[\s\S])*`                            # a value can hold whatever quotes it, so the
      |(?<=anchor[ ])("|').*(?:"|')                                   # last quote is the end
      |(?<=parsing[ ])(")(?:[^"\\\n]|\\.)*"
      |'[^\w\s]{1,2}'
      |(?<!\w)(?<!path[ ])(?<!path:[ ])(?<!from:[ ])(?<!document[ ])(?<!in[ ])(?<!character[ ])(').*'(?!\w)""",
    re.VERBOSE,
)
"""What texts of Talos quote, but for paths, names and punctuation."""
_KEY = re.compile(r"((?: |- )*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s:]+):)(?: .*)?", re.ASCII)


def mask_talos_text(text: str) -> str:
    """An error text of Talos with ``***`` in place of the values that can be secret."""
    head, unknown, rest = mask_quoted(text).partition(_UNKNOWN)
    head = _VALUES.sub(_without_value, head)
    return head + unknown + "\n".join(_masked_line(line) for line in rest.splitlines())


def _without_value(found: re.Match[str]) -> str:
    quote = found[found.lastindex] if found.lastindex else None
    return f"{quote}***{quote}" if quote else found[0]


def _masked_line(line: str) -> str:
    """A line of YAML with its key, if it has one, and nothing else."""
    key = _KEY.fullmatch(line)
    if key is None:
        return " " * (len(line) - len(line.lstrip(" "))) + "***"
    return line if line == key[1] else f"{key[1]} ***"
