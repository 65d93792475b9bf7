"""Bring 200 nodes to one desired state: print every patch once, with the number of nodes that need it."""

import sys
from collections import defaultdict
from pathlib import Path

from talos_registry import MachineConfig, OpaqueDocument, apply_patches, emit, make_patch, parse

NODE, DESIRED = (parse(Path(name).read_bytes(), filename=name) for name in sys.argv[1:])
APPEND = "{apiVersion: v1alpha1, kind: RegistryMirrorConfig, name: docker.io, endpoints: [{url: http://10.5.0.1:5000}]}"
STALE = "{apiVersion: v1alpha1, kind: RegistryAuthConfig, name: harbor.example, password: old}"


def with_desired(config: MachineConfig) -> MachineConfig:
    """The config with the desired registry documents in place of those it has."""
    others = [document for document in config.documents if isinstance(document, OpaqueDocument)]
    return parse(emit([*others, *DESIRED.documents]))


done = with_desired(NODE)
nodes = [done] * 90 + [NODE] * 40 + [apply_patches(NODE, [APPEND])] * 30 + [apply_patches(done, [STALE])] * 40

needing: defaultdict[str, list[str]] = defaultdict(list)
for number, config in enumerate(nodes):
    patch = make_patch(config, with_desired(config))
    assert apply_patches(config, [patch, patch]).registries == DESIRED.registries
    needing[patch].append(f"node-{number}")
for patch, names in needing.items():
    print(f"{len(names)} nodes, {names[0]} to {names[-1]}:\n{patch}")
