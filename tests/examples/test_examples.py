from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from talos_registry import parse
from tests.examples.transcript import EXAMPLES, PAGES, ROOT, commands, replayed, shown_files

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir())
SCRIPTS = sorted((EXAMPLES / "08-python").glob("*.py"))
REFUSED = {
    "04-private-registry/shortened-ca.yaml",
    "08-python/broken.yaml",
    "08-python/site.yaml",
    "11-from-k3s/registries.yaml",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_is_what_its_commands_print(page: Path) -> None:
    expected = replayed(page)
    if os.environ.get("REWRITE"):
        page.write_text(expected, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_page_uses_every_file_of_its_folder(folder: Path) -> None:
    run = " ".join(commands((folder / "README.md").read_text(encoding="utf-8")))
    files = {path.name for path in folder.iterdir() if path.suffix in {".yaml", ".py"}}
    assert {file for file in files if file not in run} == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_index_links_the_folder(folder: Path) -> None:
    assert f"({folder.name}/README.md)" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_script_is_short_and_shown(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 20
    assert shown_files((script.parent / "README.md").read_text(encoding="utf-8"))[script.name] == text


@pytest.mark.parametrize("config", sorted(EXAMPLES.glob("**/*.yaml")), ids=name_of)
def test_talos_accepts_every_config_but_the_bad_examples(config: Path) -> None:
    accepted = parse(config.read_bytes()).talos_error is None
    assert accepted == (str(config.relative_to(EXAMPLES)) not in REFUSED)


def test_no_certificate_or_key_is_stored() -> None:
    assert [path for path in EXAMPLES.glob("**/*") if path.suffix in {".crt", ".key", ".pem"}] == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("$ echo a\nb\n", "$ echo a\na\n"),
        ("$ echo a\n[exit 1]\n", "$ echo a\na\n"),
        ("$ exit 3\n", "$ exit 3\n[exit 3]\n"),
        ("$ echo a \\\n    b\n$ echo c\nd\n", "$ echo a \\\n    b\na b\n$ echo c\nc\n"),
        ("$ echo talk >&2\n", "$ echo talk >&2\ntalk\n"),
        ("$ cat shown.yaml\n", "$ cat shown.yaml\na: 1\n"),
        ("$ ls examples/08-python/build.py\n", "$ ls examples/08-python/build.py\nexamples/08-python/build.py\n"),
    ],
)
def test_replay(written: str, expected: str, tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"Text.\n\n```yaml shown.yaml\na: 1\n```\n\n```console\n{written}```\n\nMore.\n", encoding="utf-8")
    answer = f"Text.\n\n```yaml shown.yaml\na: 1\n```\n\n```console\n{expected}```\n\nMore.\n"
    assert replayed(page) == answer


def test_replay_shows_the_file_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("```python examples/08-python/build.py\nold\n```\n", encoding="utf-8")
    assert (
        replayed(page) == f"```python examples/08-python/build.py\n{(EXAMPLES / '08-python/build.py').read_text()}```\n"
    )
