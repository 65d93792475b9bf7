"""Print the file given with http:// where endpoints have no scheme, and with a mirror for ghcr.io."""

import sys
from pathlib import Path

from ruamel.yaml import YAML

from talos_registry import RegistryEndpoint, RegistryMirrorConfig
from talos_registry.roundtrip import config_of, locate, merge_into

yaml = YAML()
yaml.indent(mapping=2, sequence=4, offset=2)
trees = list(yaml.load_all(Path(sys.argv[1])))
for diagnostic in config_of(trees, filename=sys.argv[1]).diagnostics:
    print(diagnostic, file=sys.stderr)
    container, key = locate(trees, diagnostic)
    if diagnostic.code == "endpoint-without-scheme":
        container[key] = f"http://{container[key]}"
merge_into(trees, RegistryMirrorConfig(name="ghcr.io", endpoints=(RegistryEndpoint(url="http://10.5.0.1:5001"),)))
yaml.dump_all(trees, sys.stdout)
