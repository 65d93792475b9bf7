"""Print the config given, with no fallback to the upstream for images of docker.io."""

import sys
from pathlib import Path

from talos_registry import emit, parse

config = parse(Path(sys.argv[1]).read_bytes())
config.raise_for_errors()
hub = config.registries.mirrors["docker.io"]
changed = hub.model_copy(update={"skip_fallback": True})
print(emit([changed if document == hub else document for document in config.documents]), end="")
