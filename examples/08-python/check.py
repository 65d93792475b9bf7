"""Print what Talos refuses in the files given; exit with 1 if there is anything."""

import sys
from pathlib import Path

from talos_registry import parse

found = [one for name in sys.argv[1:] for one in parse(Path(name).read_bytes(), filename=name).diagnostics]
for one in found:
    print(one)
sys.exit(1 if found else 0)
