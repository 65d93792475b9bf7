"""Merging of every kind of value: what the released Talos 1.14 made of a document and a patch of the same kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry import MachineConfig, PatchError, apply_patches, parse
from talos_registry.documents.encoder import canonical
from talos_registry.documents.kinds import struct_of
from talos_registry.goyaml import write
from talos_registry.goyaml.representer import from_value

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = "apiVersion: v1alpha1\nkind: {}\n"


def document(kind: str, members: str) -> str:
    return f"{HEAD.format(kind)}{members}\n"


def encoded(config: MachineConfig) -> str:
    (entry,) = config.entries
    struct = struct_of(entry.kind, config.release)
    assert struct is not None
    return write(from_value(canonical(struct, entry.values or {}), config.release))


def merged(kind: str, left: str, right: str) -> str:
    """The members of the result as Talos writes them, without the head."""
    config = apply_patches(parse(document(kind, left)), [document(kind, right)])
    return encoded(config).removeprefix(HEAD.format(kind))


def same(kind: str, text: str) -> str:
    return encoded(parse(document(kind, text))).removeprefix(HEAD.format(kind))


PLAIN = [
    # strings and numbers: what is zero changes nothing, below a pointer it does
    ("ZswapConfig", "maxPoolPercent: 5", "maxPoolPercent: 0", "maxPoolPercent: 0"),
    ("ZswapConfig", "maxPoolPercent: 5", "maxPoolPercent: null", "maxPoolPercent: 5"),
    ("VLANConfig", "{name: a, vlanID: 5, mtu: 9}", "{name: a, vlanID: 0, mtu: 0}", "{name: a, vlanID: 5, mtu: 9}"),
    ("VLANConfig", "{name: a, parent: a}", "{name: a, parent: ''}", "{name: a, parent: a}"),
    ("BondConfig", "{name: b, miimon: 5}", "{name: b, miimon: 0}", "{name: b, miimon: 0}"),
    ("WireguardConfig", "{name: a, listenPort: 5}", "{name: a, listenPort: 0}", "{name: a, listenPort: 5}"),
    ("ContainerConfig", "{name: a, image: b, runAs: {uid: 5}}", "{name: a, runAs: {uid: 0}}", "{name: a, image: b, runAs: {uid: 0}}"),
    ("EtcFileConfig", "{name: a, mode: 0o644, contents: a}", "{name: a, mode: 0}", "{name: a, mode: 0o644, contents: a}"),
    ("EtcFileConfig", "{name: a, mode: 0o644, contents: a}", "{name: a, mode: 0o600}", "{name: a, mode: 0o600, contents: a}"),
    # flags
    ("ZswapConfig", "shrinkerEnabled: true", "shrinkerEnabled: false", "shrinkerEnabled: false"),
    ("ZswapConfig", "shrinkerEnabled: true", "maxPoolPercent: 1", "{maxPoolPercent: 1, shrinkerEnabled: true}"),
    ("BGPInstanceConfig", "{name: a, multipath: true}", "{name: a, multipath: false}", "{name: a, multipath: false}"),
    ("EthernetConfig", "{name: a, features: {a: true, b: true}}", "{name: a, features: {a: false}}", "{name: a, features: {a: false, b: true}}"),
    ("ContainerConfig", "{name: a, image: a, security: {machinedAccess: true}}", "{name: a, image: b}", "{name: a, image: b, security: {machinedAccess: true}}"),
    ("ContainerConfig", "{name: a, image: a, security: {machinedAccess: true, profile: x}}", "{name: a, security: {profile: z}}", "{name: a, image: a, security: {profile: z}}"),
    # durations
    ("UserVolumeConfig", "{name: a, trim: {enabled: true, interval: 1h}}", "{name: a, trim: {interval: 0s}}", "{name: a, trim: {enabled: true, interval: 1h}}"),
    ("UserVolumeConfig", "{name: a, trim: {enabled: true, interval: 1h}}", "{name: a, trim: {interval: 2h}}", "{name: a, trim: {enabled: true, interval: 2h}}"),
    # words
    ("UserVolumeConfig", "{name: a, filesystem: {type: ext4}}", "{name: a, filesystem: {type: none}}", "{name: a, filesystem: {type: ext4}}"),
    ("UserVolumeConfig", "{name: a, filesystem: {type: ext4}}", "{name: a, filesystem: {type: xfs}}", "{name: a, filesystem: {type: xfs}}"),
    ("UserVolumeConfig", "{name: a, volumeType: disk}", "{name: a, volumeType: partition}", "{name: a, volumeType: partition}"),
    ("BondConfig", "{name: b, adSelect: count}", "{name: b, adSelect: stable}", "{name: b, adSelect: stable}"),
    # lists
    ("BondConfig", "{name: b, links: [a]}", "{name: b, links: [a, b]}", "{name: b, links: [a, a, b]}"),
    ("BondConfig", "{name: b, arpIpTargets: [1.2.3.4]}", "{name: b, arpIpTargets: [1.2.3.5]}", "{name: b, arpIpTargets: [1.2.3.4, 1.2.3.5]}"),
    ("VLANConfig", "{name: a, vlanID: 5}", "{name: a, addresses: []}", "{name: a, vlanID: 5}"),
    ("WireguardConfig", "{name: a, peers: [{publicKey: p}]}", "{name: a, peers: [{publicKey: p}]}", "{name: a, peers: [{publicKey: p}, {publicKey: p}]}"),
    # bytes
    ("BondConfig", "{name: b, hardwareAddr: 'aa:bb'}", "{name: b, hardwareAddr: 'cc:dd'}", "{name: b, hardwareAddr: 'cc:dd'}"),
    ("BondConfig", "{name: b, hardwareAddr: 'aa:bb'}", "{name: b, links: []}", "{name: b, hardwareAddr: 'aa:bb'}"),
    ("BondConfig", "{name: b, hardwareAddr: 'aa:bb'}", "{name: b, hardwareAddr: ''}", "{name: b}"),
    # what replaces
    ("KubeNetworkConfig", "{podSubnets: [10.0.0.0/8], serviceSubnets: [11.0.0.0/8]}", "{podSubnets: [12.0.0.0/8]}", "{podSubnets: [12.0.0.0/8], serviceSubnets: [11.0.0.0/8]}"),
    ("KubeNetworkConfig", "podSubnets: [10.0.0.0/8]", "podSubnets: []", "podSubnets: []"),
    ("ResolverConfig", "searchDomains: {domains: [a], disableDefault: true}", "searchDomains: {domains: [b]}", "searchDomains: {domains: [b], disableDefault: true}"),
    ("ResolverConfig", "searchDomains: {domains: [a]}", "searchDomains: {domains: null}", "searchDomains: {domains: [a]}"),
    ("NetworkRuleConfig", "{name: a, portSelector: {ports: [1-2], protocol: udp}, ingress: [{subnet: 10.0.0.0/8}]}", "{name: a, portSelector: {ports: [3]}, ingress: [{subnet: 11.0.0.0/8}]}", "{name: a, portSelector: {ports: [3], protocol: udp}, ingress: [{subnet: 11.0.0.0/8}]}"),
    ("BGPInstanceConfig", "{name: a, advertise: [a]}", "{name: a, advertise: []}", "{name: a}"),
    ("KubeAuditPolicyConfig", "configuration: {a: b, c: d}", "configuration: {a: e}", "configuration: {a: e}"),
    ("KubeAuditPolicyConfig", "configuration: {a: b}", "configuration: {}", "configuration: {a: b}"),
    # maps
    ("KubeAPIServerConfig", "env: {A: b}", "env: {A: '', B: c}", "env: {A: b, B: c}"),
    # structs behind pointers
    ("UserVolumeConfig", "{name: a, trim: {enabled: true}}", "{name: a, trim: {}}", "{name: a, trim: {enabled: true}}"),
    ("UserVolumeConfig", "name: a", "{name: a, trim: {}}", "{name: a, trim: {}}"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "left", "right", "result"), PLAIN)
def test_plain_values(kind: str, left: str, right: str, result: str) -> None:
    assert merged(kind, as_block(left), as_block(right)) == same(kind, as_block(result))


def as_block(members: str) -> str:
    """Members in braces as members of a block."""
    return "\n".join(_parts(members[1:-1])) if members.startswith("{") else members


def _parts(text: str) -> Iterator[str]:
    depth = begin = 0
    for at, character in enumerate(text):
        depth += (character in "[{") - (character in "]}")
        if character == "," and not depth:
            yield text[begin:at].strip()
            begin = at + 1
    yield text[begin:].strip()


VOLUME = "name: a\nprovisioning:\n  diskSelector: {match: a}\n"
OWN = [
    # sizes and expressions go with every patch that does not repeat them
    ("UserVolumeConfig", f"{VOLUME}  minSize: 1GB\n  maxSize: 2GB\n  grow: true", "name: a\nprovisioning: {maxSize: 3GB}", "name: a\nprovisioning: {grow: true, maxSize: 3GB}"),
    ("UserVolumeConfig", VOLUME, "name: a\nprovisioning: {diskSelector: {match: b}}", "name: a\nprovisioning: {diskSelector: {match: b}}"),
    ("UserVolumeConfig", f"{VOLUME}  minSize: 1GB", "name: a\ntrim: {}", "name: a\ntrim: {}"),
    ("UserVolumeConfig", "name: a\nprovisioning: {minSize: 1GB}", "name: a\nprovisioning: {maxSize: 1GB}", "name: a\nprovisioning: {maxSize: 1GB}"),
    ("UserVolumeConfig", "name: a\nfilesystem: {xfs: {minAllocationGroupSize: 1GB}}", "name: a\nfilesystem: {type: xfs}", "name: a\nfilesystem: {type: xfs, xfs: {minAllocationGroupSize: 1GB}}"),
    ("UserVolumeConfig", "name: a\nfilesystem: {xfs: {minAllocationGroupSize: 1GB}}", "name: a\nfilesystem: {xfs: {}}", "name: a\nfilesystem: {xfs: {}}"),
    # a size is bytes and a percentage, and the bytes are written
    *(
        ("UserVolumeConfig", f"name: a\nprovisioning: {{maxSize: {old}}}", f"name: a\nprovisioning: {{maxSize: {new}}}", f"name: a\nprovisioning: {{maxSize: {left}}}")
        for old, new, left in (("5%", "2GB", "2GB"), ("2GB", "5%", "2GB"), ("2GB", "3GB", "3GB"), ("20%", "30%", "30%"))
    ),
    # addresses
    ("BGPInstanceConfig", "name: a\nrouterID: 1.1.1.1", "name: a\nrouterID: 2.2.2.2", "name: a\nrouterID: 2.2.2.2"),
    ("BGPInstanceConfig", "name: a\nrouterID: 1.1.1.1", "name: a\nrouterID: ''", "name: a\nrouterID: 1.1.1.1"),
    # arguments are replaced by key
    ("KubeAPIServerConfig", "extraArgs: {a: b, c: [d]}", "extraArgs: {a: [e], c: [f], g: h}", "extraArgs: {a: [e], c: [f], g: h}"),
    ("KubeAPIServerConfig", "extraArgs: {a: b}", "extraArgs: {}", "extraArgs: {a: b}"),
    ("KubeAPIServerConfig", "extraArgs: {a: b}", "extraArgs: {a: ''}", "extraArgs: {a: ''}"),
    # files of an extension by their mount path
    ("ExtensionServiceConfig", "name: a\nconfigFiles: [{content: a, mountPath: /a}]", "name: a\nconfigFiles: [{content: b, mountPath: /a}, {content: c, mountPath: /c}]", "name: a\nconfigFiles: [{content: b, mountPath: /a}, {content: c, mountPath: /c}]"),
    ("ExtensionServiceConfig", "name: a\nconfigFiles: [{content: a, mountPath: /a}]", "name: a\nconfigFiles: [{content: '', mountPath: /a}]", "name: a\nconfigFiles: [{content: a, mountPath: /a}]"),
    # rules replace those for the same images
    ("ImageVerificationConfig", "rules: [{image: a, skip: true}, {image: b, deny: true}]", "rules: [{image: a, deny: true}]", "rules: [{image: a, deny: true}, {image: b, deny: true}]"),
    ("ImageVerificationConfig", "rules: [{image: a, skip: true}, {image: a, deny: true}]", "rules: [{image: a}, {image: c}, {image: c, skip: true}]", "rules: [{image: a, skip: true}, {image: a}, {image: c}, {image: c, skip: true}]"),
    # URLs part by part
    ("HTTPProbeConfig", "name: a\nurl: http://a/b", "name: a\nurl: http://c", "name: a\nurl: http://c/b"),
    ("HTTPProbeConfig", "name: a\nurl: http://a/b?c#d", "name: a\nurl: https://g/", "name: a\nurl: https://g/?c#d"),
    ("HTTPProbeConfig", "name: a\nurl: http://u:p@a/b", "name: a\nurl: http://e", "name: a\nurl: http://u:p@e/b"),
    ("HTTPProbeConfig", "name: a\nurl: http://a:5/b", "name: a\nurl: http://u@g", "name: a\nurl: http://u@g/b"),
    ("HTTPProbeConfig", "name: a\nurl: http://a/b%2Fc", "name: a\nurl: http://a/d", "name: a\nurl: http://a/d"),
    ("HTTPProbeConfig", "name: a\nurl: http://a", "name: a\nurl: ''", "name: a\nurl: http://a"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "left", "right", "result"), OWN)
def test_types_that_merge_themselves(kind: str, left: str, right: str, result: str) -> None:
    assert merged(kind, left, right) == same(kind, result)


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        ("{cpu: 1, memory: a}", "{cpu: 2}", "{cpu: 2, memory: a}"),
        ("{a: b}", "{a: ''}", "{a: b}"),
        ("{a: 1}", "{a: 0}", "{a: 1}"),
        ("{a: true}", "{a: false}", "{a: false}"),
        ("{a: [1]}", "{a: [2]}", "{a: [1, 2]}"),
        ("{a: {b: 1}}", "{a: {c: 2}}", "{a: {b: 1, c: 2}}"),
        ("{a: null}", "{a: b}", "{a: b}"),
        ("{a: [b]}", "{a: [null]}", "{a: [b, null]}"),
        ("{}", "{a: null}", "{a: null}"),
    ],
)
def test_what_has_no_type(left: str, right: str, result: str) -> None:
    """The resources of the KubeAPIServerConfig."""
    members = "resources: {requests: %s}"
    assert merged("KubeAPIServerConfig", members % left, members % right) == same(
        "KubeAPIServerConfig", members % result
    )


IN_RESOURCES = (
    "merge field k8s.KubeAPIServerConfigV1Alpha1.PodResources: merge field k8s.ResourcesConfig.Requests: "
    "merge field meta.Unstructured.Object: "
)
WITHIN = "merge map key map[string]interface {}[%s]: "


@pytest.mark.parametrize(
    ("left", "right", "error"),
    [
        ("{a: 1}", "{a: b}", "merge type mismatch left int right string"),
        ("{a: 1}", "{a: 1.5}", "merge type mismatch left int right float64"),
        ("{a: 1}", "{a: true}", "merge type mismatch left int right bool"),
        ("{a: 1}", "{a: 18446744073709551615}", "merge type mismatch left int right uint64"),
        ("{a: true}", "{a: x}", "merge type mismatch left bool right string"),
        ("{a: {}}", "{a: []}", "merge type mismatch left map[string]interface {} right []interface {}"),
        ("{a: {b: c}}", "{a: {b: 1}}", f"{WITHIN % 'a'}merge type mismatch left string right int"),
        (
            "{a: {b: {c: d}}}",
            "{a: {b: {c: [e]}}}",
            f"{WITHIN % 'a'}{WITHIN % 'b'}merge type mismatch left string right []interface {{}}",
        ),
    ],
)
def test_what_is_not_merged(left: str, right: str, error: str) -> None:
    members = "resources: {requests: %s}"
    with pytest.raises(PatchError) as caught:
        merged("KubeAPIServerConfig", members % left, members % right)
    assert str(caught.value) == f"{IN_RESOURCES}{error}"


# The kind-less document: what Talos' JSON Patches find after the merge

INTERFACES = "machine: {network: {interfaces: %s}}\n"
PLUGINS = "cluster: {apiServer: {admissionControl: %s}}\n"
WHOLE = [
    # network interfaces by their names, else by what selects them
    (INTERFACES % "[{interface: a, mtu: 5}, {interface: b}]", INTERFACES % "[{interface: b, mtu: 6}, {interface: c}]", INTERFACES % "[{interface: a, mtu: 5}, {interface: b, mtu: 6}, {interface: c}]"),
    (INTERFACES % "[{interface: a, addresses: [10.0.0.1/8], dhcp: true}]", INTERFACES % "[{interface: a, addresses: [10.0.0.2/8], dhcp: false}]", INTERFACES % "[{interface: a, addresses: [10.0.0.1/8, 10.0.0.2/8], dhcp: false}]"),
    (INTERFACES % "[{deviceSelector: {busPath: x}, mtu: 5}]", INTERFACES % "[{deviceSelector: {busPath: x}, mtu: 6}]", INTERFACES % "[{deviceSelector: {busPath: x}, mtu: 6}]"),
    (INTERFACES % "[{deviceSelector: {busPath: x}}]", INTERFACES % "[{deviceSelector: {busPath: y}}]", INTERFACES % "[{deviceSelector: {busPath: x}}, {deviceSelector: {busPath: y}}]"),
    (INTERFACES % "[{deviceSelector: {physical: true}}]", INTERFACES % "[{deviceSelector: {physical: true}}]", INTERFACES % "[{deviceSelector: {physical: true}}, {deviceSelector: {physical: true}}]"),
    (INTERFACES % "[{mtu: 5}]", INTERFACES % "[{mtu: 6}]", INTERFACES % "[{mtu: 5}, {mtu: 6}]"),
    # VLANs by their numbers
    (INTERFACES % "[{interface: a, vlans: [{vlanId: 5, mtu: 1}]}]", INTERFACES % "[{interface: a, vlans: [{vlanId: 5, mtu: 2}, {vlanId: 6}]}]", INTERFACES % "[{interface: a, vlans: [{vlanId: 5, mtu: 2}, {vlanId: 6}]}]"),
    # admission plugins by their names
    (PLUGINS % "[{name: a, configuration: {b: c}}]", PLUGINS % "[{name: a, configuration: {d: e}}, {name: f}]", PLUGINS % "[{name: a, configuration: {b: c, d: e}}, {name: f}]"),
    # arguments
    ("machine: {kubelet: {extraArgs: {a: b, c: d}}}\n", "machine: {kubelet: {extraArgs: {a: [e], f: g}}}\n", "machine: {kubelet: {extraArgs: {a: [e], c: d, f: g}}}\n"),
    # what replaces
    ("cluster: {network: {podSubnets: [a], serviceSubnets: [b]}}\n", "cluster: {network: {podSubnets: [c]}}\n", "cluster: {network: {podSubnets: [c], serviceSubnets: [b]}}\n"),
    ("cluster: {apiServer: {auditPolicy: {a: b}}}\n", "cluster: {apiServer: {auditPolicy: {c: d}}}\n", "cluster: {apiServer: {auditPolicy: {c: d}}}\n"),
    ("machine: {ca: {crt: YQ==, key: YWJj}}\n", "machine: {ca: {crt: YWI=}}\n", "machine: {ca: {crt: YWI=}}\n"),
    # what grows
    ("machine: {sysctls: {a: b}, certSANs: [a]}\n", "machine: {sysctls: {c: d}, certSANs: [b]}\n", "machine: {sysctls: {a: b, c: d}, certSANs: [a, b]}\n"),
    ("machine: {time: {bootTimeout: 1h, servers: [a]}}\n", "machine: {time: {bootTimeout: 0s, servers: [b]}}\n", "machine: {time: {bootTimeout: 1h, servers: [a, b]}}\n"),
    ("machine: {disks: [{device: a}]}\n", "machine: {disks: [{device: a}]}\n", "machine: {disks: [{device: a}, {device: a}]}\n"),
    ("machine: {pods: [{a: b}]}\n", "machine: {pods: [{c: d}]}\n", "machine: {pods: [{a: b}, {c: d}]}\n"),
    ("cluster: {controlPlane: {endpoint: 'https://a:6443'}}\n", "cluster: {controlPlane: {endpoint: 'https://b:6443'}}\n", "cluster: {controlPlane: {endpoint: 'https://b:6443'}}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "result"), WHOLE)
def test_the_kind_less_document(left: str, right: str, result: str) -> None:
    assert encoded(apply_patches(parse(left), [right])) == encoded(parse(result))


def test_a_condition_for_disks_is_set_once() -> None:
    text = "machine: {install: {diskSelector: {size: %s}}}\n"
    with pytest.raises(PatchError) as caught:
        apply_patches(parse(text % "10GB"), [text % "20GB"])
    assert str(caught.value) == (
        "merge field v1alpha1.Config.MachineConfig: merge field v1alpha1.MachineConfig.MachineInstall: "
        "merge field v1alpha1.InstallConfig.InstallDiskSelector: merge field v1alpha1.InstallDiskSelector.Size: "
        "merge field v1alpha1.InstallDiskSizeMatcher.condition: merge not possible, left 10GB is not settable"
    )
