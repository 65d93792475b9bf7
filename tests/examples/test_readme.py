from __future__ import annotations

import contextlib
import io
import os
import re

from tests.examples.transcript import ROOT

README = ROOT / "README.md"
BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<shown>.*?)```", re.DOTALL)


def printed(code: str) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(code, {})  # noqa: S102 - what the README tells people to run
    return output.getvalue()


def replayed(text: str) -> str:
    def block(found: re.Match[str]) -> str:
        return f"```python\n{found['code']}```\n\n```text\n{printed(found['code'])}```"

    return BLOCK.sub(block, text)


def test_python_blocks_print_what_is_shown() -> None:
    text = README.read_text(encoding="utf-8")
    expected = replayed(text)
    if os.environ.get("REWRITE"):
        README.write_text(expected, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == expected


def test_every_python_block_is_run() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(BLOCK.findall(text)) == text.count("```python") > 0
