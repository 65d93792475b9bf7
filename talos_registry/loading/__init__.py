"""From text to documents and verdicts, as Talos loads a config."""
