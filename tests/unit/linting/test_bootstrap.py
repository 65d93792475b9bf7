"""What is said of a registry that Talos needs: which images come from there, by the release and by the config."""

from __future__ import annotations

import re

import pytest

from talos_registry import lint, parse

CODE = "uncovered-bootstrap-registry"
MIRROR = "---\napiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {}\nendpoints: [{{url: https://cache.example}}]\nskipFallback: true\n"
LEGACY = "machine: {registries: {mirrors: {docker.io: {endpoints: [https://cache.example], skipFallback: true}}}}\n"
INSIDE = "registry.inside.example:5000/a:1"


def needed(text: str, talos_version: str = "1.14") -> dict[str, str]:
    """What is needed of each registry without a mirror."""
    said = (finding.message for finding in lint(parse(text, talos_version=talos_version), select=[CODE]))
    matches = (re.search(r'mirror for "(.+)", which holds what Talos itself needs: (.+)\.', text) for text in said)
    return {match[1]: match[2] for match in matches if match}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.11", {"ghcr.io": "flannel, kubelet, installer", "gcr.io": "etcd"}),
        ("1.12.3", {"ghcr.io": "flannel, kubelet, installer"}),
        ("1.13", {"ghcr.io": "flannel, kubelet, installer"}),
        ("1.14.0", {"ghcr.io": "flannel, kubelet", "factory.talos.dev": "installer"}),
    ],
)
def test_what_comes_from_where_is_a_matter_of_the_release(version: str, expected: dict[str, str]) -> None:
    found = needed(LEGACY, version)
    assert "kube-apiserver" in found.pop("registry.k8s.io")
    assert found == expected


@pytest.mark.parametrize(
    "config",
    [
        f"machine: {{install: {{image: '{INSIDE}'}}}}\n",
        f"apiVersion: v1alpha1\nkind: UnattendedInstallConfig\ninstaller: {{image: '{INSIDE}'}}\n",
        "machine: {install: {image: $INSTALLER}}\n",
    ],
)
def test_an_installer_that_is_inside_needs_no_mirror(config: str) -> None:
    mirrors = MIRROR.format("ghcr.io") + MIRROR.format("registry.k8s.io")
    assert needed(mirrors) == {"factory.talos.dev": "installer"}
    assert needed(config + mirrors) == {}


def test_etcd_before_1_12_from_elsewhere() -> None:
    mirrors = "mirrors: {ghcr.io: {skipFallback: true}, registry.k8s.io: {skipFallback: true}}"
    text = f"machine: {{registries: {{{mirrors}}}}}\n"
    assert needed(text, "1.11") == {"gcr.io": "etcd"}
    assert needed(f"{text}cluster: {{etcd: {{image: 'ghcr.io/example/etcd:v3.5.0'}}}}\n", "1.11") == {}


def test_each_image_of_the_control_plane_can_be_named() -> None:
    parts = ("etcd", "apiServer", "controllerManager", "scheduler", "proxy", "coreDNS")
    images = ", ".join(f"{part}: {{image: 'quay.io/example/{part.lower()}:1'}}" for part in parts)
    text = f"cluster: {{{images}}}\nmachine: {{}}\n{MIRROR.format('ghcr.io')}{MIRROR.format('factory.talos.dev')}"
    assert needed(text) == {
        "quay.io": "coredns, etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kube-proxy",
        "registry.k8s.io": "pause, kube-network-policies",
    }


def test_without_flannel_its_image_is_not_needed() -> None:
    mirrors = MIRROR.format("registry.k8s.io") + MIRROR.format("factory.talos.dev")
    assert needed(f"cluster: {{network: {{cni: {{name: flannel}}}}}}\n{mirrors}") == {"ghcr.io": "flannel, kubelet"}
    assert needed(f"cluster: {{network: {{cni: {{name: none}}}}}}\n{mirrors}") == {"ghcr.io": "kubelet"}
