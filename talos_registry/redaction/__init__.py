"""Configs without their secrets, and the secrets that stand in configs.

The code of its findings is in ``literals``; rules enter ``comments``, reports ``places`` for what they do not show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.redaction.literals import find_secrets
    from talos_registry.redaction.redactor import REPLACEMENT, redact, redact_version

__all__ = ["REPLACEMENT", "find_secrets", "redact", "redact_version"]

__getattr__ = face(__name__, {"literals": ("find_secrets",), "redactor": ("REPLACEMENT", "redact", "redact_version")})
