"""Between the legacy section and documents, there and back, by edits of the text."""
