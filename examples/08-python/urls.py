"""Print the URLs that each puller tries for an image."""

import sys
from pathlib import Path

from talos_registry import parse, resolve

config = parse(Path(sys.argv[1]).read_bytes())
for puller in ("talos", "cri"):
    plan = resolve(sys.argv[2], config.registries, puller=puller)
    for attempt in plan.attempts:
        print(puller, attempt.role, attempt.manifest_url)
    if plan.error:
        print(puller, "cannot pull:", plan.error)
