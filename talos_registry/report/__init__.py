"""Findings and plans as people and programs read them: one renderer per format, each entered by its module."""
