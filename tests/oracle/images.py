"""Records what nodes pull by default, for the library to say it: ``python -m tests.oracle.images``."""

from __future__ import annotations

import json

from talos_registry.documents import images
from tests.oracle.oracle import RELEASES, default_images

__all__ = ["listed"]


def listed(release: str) -> str:
    """The file that the library has of an exact release: JSON, an image on each line."""
    rows = (json.dumps(row) for row in default_images(release))
    return "[\n" + ",\n".join(rows) + "\n]\n"


if __name__ == "__main__":
    for release in RELEASES:
        images.path_of(release).write_text(listed(release), encoding="utf-8")
