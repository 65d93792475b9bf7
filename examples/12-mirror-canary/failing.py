"""Ask the mirrors of a config, and print those that fail."""

from pathlib import Path

from talos_registry import parse, probe

config = parse(Path("mirrors.yaml").read_bytes())
for probed in probe(config, ["nginx"], pullers=["cri"], timeout=5):
    for attempt in probed.attempts:
        if attempt.outcome not in (None, "ok", "not-found"):
            print(attempt.host, attempt.outcome, attempt.detail, sep=": ")
