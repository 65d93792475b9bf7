"""What changed between Talos releases, as data: one column per release line that matters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["KINDS_SINCE", "LATEST", "Release", "release"]

LATEST = "1.14"

_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?", re.ASCII)


class Release(NamedTuple):
    """The behaviour of one targeted Talos version.

    ``dates_are_text``: an unquoted date is taken as a string (go-yaml before v4.0.0-rc.5).
    ``parses_identity``: the client certificate and key are parsed, not only scanned for PEM blocks.
    ``quotes_words_double``: ``y``, ``on``, ``1:20`` and ``<<`` are written in double, not single quotes.
    ``error_style``: how the YAML library words its errors, ``"unmarshal"``, ``"construct-lines"`` or ``"construct"``.
    ``tells_line``: a decode error names the document and its line; empty documents are skipped.
    ``tells_missing_version``: a missing apiVersion has words of its own.
    ``redacts_ca``: the CA counts as a secret.
    """

    text: str
    number: tuple[int, int]
    patch: int
    pre: str
    dates_are_text: bool
    parses_identity: bool
    quotes_words_double: bool
    error_style: str
    tells_line: bool
    tells_missing_version: bool
    redacts_ca: bool


@lru_cache(maxsize=64)
def release(version: str) -> Release:
    """The behaviour of ``version``, ``MAJOR.MINOR[.PATCH][-pre]``.

    Raises:
        ValueError: for any other spelling.
    """
    match = _VERSION.fullmatch(version)
    if not match or version.startswith("v"):
        raise ValueError(f"not a Talos version: {version!r} (write MAJOR.MINOR, for example {LATEST!r})")
    number = (int(match[1]), int(match[2]))
    before_13, before_14 = number < (1, 13), number < (1, 14)
    return Release(
        text=version,
        number=number,
        patch=int(match[3] or 0),
        pre=match[4] or "",
        dates_are_text=before_14,
        parses_identity=before_14,
        quotes_words_double=before_14,
        error_style="unmarshal" if before_13 else "construct-lines" if before_14 else "construct",
        tells_line=not before_13,
        tells_missing_version=not before_13,
        redacts_ca=before_14,
    )


_KINDS = {
    (1, 12): (
        "BondConfig BridgeConfig DHCPv4Config DHCPv6Config DummyLinkConfig EthernetConfig EventSinkConfig "
        "ExistingVolumeConfig ExtensionServiceConfig HCloudVIPConfig HostnameConfig KmsgLogConfig "
        "KubeSpanEndpointsConfig Layer2VIPConfig LinkAliasConfig LinkConfig NetworkDefaultActionConfig "
        "NetworkRuleConfig OOMConfig PCIDriverRebindConfig RawVolumeConfig RegistryAuthConfig "
        "RegistryMirrorConfig RegistryTLSConfig ResolverConfig SideroLinkConfig StaticHostConfig SwapVolumeConfig "
        "TimeSyncConfig TrustedRootsConfig UserVolumeConfig VLANConfig VolumeConfig WatchdogTimerConfig "
        "WireguardConfig ZswapConfig "
    ),
    (1, 13): (
        "BlackholeRouteConfig EnvironmentConfig ExternalVolumeConfig ImageVerificationConfig KubeSpanConfig "
        "RoutingRuleConfig TCPProbeConfig VRFConfig "
    ),
    (1, 14): (
        "BGPInstanceConfig CRIBaseRuntimeSpecConfig CRICustomizationConfig DiscoveryIdentityConfig "
        "DiscoveryServiceConfig EtcFileConfig FilesystemScrubConfig FilesystemTrimConfig HTTPProbeConfig "
        "ImageCacheConfig KernelModuleConfig KubeAPIServerCAConfig KubeAPIServerConfig KubeAdmissionControlConfig "
        "KubeAggregatorCAConfig KubeAuditPolicyConfig KubeAuthenticationConfig KubeAuthorizerConfig "
        "KubeClusterConfig KubeControllerManagerConfig KubeCoreDNSConfig KubeCredentialProviderConfig "
        "KubeEtcdEncryptionConfig KubeExternalManifestConfig KubeFlannelCNIConfig KubeInlineManifestConfig "
        "KubeNetworkConfig KubeNodeConfig KubePrismConfig KubeProxyConfig KubeSchedulerConfig "
        "KubeServiceAccountConfig KubeStaticPodConfig KubeTalosAPIAccessConfig KubeletConfig "
        "LVMLogicalVolumeConfig LVMVolumeGroupConfig RAIDArrayConfig SecurityProfileConfig SysctlConfig "
        "SysfsConfig UdevRulesConfig UnattendedInstallConfig VethConfig "
    ),
    (1, 15): "ContainerConfig",
}

KINDS_SINCE: dict[str, tuple[int, int]] = {kind: number for number, kinds in _KINDS.items() for kind in kinds.split()}
"""The release line that first knew each document kind; lines before 1.12 are not told apart."""
