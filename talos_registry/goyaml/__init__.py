"""YAML as go-yaml reads and writes it: text, nodes and their places; nothing here knows Talos' documents."""
