"""The documents of the guide."""

from __future__ import annotations

from pathlib import Path

__all__ = ["AUTH", "CA", "FOUR_CACHES", "HARBOR", "HARBOR_AUTH", "NO_FALLBACK", "OVERRIDE_PATH"]


def _read(name: str) -> str:
    return (Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8")


FOUR_CACHES = _read("four-caches")
NO_FALLBACK = _read("no-fallback")
OVERRIDE_PATH = _read("override-path")
AUTH = _read("auth")
CA = _read("ca")
HARBOR = _read("harbor")
HARBOR_AUTH = _read("harbor-auth")
