"""Whole configs against the JSON Schemas that Talos publishes, each from the module of its release."""

from __future__ import annotations

import json

import pytest

from talos_registry import parse
from talos_registry.schema import TalosSchema, check_schema
from talos_registry.versions import KINDS_SINCE, LATEST, release_of
from tests.oracle.oracle import TALOS_VERSIONS, schema

pytestmark = pytest.mark.oracle

MACHINE_CONFIG = """\
version: v1alpha1
debug: false
persist: true
machine:
  type: controlplane
  token: abcdef.0123456789abcdef
  ca: {crt: QUFB, key: QUFB}
  certSANs: [10.0.0.1, talos.example]
  kubelet:
    image: ghcr.io/siderolabs/kubelet:v1.35.0
    extraArgs: {rotate-server-certificates: "true", v: 4}
  network: {}
  install: {disk: /dev/sda, wipe: false}
  sysctls: {net.ipv4.ip_forward: 1}
  registries:
    mirrors:
      docker.io: {endpoints: [http://10.5.0.1:5000], skipFallback: yes}
  features:
    diskQuotaSupport: true
    kubePrism: {enabled: true, port: 7445}
    imageCache: {localEnabled: true}
cluster:
  id: AAAA
  controlPlane: {endpoint: https://10.0.0.1:6443}
  clusterName: test
  network:
    dnsDomain: cluster.local
    podSubnets: [10.244.0.0/16]
  apiServer: {certSANs: [10.0.0.1]}
  etcd: {ca: {crt: QUFB, key: QUFB}}
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: HTTP://10.5.0.1:5000
skipFallback: on
---
apiVersion: v1alpha1
kind: HostnameConfig
auto: stable
---
apiVersion: v1alpha1
kind: UserVolumeConfig
name: data
provisioning:
  diskSelector:
    match: disk.transport == "nvme"
  minSize: 10GB
filesystem: {type: xfs}
---
apiVersion: v1alpha1
kind: LinkConfig
name: enp0s2
up: yes
mtu: 1500
addresses:
  - address: 10.0.0.1/24
"""


@pytest.fixture(scope="module")
def schemas() -> dict[str, TalosSchema]:
    """The schema of each release."""
    return {
        version: TalosSchema.of(json.loads(schema(version).read_text(encoding="utf-8"))) for version in TALOS_VERSIONS
    }


def told(text: str, talos_schema: TalosSchema) -> list[tuple[int | None, int | None, str]]:
    found = check_schema(parse(text), talos_schema)
    return [(one.line, one.column, one.message) for one in found]


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_a_machine_config_conforms(schemas: dict[str, TalosSchema], talos_version: str) -> None:
    assert told(MACHINE_CONFIG, schemas[talos_version]) == []


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_kinds(schemas: dict[str, TalosSchema], talos_version: str) -> None:
    """Those that the release takes, but for two: one is not in any schema, one has another name there."""
    known = {kind for kind, since in KINDS_SINCE.items() if since <= release_of(talos_version).number}
    described = known - {"ImageVerificationConfig", "KubeSpanEndpointsConfig"} | {"KubeSpanEndpoints", "v1alpha1"}
    assert {*schemas[talos_version].by_kind} == described


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "type: controlplane",
            "type: controlplan",
            (5, 9, 'type must be "controlplane" or "worker", not "controlplan"; did you mean "controlplane"?'),
        ),
        ("  certSANs: [10", "  certSans: [10", (8, 3, 'Unknown key "certSans"; did you mean "certSANs"?')),
        (
            "kind: HostnameConfig",
            "kind: HostnamConfig",
            (40, 7, 'The schema has no document kind "HostnamConfig"; did you mean "HostnameConfig"?'),
        ),
        (
            "filesystem: {type: xfs}",
            "filesystem: {type: xsf}",
            (50, 20, 'type must be "ext4", "xfs" or "btrfs", not "xsf"; did you mean "xfs"?'),
        ),
        ("minSize: 10GB", "minsize: 10GB", (49, 3, 'Unknown key "minsize"; did you mean "minSize"?')),
        ("10.0.0.1/24", "10.0.0.1", (58, 14, r'address must match ^[0-9a-f.:]+/\d{1,3}$, not "10.0.0.1".')),
    ],
)
def test_mistakes_are_found(
    schemas: dict[str, TalosSchema], old: str, new: str, expected: tuple[int, int, str]
) -> None:
    assert told(MACHINE_CONFIG.replace(old, new, 1), schemas[LATEST]) == [expected]
