"""Go's standard library, as far as Talos' verdicts and texts depend on it: one file for each Go package.

Rooms above also enter ``durations``, ``hex``, ``json``, ``netip``, ``numbers``, ``pem``, ``strings``, ``url`` and ``x509``,
most by the name of the package as in Go: only what is asked of certificates costs the import of cryptography.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.go.url import InvalidURLError, parse_url

__all__ = ["InvalidURLError", "parse_url"]

__getattr__ = face(__name__, {"url": ("InvalidURLError", "parse_url")})
