"""The Python of the pages is run, each block on its own, and what it prints is what the page shows."""

from __future__ import annotations

import contextlib
import io
import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.examples.transcript import PAGES, ROOT

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<shown>.*?)```", re.DOTALL)
WITH_BLOCKS = [page for page in PAGES if "```python\n" in page.read_text(encoding="utf-8")]


def printed(code: str) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(code, {})  # noqa: S102 - what the page tells people to run
    return output.getvalue()


def replayed(text: str) -> str:
    def block(found: re.Match[str]) -> str:
        return f"```python\n{found['code']}```\n\n```text\n{printed(found['code'])}```"

    return BLOCK.sub(block, text)


def test_readme_and_objects_have_python_blocks() -> None:
    assert {"README.md", "docs/objects.md"} <= {str(page.relative_to(ROOT)) for page in WITH_BLOCKS}


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_blocks_print_what_is_shown(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    expected = replayed(text)
    if os.environ.get("REWRITE"):
        page.write_text(expected, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_python_block_is_run(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(BLOCK.findall(text)) == text.count("```python\n")
