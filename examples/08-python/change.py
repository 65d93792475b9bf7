"""Print the config given, with no fallback to the upstream for images of docker.io."""

import sys
from pathlib import Path

from talos_registry import RegistryMirrorConfig, apply_patches, emit, parse

config = parse(Path(sys.argv[1]).read_bytes())
patch = emit(RegistryMirrorConfig(name="docker.io", skip_fallback=True))
print(apply_patches(config, [patch]).text, end="")
