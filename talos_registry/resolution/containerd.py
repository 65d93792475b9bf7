"""The hosts directory as containerd reads it: which hosts it tries for a registry host, in which order.

Reads what Talos writes; the keys Talos never writes (headers, timeouts, relative paths) are not read.

Source: containerd/containerd v2.3, core/remotes/docker/config/{hosts,config_unix}.go.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import HostsError
from talos_registry.go import parse_url, pem
from talos_registry.go.strings import go_quote
from talos_registry.go.url import clean_path
from talos_registry.resolution.hosts import directory_name, upstream_host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from talos_registry.documents import RegistryMirrorConfig, RegistryTLSConfig
    from talos_registry.resolution.hosts import Directory

__all__ = [
    "ALL_CAPABILITIES",
    "ContainerdHost",
    "HostsDirectory",
    "api_path",
    "is_loopback",
    "read_hosts",
    "split_host_port",
]

ALL_CAPABILITIES = frozenset({"pull", "resolve", "push", "referrers"})


class HostsDirectory(NamedTuple):
    """A hosts directory on disk; every path is absolute and clean.

    ``directories`` holds every directory, parents included, with the files right in it; ``documents`` says for which
    document Talos wrote a directory.
    """

    root: str
    files: Mapping[str, bytes]
    directories: Mapping[str, list[str]]
    documents: Mapping[str, RegistryMirrorConfig | RegistryTLSConfig]

    @classmethod
    def of(cls, written: Mapping[str, Directory], root: str) -> HostsDirectory:
        """The hosts directory made of the directories that Talos writes below ``root``."""
        files = {
            clean_path(f"{root}/{name}/{file}"): content
            for name, directory in written.items()
            for file, content in directory.files.items()
        }
        documents = {clean_path(f"{root}/{name}"): directory.document for name, directory in written.items()}
        return cls(root, files, _directories(files), documents)

    def directory(self, registry_host: str) -> str | None:
        """The directory for a registry host; the first that exists hides the others, whatever it holds."""
        for name in (directory_name(registry_host), registry_host, "_default"):
            path = clean_path(f"{self.root}/{name}")
            if path in self.directories:
                return path
        return None


def _directories(files: Iterable[str]) -> dict[str, list[str]]:
    directories: dict[str, list[str]] = {}
    for file in files:
        directory = file.rpartition("/")[0]
        directories.setdefault(directory, []).append(file)
        while directory:
            directory = directory.rpartition("/")[0]
            directories.setdefault(directory, [])
    return directories


class ContainerdHost(NamedTuple):
    """One host containerd tries.

    ``server`` is its URL as hosts.toml has it, "" for the upstream that containerd fills in. ``ca`` and ``client`` are
    paths; ``skip_verify`` is None when nothing says so.
    """

    server: str = ""
    scheme: str = ""
    host: str = ""
    path: str = ""
    override_path: bool = False
    capabilities: frozenset[str] = ALL_CAPABILITIES
    ca: tuple[str, ...] = ()
    client: tuple[tuple[str, str], ...] = ()
    skip_verify: bool | None = None
    https_first: bool = False


def read_hosts(hosts_directory: HostsDirectory, registry_host: str) -> tuple[ContainerdHost, ...]:
    """The hosts containerd tries for the images of a registry host, in order.

    Raises:
        HostsError: for certificates that containerd cannot load, which ends every pull; ``str()`` is its text.
    """
    directory = hosts_directory.directory(registry_host)
    hosts = [ContainerdHost()] if directory is None else _read(hosts_directory, directory)
    if not hosts[-1].host:
        hosts[-1] = _filled_in(hosts[-1], registry_host)
    for host in hosts:
        _load_certificates(host, hosts_directory.files)
    return tuple(_https_first(host) for host in hosts)


def _read(hosts_directory: HostsDirectory, directory: str) -> list[ContainerdHost]:
    try:
        text = hosts_directory.files.get(f"{directory}/hosts.toml", b"").decode()
        return _parsed(tomllib.loads(text)) if text else _certificate_files(hosts_directory, directory)
    except ValueError:
        # What containerd cannot decode it logs and treats like a missing file.
        return _certificate_files(hosts_directory, directory)


def _parsed(document: dict[str, Any]) -> list[ContainerdHost]:
    hosts = []
    previous = ""
    for server, settings in document.get("host", {}).items():
        # containerd takes a table of the host just seen for a sub-table, and starts with "" as the host just seen.
        if server != previous:
            hosts.append(_host(server, settings))
        previous = server
    return [*hosts, _host(document.get("server", ""), document)]


def _host(server: str, settings: dict[str, Any]) -> ContainerdHost:
    host = ContainerdHost(
        server=server,
        override_path=settings.get("override_path", False),
        capabilities=frozenset(settings.get("capabilities", ())) or ALL_CAPABILITIES,
        ca=(settings["ca"],) if "ca" in settings else (),
        client=tuple((cert, key) for cert, key in settings.get("client", ())),
        skip_verify=settings.get("skip_verify"),
    )
    if not server:
        return host
    url = parse_url(server if server.startswith("http") else f"https://{server}")
    return host._replace(scheme=url.scheme, host=url.host, path=api_path(url.path, override=host.override_path))


def api_path(path: str, *, override: bool) -> str:
    """The path below which the registry API is looked for, given the (decoded) path of an endpoint."""
    if not path:
        return "" if override else "/v2"
    path = clean_path(path)
    return path if override or path.endswith("/v2") else f"{path}/v2"


def _certificate_files(hosts_directory: HostsDirectory, directory: str) -> list[ContainerdHost]:
    """The upstream alone, with every ``*.crt`` of the directory as a CA, as Docker lays certificates out.

    Talos never writes the ``*.cert`` that would be a client certificate there.
    """
    return [
        ContainerdHost(
            ca=tuple(sorted(path for path in hosts_directory.directories[directory] if path.endswith(".crt")))
        )
    ]


def _filled_in(host: ContainerdHost, registry_host: str) -> ContainerdHost:
    scheme, skip_verify = "https", host.skip_verify
    name, port = split_host_port(registry_host)
    if is_loopback(name):
        scheme = "https" if port in {"", "443"} else "http"
        skip_verify = skip_verify if port == "80" else True
    return host._replace(
        scheme=scheme,
        host=upstream_host(registry_host),
        path="/v2",
        capabilities=ALL_CAPABILITIES,
        skip_verify=skip_verify,
    )


_HOST_AND_PORT = re.compile(r"(?:\[([^\[\]]*)\]|([^:\[\]]*)):([^:\[\]]*)").fullmatch


def split_host_port(text: str) -> tuple[str, str]:
    """Host and port as Go's ``net.SplitHostPort``; the whole text and "" where that reports an error."""
    match = _HOST_AND_PORT(text)
    return (match[1] or match[2] or "", match[3]) if match else (text, "")


