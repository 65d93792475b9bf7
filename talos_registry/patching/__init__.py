"""Patches of machine configs: read, applied and made as Talos does."""
