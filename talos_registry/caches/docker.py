"""Docker: the mirrors of a ``daemon.json``, and the credentials of a ``config.json``.

Source: moby/moby, daemon/pkg/registry/config.go; docker/cli, cli/config/configfile/file.go and cli/config/types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.caches.access import Trust, add_login, add_trust
from talos_registry.caches.foreign import login_host, url_of
from talos_registry.documents import RegistryEndpoint
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from talos_registry.caches.foreign import ForeignFile, Given

__all__ = ["CONFIG_KEYS", "DAEMON_KEYS", "read_config", "read_daemon"]

DAEMON_KEYS = ("registry-mirrors", "insecure-registries")
CONFIG_KEYS = ("auths", "credsStore", "credHelpers")
"""The keys about registries; Docker keeps much else in these files."""


def read_daemon(file: ForeignFile, root: Given) -> None:
    """Make what a ``daemon.json`` says about registries."""
    members = {key: value for key, value in file.table(root).items() if key in DAEMON_KEYS}
    mirrors = members.get("registry-mirrors")
    endpoints = []
    if mirrors is not None:
        items = [(RegistryEndpoint(url=file.text(item)), item) for item in file.items(mirrors)]
        endpoints = [endpoint for endpoint, at in items if file.usable(endpoint, at)]
        file.add_mirror("docker.io", endpoints, None, mirrors)
    urls = [url for endpoint in endpoints if (url := url_of(endpoint.url)) is not None]
    by_http = {url.host for url in urls if url.scheme == "http"}
    for item in file.items(members.get("insecure-registries")):
        if file.text(item) not in by_http:  # nothing is verified there anyway
            _read_insecure(file, item)


def _read_insecure(file: ForeignFile, item: Given) -> None:
    host = file.text(item)
    if "/" in host:
        file.no_counterpart(item, f"{quoted(host)} is many hosts, and TLS settings are for one")
    elif host:
        add_trust(file, login_host(host), Trust(skips=True), item)
        shown = quoted(host)
        why = f"Docker also asks {shown} by http; if that is how it speaks, write a mirror with an http endpoint"
        file.no_counterpart(item, why)


def read_config(file: ForeignFile, root: Given) -> None:
    """Make what a ``config.json`` says about registries."""
    members = {key: value for key, value in file.table(root).items() if key in CONFIG_KEYS}
    store = members.get("credsStore")
    if store is not None and file.text(store):
        file.no_counterpart(store, f"credentials are with the helper {quoted(file.text(store))}, which is not run")
    for host, helper in file.table(members.get("credHelpers")).items():
        file.no_counterpart(helper, f"credentials for {quoted(host)} are with a helper, which is not run")
    auths = file.table(members.get("auths"))
    for key in sorted(auths, key=lambda key: "/" in key):  # Docker looks for the host by itself first
        _read_auth(file, _host(key), auths[key], has_store=store is not None)


def _host(key: str) -> str:
    """The host of a key of credentials, which can have a scheme and a path."""
    return key.removeprefix("http://").removeprefix("https://").partition("/")[0]


def _read_auth(file: ForeignFile, host: str, entry: Given, *, has_store: bool) -> None:
    known = ("auth", "username", "password", "email", "identitytoken", "registrytoken", "serveraddress")
    members = file.members(entry, known)
    if "registrytoken" in members:
        file.no_counterpart(members["registrytoken"], "nodes ask for such tokens themselves")
    ways = {
        "identity_token": members.get("identitytoken"),
        "auth": members.get("auth"),
        "username": members.get("username"),
    }
    if not any(ways.values()) and not has_store:
        file.no_counterpart(entry, "there are no credentials in it")
    add_login(file, login_host(host), entry, ways, members.get("password"))
