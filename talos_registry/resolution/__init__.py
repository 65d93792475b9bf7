"""From an image reference to the hosts that are tried for it, by either puller."""
