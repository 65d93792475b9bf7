"""The floor: PyYAML's C parser loads a stream and nothing is checked. ``python load.py FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

with Path(sys.argv[1]).open(encoding="utf-8") as stream:
    print(sum(1 for _ in yaml.load_all(stream, yaml.CSafeLoader)))
