"""What it takes to install this repository without a network: the packages of this environment, but for ours."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

__all__ = ["ROOT", "offer", "offline"]

ROOT = Path(__file__).parents[2]


def offer(folder: Path, *missing: str) -> None:
    """Puts what is installed here into ``folder``, but for ours and what begins like one of the ``missing``."""
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith((*_NOT_OFFERED, *missing)) and path.suffix != ".pth":
            (folder / path.name).symlink_to(path)


_NOT_OFFERED = ("talos_registry", "__pycache__", "pip", "setuptools")


def offline(folder: Path) -> dict[str, str]:
    """The environment variables that make pip take from ``folder`` what it would download."""
    offer(folder)
    settings = {
        "PYTHONPATH": str(folder),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    return {**os.environ, **settings}
