"""Writes the generated pages, those of the codes and the reference: ``python -m docs.build FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from docs import code_pages, reference_pages

__all__ = ["files"]


def files() -> dict[str, str]:
    """The pages by their paths below this folder."""
    rooms = {"rules": code_pages.files(), "reference": reference_pages.files()}
    return {f"{folder}/{name}": text for folder, pages in rooms.items() for name, text in pages.items()}


def main(folder: Path) -> None:
    """Puts the pages below a folder, which need not be there yet."""
    for name, text in files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
