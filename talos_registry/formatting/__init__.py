"""Canonical text that keeps what only the text knows."""