def is_loopback(name: str) -> bool:
    """Whether a host, without its port, is the machine itself for containerd."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost"
    # Go takes an IPv4 address written as IPv6 for what it is.
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _load_certificates(host: ContainerdHost, files: Mapping[str, bytes]) -> None:
    for path in host.ca:
        text = _content(path, "CA cert", files).decode("utf-8", "surrogateescape")
        if not pem.is_ca_accepted(text):
            raise HostsError(f"unable to load CA cert {go_quote(path)}")
    for cert, key in host.client:
        error = pem.key_pair_error(_content(cert, "CERT file", files), _content(key, "CERT file", files))
        if error is not None:
            raise HostsError(f"failed to load X509 key pair: {error}")


def _content(path: str, what: str, files: Mapping[str, bytes]) -> bytes:
    # A path with bytes that are not UTF-8 comes back from hosts.toml as another path.
    if path not in files:
        raise HostsError(f"unable to read {what} {go_quote(path)}: open {path}: no such file or directory")
    return files[path]


def _https_first(host: ContainerdHost) -> ContainerdHost:
    has_tls_settings = bool(host.ca or host.client or host.skip_verify is not None)
    if host.scheme == "http" and has_tls_settings and split_host_port(host.host)[1] != "80":
        return host._replace(scheme="https", https_first=True)
    return host
