"""The pages of all codes, from the docstrings of their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.docstrings import inline
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
    rows = (f"| [{one.code}]({one.code}.md) | {one.severity} | {inline(one.title)} |\n" for one in pages)
    return {"README.md": INTRODUCTION + "".join(rows), **{f"{one.code}.md": _markdown(one) for one in pages}}


def _markdown(one: Page) -> str:
    return f"""\
# {one.code}

{inline(one.title)} Severity: {one.severity}.

**Flags:** {inline(one.flags)}

**Because:** {inline(one.because)}

## Flagged

```yaml
{shown(one.flagged)}
```

## Clean

```yaml
{shown(one.clean)}
```

**Fix:** {inline(one.fix)}

**Source:** {inline(one.source)}
"""
