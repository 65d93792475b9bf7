"""How much this tool reads, and how long it waits; what is larger is refused with words that say so."""

from __future__ import annotations

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_DOCUMENTS", "MAX_FINDINGS", "MAX_NODES", "MAX_TIMEOUT", "MAX_VALUE_DEPTH"]

MAX_DEPTH = 200
"""Levels of nesting this tool reads; Talos reads 10,000, and PyYAML's C parser can crash before that."""

MAX_VALUE_DEPTH = 60
"""The levels of nesting of a value whose shape nobody knows, counted from the root of its document."""

MAX_NODES = 100_000
"""Keys, values and collections this tool reads in one document, both ends of a collection counted."""

MAX_DOCUMENTS = 50_000
"""Documents this tool reads in one file."""

MAX_BYTES = 16 * 1024 * 1024
"""The largest file this tool reads."""

MAX_FINDINGS = 10_000
"""Findings of rules that this tool reports of one file."""

MAX_TIMEOUT = 3600
"""Seconds that one host is waited for at most."""
