"""What changed between Talos releases, as data: one row per release that matters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["GO_TYPES", "KINDS_SINCE", "LATEST", "SUPPORTED", "Release", "named_version", "release_of"]

LATEST = "1.14"
"""The newest Talos that this library knows, which is meant where no version is given."""

SUPPORTED = ("1.12", "1.13", "1.14")
"""The release lines whose verdicts and texts are promised."""

_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?", re.ASCII)


class Release(NamedTuple):
    """The behaviour of one targeted Talos version.

    ``dates_are_text``: an unquoted date is taken as a string (go-yaml before v4.0.0-rc.5).
    ``parses_identity``: the client certificate and key are parsed, not only scanned for PEM blocks.
    ``strict_colons``: only a port may follow a colon in the host of a URL (Go 1.26).
    ``takes_del``: DEL and the control characters after it may stand in a file.
    ``colon_ends_flow_text``: in ``[a:]`` the ``:`` makes a mapping, it is no part of the text.
    ``takes_leading_end``: a file may begin with ``...``.
    ``merges_by_tag``: a key tagged ``!!merge`` merges, whatever its text is.
    ``merge_is_text``: ``<<`` with the tag of something else is taken for text, not for a merge key.
    ``follows_aliases``: unknown keys are looked for behind aliases, too (siderolabs/gen v0.8.8).
    ``refuses_null_entries``: an empty entry of the legacy section is refused while it is decoded, not afterwards.
    ``keeps_lone_bang``: the tag ``!`` makes a plain value something else than what it looks like.
    ``merge_makes_empty``: a plain ``<<`` is an empty value for a flag, a list or a mapping.
    ``any_tag_takes_words``: ``!foo yes`` is a flag as ``yes`` is.
    ``lossless_numbers``: a number with a fraction is no integer, and 0 is a duration.
    ``texts_are_scalars``: a type that reads a text takes no mapping.
    ``shows_pointers``: what it says of that has the ``*`` of a pointer.
    ``quotes_words_double``: ``y``, ``on``, ``1:20`` and ``<<`` are written in double, not single quotes.
    ``writes_merge_tag``: a plain ``<<`` that was read is written as ``!!merge <<``.
    ``hints_leading_break``: a block that begins with a line break is written with its indentation.
    ``error_style``: how the YAML library words its errors, ``"unmarshal"``, ``"construct-lines"`` or ``"construct"``.
    ``redacts_ca``: the CA counts as a secret.
    ``asks_for_referrers``: Talos' own puller asks for the signatures and the like that refer to an image.
    ``leaves_silent_hosts``: a pull goes on from a host that takes a request in plain HTTP and never answers (Talos' own
    puller since 1.14.0, containerd since 2.3).
    ``verifies_first``: Talos' own puller reads a reference with the parser of the image verification as well.
    ``folds_registry_hosts``: Talos' own puller puts the registry host in small letters, and Docker Hub under one name.
    ``escapes_tabs``: a text with a tab is not written as it is in what containerd reads.
    ``checks_patches``: a patch names each document once, and must not delete from one that is not there.
    """

    text: str
    number: tuple[int, int]
    patch: int
    pre: str
    dates_are_text: bool
    parses_identity: bool
    strict_colons: bool
    takes_del: bool
    colon_ends_flow_text: bool
    takes_leading_end: bool
    merges_by_tag: bool
    merge_is_text: bool
    follows_aliases: bool
    refuses_null_entries: bool
    keeps_lone_bang: bool
    merge_makes_empty: bool
    any_tag_takes_words: bool
    lossless_numbers: bool
    texts_are_scalars: bool
    shows_pointers: bool
    quotes_words_double: bool
    writes_merge_tag: bool
    hints_leading_break: bool
    error_style: str
    redacts_ca: bool
    asks_for_referrers: bool
    leaves_silent_hosts: bool
    verifies_first: bool
    folds_registry_hosts: bool
    escapes_tabs: bool
    checks_patches: bool


_1_12 = Release(
    text="1.12",
    number=(1, 12),
    patch=0,
    pre="",
    dates_are_text=True,
    parses_identity=True,
    strict_colons=False,
    takes_del=False,
    colon_ends_flow_text=False,
    takes_leading_end=False,
    merges_by_tag=False,
    merge_is_text=True,
    follows_aliases=False,
    refuses_null_entries=False,
    keeps_lone_bang=False,
    merge_makes_empty=False,
    any_tag_takes_words=True,
    lossless_numbers=False,
    texts_are_scalars=False,
    shows_pointers=False,
    quotes_words_double=True,
    writes_merge_tag=True,
    hints_leading_break=True,
    error_style="unmarshal",
    redacts_ca=True,
    asks_for_referrers=False,
    leaves_silent_hosts=False,
    verifies_first=False,
    folds_registry_hosts=False,
    escapes_tabs=False,
    checks_patches=True,
)
_1_13 = _1_12._replace(
    text="1.13",
    number=(1, 13),
    strict_colons=True,
    takes_del=True,
    merges_by_tag=True,
    merge_is_text=False,
    lossless_numbers=True,
    texts_are_scalars=True,
    shows_pointers=True,
    hints_leading_break=False,
    error_style="construct-lines",
    redacts_ca=False,
    verifies_first=True,
)
_1_13_6 = _1_13._replace(text="1.13.6", patch=6, asks_for_referrers=True)
_1_14 = _1_13_6._replace(
    text="1.14",
    number=(1, 14),
    patch=0,
    dates_are_text=False,
    parses_identity=False,
    colon_ends_flow_text=True,
    takes_leading_end=True,
    follows_aliases=True,
    refuses_null_entries=True,
    keeps_lone_bang=True,
    merge_makes_empty=True,
    any_tag_takes_words=False,
    shows_pointers=False,
    quotes_words_double=False,
    writes_merge_tag=False,
    error_style="construct",
    leaves_silent_hosts=True,
    verifies_first=False,
    folds_registry_hosts=True,
    escapes_tabs=True,
    checks_patches=False,
)
_NEWEST_FIRST = (_1_14, _1_13_6, _1_13, _1_12)


@lru_cache(maxsize=64)
def release_of(version: str) -> Release:
    """The behaviour of ``version``, ``MAJOR.MINOR[.PATCH][-pre]``; releases before 1.12 are taken to behave as it does.

    Raises:
        ValueError: for any other spelling.
        TypeError: for what is no text.
    """
    if not isinstance(version, str):
        raise TypeError(f'a Talos version is text such as "{LATEST}", not {type(version).__name__}')
    match = _VERSION.fullmatch(version)
    if not match or version.startswith("v"):
        raise ValueError(
            f"not a Talos version: {version!r} (write MAJOR.MINOR[.PATCH] without a v, for example {LATEST})"
        )
    number, patch = (int(match[1]), int(match[2])), int(match[3] or 0)
    known = next((row for row in _NEWEST_FIRST if (row.number, row.patch) <= (number, patch)), _1_12)
    return known._replace(text=version, number=number, patch=patch, pre=match[4] or "")


def named_version(text: str) -> str:
    """The version that a text such as a tag is, as ``parse`` takes it; "" if it is none."""
    version = text.removeprefix("v")
    try:
        release_of(version)
    except ValueError:
        return ""
    return version


_KINDS = {
    (1, 12): {
        "block": "ExistingVolumeConfig RawVolumeConfig SwapVolumeConfig UserVolumeConfig VolumeConfig ZswapConfig",
        "cri": "RegistryAuthConfig RegistryMirrorConfig RegistryTLSConfig",
        "extensions": "ExtensionServiceConfig",
        "hardware": "PCIDriverRebindConfig",
        "network": (
            "BondConfig BridgeConfig DHCPv4Config DHCPv6Config DummyLinkConfig EthernetConfig "
            "HCloudVIPConfig HostnameConfig KubeSpanEndpointsConfig Layer2VIPConfig LinkAliasConfig "
            "LinkConfig NetworkDefaultActionConfig NetworkRuleConfig ResolverConfig StaticHostConfig "
            "TimeSyncConfig VLANConfig WireguardConfig"
        ),
        "runtime": "EventSinkConfig KmsgLogConfig OOMConfig WatchdogTimerConfig",
        "security": "TrustedRootsConfig",
        "siderolink": "SideroLinkConfig",
    },
    (1, 13): {
        "block": "ExternalVolumeConfig",
        "network": "BlackholeRouteConfig KubeSpanConfig RoutingRuleConfig TCPProbeConfig VRFConfig",
        "runtime": "EnvironmentConfig",
        "security": "ImageVerificationConfig",
    },
    (1, 14): {
        "block": "FilesystemScrubConfig FilesystemTrimConfig",
        "cluster": "DiscoveryIdentityConfig DiscoveryServiceConfig",
        "container": "ContainerConfig",
        "cri": "CRIBaseRuntimeSpecConfig CRICustomizationConfig ImageCacheConfig",
        "k8s": (
            "KubeAPIServerCAConfig KubeAPIServerConfig KubeAdmissionControlConfig KubeAggregatorCAConfig "
            "KubeAuditPolicyConfig KubeAuthenticationConfig KubeAuthorizerConfig KubeClusterConfig "
            "KubeControllerManagerConfig KubeCoreDNSConfig KubeCredentialProviderConfig "
            "KubeEtcdEncryptionConfig KubeExternalManifestConfig KubeFlannelCNIConfig "
            "KubeInlineManifestConfig KubeNetworkConfig KubeNodeConfig KubePrismConfig KubeProxyConfig "
            "KubeSchedulerConfig KubeServiceAccountConfig KubeStaticPodConfig KubeTalosAPIAccessConfig "
            "KubeletConfig"
        ),
        "network": "BGPInstanceConfig HTTPProbeConfig VethConfig",
        "runtime": (
            "EtcFileConfig KernelModuleConfig SecurityProfileConfig SysctlConfig SysfsConfig "
            "UdevRulesConfig UnattendedInstallConfig"
        ),
        "storage": "LVMLogicalVolumeConfig LVMVolumeGroupConfig RAIDArrayConfig",
    },
}
"""The document kinds by the release line that first knew them, and by the Go package of their types."""

KINDS_SINCE: dict[str, tuple[int, int]] = {
    kind: number for number, packages in _KINDS.items() for kinds in packages.values() for kind in kinds.split()
}
"""The release line that first knew each document kind; lines before 1.12 are not told apart."""

_NAMED_OTHERWISE = {
    "KubeSpanEndpointsConfig": "KubespanEndpointsConfig",
    "NetworkDefaultActionConfig": "DefaultActionConfig",
    "NetworkRuleConfig": "RuleConfig",
    "EventSinkConfig": "EventSink",
    "KmsgLogConfig": "KmsgLog",
    "OOMConfig": "OOM",
    "WatchdogTimerConfig": "WatchdogTimer",
    "EnvironmentConfig": "Environment",
    "ExtensionServiceConfig": "ServiceConfig",
    "SideroLinkConfig": "Config",
}

GO_TYPES: dict[str, str] = {
    kind: f"{package}.{_NAMED_OTHERWISE.get(kind, kind)}V1Alpha1"
    for packages in _KINDS.values()
    for package, kinds in packages.items()
    for kind in kinds.split()
}
"""The Go type of each document kind, by which Talos' errors name it."""
