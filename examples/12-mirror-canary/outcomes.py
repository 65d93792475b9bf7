"""Print a line for each host that was asked: what it answered, and what a node does then."""

import json
import sys

for probe in json.load(sys.stdin)["probes"]:
    for attempt in probe["attempts"]:
        if attempt["outcome"] is not None:
            print(probe["puller"], attempt["host"], attempt["outcome"], attempt["node"], sep="\t")
