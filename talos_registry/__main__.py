"""The ``talos-registry`` command."""

from __future__ import annotations

from talos_registry.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
