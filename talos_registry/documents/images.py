"""The images that nodes pull by default, as they were recorded from Talos' own packages: one file for each exact release.

``tests/oracle/images.py`` records them.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["RELEASES", "path_of"]

_HERE = Path(__file__).parent
RELEASES = tuple(sorted(path.stem.removeprefix("images-") for path in _HERE.glob("images-*.json")))
"""The exact releases that were recorded."""


def path_of(release: str) -> Path:
    """The file of an exact release such as ``1.14.1``."""
    return _HERE / f"images-{release}.json"
