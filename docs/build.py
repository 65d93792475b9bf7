"""Writes the pages of all codes, from the docstrings of their rules: ``python docs/build.py FOLDER``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from talos_registry.linting import explain
from talos_registry.linting.pages import shown
from talos_registry.linting.rules import codes

if TYPE_CHECKING:
    from talos_registry.linting import Page

__all__ = ["files"]

INTRODUCTION = """\
# Codes

Everything `talos-registry validate` and `lint` report has one of these codes. An **error** is something that Talos
refuses (or a limit of this tool), a **warning** something that Talos accepts and that makes a pull fail, leak or differ
between the two pullers, an **info** something that works and could be plainer. `talos-registry explain CODE` prints the
same pages.

In the samples, `# --image` and `# --talos-version` are options of the command, `# file:` begins another file, and words
such as `{CA}` stand for PEM text. The pages are generated; a test checks every sample.

| code | severity | |
|---|---|---|
"""


def files() -> dict[str, str]:
    """The pages and their index, by file name."""
    pages = [explain(code) for code in codes()]
    rows = (f"| [{one.code}]({one.code}.md) | {one.severity} | {_inline(one.title)} |\n" for one in pages)
    return {"README.md": INTRODUCTION + "".join(rows), **{f"{one.code}.md": _markdown(one) for one in pages}}


def _markdown(one: Page) -> str:
    return f"""\
# {one.code}

{_inline(one.title)} Severity: {one.severity}.

**Flags:** {_inline(one.flags)}

**Because:** {_inline(one.because)}

## Flagged

```yaml
{shown(one.flagged)}
```

## Clean

```yaml
{shown(one.clean)}
```

**Fix:** {_inline(one.fix)}

**Source:** {_inline(one.source)}
"""


def _inline(text: str) -> str:
    """Markdown of a paragraph of a docstring; what could be taken for markup outside of code is escaped."""
    outside, code = text.split("``")[::2], text.split("``")[1::2]
    escaped = [re.sub(r"([*<|{])", r"\\\1", part) for part in outside]
    return "".join(
        part + (f"`{next_code}`" if next_code else "") for part, next_code in zip(escaped, [*code, ""], strict=True)
    )


def main(folder: Path) -> None:
    """Puts the files into an empty or a new folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
