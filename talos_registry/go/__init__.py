"""Go's standard library, as far as Talos' verdicts and texts depend on it: one file for each Go package."""
