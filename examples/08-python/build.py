"""Print one mirror document for each cache in a table."""

from talos_registry import RegistryMirrorConfig, emit

CACHES = {
    "docker.io": "http://10.5.0.1:5000",
    "registry.k8s.io": "http://10.5.0.1:5001",
}

mirrors = [RegistryMirrorConfig(name=host, endpoints=[url]) for host, url in CACHES.items()]
print(emit(mirrors), end="")
