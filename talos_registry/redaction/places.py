"""Where configs hold secrets, by document kind, and what stands there once they are redacted.

Source: siderolabs/talos, the ``Redact`` methods below pkg/machinery/config/types; siderolabs/crypto,
x509/certificate_key.go.
"""

from __future__ import annotations

import base64
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from talos_registry.documents import legacy
from talos_registry.documents.shapes import REDACTED_KEY
from talos_registry.goyaml.nodes import Alias, Mapping, Node, Scalar, Sequence, pairs
from talos_registry.goyaml.tags import is_merge, is_null, resolved, scalar_text
from talos_registry.masking import USERINFO_IN_TEXT, mask_private_keys, mask_url, mask_urls
from talos_registry.versions import release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Path
    from talos_registry.loading import MachineConfig
    from talos_registry.versions import Release

__all__ = [
    "Form",
    "SecretPlace",
    "all_places",
    "places",
    "redacted_text",
    "redacted_values",
    "text_of_base64",
    "without_secrets",
]


class Form(Enum):
    """How a secret is written: as it is, as base64 of a PEM block, or in a URL as user and password or as join token.

    Where certificates stand, as PEM or as base64 of it, the private keys among them are the secret; in any other text,
    user and password of the URLs in it.
    """

    TEXT = "text"
    KEY = "key"
    CERTIFICATES = "certificates"
    ENCODED_CERTIFICATES = "encoded certificates"
    USERINFO = "userinfo"
    URLS = "URLs"
    QUERY = "query"


class SecretPlace(NamedTuple):
    """A scalar that holds a secret, or the alias of one.

    ``text`` is what it holds, decoded; ``path`` the document's index in the file, then keys and indices.
    """

    node: Scalar | Alias
    form: Form
    text: str
    path: Path


_EACH = None
"""The step to every item of a list and to every key that is not named."""

_NAME = 0
"""The step to every key itself."""

_CREDENTIALS = {"password": Form.TEXT, "auth": Form.TEXT, "identityToken": Form.TEXT}
_PAIR = {"crt": Form.ENCODED_CERTIFICATES, "key": Form.KEY}
_PLAIN_PAIR = {"cert": Form.CERTIFICATES, "key": Form.TEXT}
_LEGACY_TLS = {"ca": Form.ENCODED_CERTIFICATES, "clientIdentity": _PAIR}
_ENCRYPTION = {"keys": {_EACH: {"static": {"passphrase": Form.TEXT}}}}
_ENCRYPTED = {"encryption": _ENCRYPTION}
_TOKEN = {"apiToken": Form.TEXT}
_VIP = {"equinixMetal": _TOKEN, "hcloud": _TOKEN}
_DEVICE = {"wireguard": {"privateKey": Form.TEXT}, "vip": _VIP, "vlans": {_EACH: {"vip": _VIP}}}
_ANY_SECRET: dict[str | None, Any] = {"secret": Form.TEXT}
_ANY_SECRET[_EACH] = _ANY_SECRET

_MACHINE = {
    "token": Form.TEXT,
    "ca": _PAIR,
    "registries": {
        "mirrors": {_NAME: Form.USERINFO, _EACH: {"endpoints": {_EACH: Form.USERINFO}}},
        "config": {_NAME: Form.USERINFO, _EACH: {"auth": _CREDENTIALS, "tls": _LEGACY_TLS}},
    },
    "network": {"interfaces": {_EACH: _DEVICE}},
    "systemDiskEncryption": {"state": _ENCRYPTION, "ephemeral": _ENCRYPTION},
}
_CLUSTER = {
    "secret": Form.TEXT,
    "token": Form.TEXT,
    "aescbcEncryptionSecret": Form.TEXT,
    "secretboxEncryptionSecret": Form.TEXT,
    "ca": _PAIR,
    "aggregatorCA": _PAIR,
    "serviceAccount": _PAIR,
    "etcd": {"ca": _PAIR},
}
_PLACES: dict[str, Any] = {
    legacy.KIND: {"machine": _MACHINE, "cluster": _CLUSTER},
    "RegistryMirrorConfig": {"endpoints": {_EACH: {"url": Form.USERINFO}}},
    "RegistryAuthConfig": _CREDENTIALS,
    "RegistryTLSConfig": {"ca": Form.CERTIFICATES, "clientIdentity": _PLAIN_PAIR},
    "DiscoveryIdentityConfig": {"clusterSecret": Form.TEXT},
    "HCloudVIPConfig": _TOKEN,
    "KubeAPIServerCAConfig": {"issuingCA": _PLAIN_PAIR},
    "KubeAggregatorCAConfig": {"issuingCA": _PLAIN_PAIR},
    "KubeEtcdEncryptionConfig": {"config": _ANY_SECRET},
    "KubeServiceAccountConfig": {"issuer": {"privateKey": Form.TEXT}},
    "RawVolumeConfig": _ENCRYPTED,
    "SideroLinkConfig": {"apiUrl": Form.QUERY, "uniqueToken": Form.TEXT},
    "SwapVolumeConfig": _ENCRYPTED,
    "UserVolumeConfig": _ENCRYPTED,
    "VolumeConfig": _ENCRYPTED,
    "WireguardConfig": {"privateKey": Form.TEXT, "peers": {_EACH: {"presharedKey": Form.TEXT}}},
}


def _places_in(kind: str, release: Release) -> Any:
    sought = {"name": Form.USERINFO, **_PLACES.get(kind, {})}
    return {**sought, "ca": Form.TEXT} if kind == "RegistryTLSConfig" and release.redacts_ca else sought


def redacted_text(form: Form, text: str, replacement: str) -> str:
    """What stands in the place of ``text`` once it is redacted; what is empty stays so."""
    if not text:
        return text
    if form is Form.TEXT:
        return replacement
    if form is Form.KEY:
        return replacement if replacement == REDACTED_KEY else _base64(replacement)
    escaped = quote(replacement, safe=_IN_USERINFO)
    if form is Form.USERINFO:
        return mask_url(text, escaped)
    if form is Form.ENCODED_CERTIFICATES:
        return _without_encoded_keys(text, replacement)
    if form is Form.CERTIFICATES:
        return mask_urls(mask_private_keys(text, replacement), escaped)
    return mask_urls(text if form is Form.URLS else _without_token(text, escaped), escaped)


_IN_USERINFO = "-._~!$&()*+;="


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()


def _without_encoded_keys(text: str, replacement: str) -> str:
    decoded = text_of_base64(text)
    shown = mask_private_keys(decoded, replacement)
    return text if shown == decoded else _base64(shown)


def text_of_base64(text: str) -> str:
    """What a text is base64 of; the text itself if it is none."""
    try:
        return base64.b64decode(text).decode("utf-8", "surrogateescape")
    except ValueError:
        return text


def _without_token(url: str, replacement: str) -> str:
    before, mark, after = url.partition("jointoken=")
    return before + mark + (replacement + after[len(after.split("&")[0].split("#")[0]) :] if mark else "")


def redacted_values(values: Any, kind: str, release: Release, replacement: str) -> Any:
    """The decoded values of a document of a kind with the secrets in them replaced."""
    return _redacted(values, _places_in(kind, release), replacement)


def _redacted(values: Any, sought: Any, replacement: str) -> Any:
    if isinstance(sought, Form):
        return redacted_text(sought, values, replacement) if isinstance(values, str) else values
    if isinstance(values, dict):
        return {
            _redacted(key, _step(sought, _NAME), replacement): _redacted(value, _step(sought, key), replacement)
            for key, value in values.items()
        }
    if isinstance(values, list):
        return [_redacted(item, _step(sought, _EACH), replacement) for item in values]
    return redacted_text(Form.URLS, values, replacement) if isinstance(values, str) else values


def without_secrets(value: Any, kind: str, path: Iterable[Any], release: Release) -> Any:
    """A value of a document of a kind, at a path of keys and indices, with the secrets in it as asterisks."""
    sought = _places_in(kind, release)
    for step in path:
        if isinstance(sought, Form):
            break
        sought = _step(sought, _EACH if isinstance(step, int) else step)
    return _redacted(value, sought, REDACTED_KEY)


def places(config: MachineConfig, documents: Iterable[tuple[int, Node]]) -> Iterator[SecretPlace]:
    """The places of a config, read as ``documents``, that hold secrets; what is behind an alias is met once.

    They come in file order. An empty value is no secret.
    """
    return (place for place in all_places(config, documents) if place.text)


def all_places(config: MachineConfig, documents: Iterable[tuple[int, Node]]) -> Iterator[SecretPlace]:
    """The places for secrets, those that are empty included."""
    release = release_of(config.talos_version)
    for index, root in documents:
        entry = config.entries[index]
        for node, form, path in _sought(root, _places_in(entry.kind or entry.identity.kind, release)):
            text = scalar_text(resolved(node))  # type: ignore[arg-type]  # no collection
            yield SecretPlace(node, form, "" if is_null(node) else text, (index, *path))


def _sought(root: Node, sought: Any) -> Iterator[tuple[Scalar | Alias, Form, Path]]:
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Node, Any, Path]] = [(root, sought, ())]
    while waiting:
        node, wanted, path = waiting.pop()
        target = resolved(node)
        if isinstance(target, Mapping | Sequence):
            if (id(target), id(wanted)) not in seen:
                seen.add((id(target), id(wanted)))
                waiting.extend(reversed(list(_members(target, wanted, path))))
        elif isinstance(wanted, Form):
            yield node, wanted, path  # type: ignore[misc]  # no collection
        elif USERINFO_IN_TEXT.search(target.value):
            yield node, Form.URLS, path  # type: ignore[misc]  # no collection


def _members(collection: Mapping | Sequence, wanted: Any, path: Path) -> Iterator[tuple[Node, Any, Path]]:
    if isinstance(collection, Sequence):
        yield from ((item, _step(wanted, _EACH), (*path, at)) for at, item in enumerate(collection.content))
        return
    for key, value in pairs(collection):
        if is_merge(key):
            merged = resolved(value)
            merged_in = merged.content if isinstance(merged, Sequence) else [value]
            yield from ((mapping, wanted, path) for mapping in merged_in)
        else:
            target = resolved(key)
            name = "" if isinstance(target, Mapping | Sequence) else scalar_text(target)
            yield key, _step(wanted, _NAME), (*path, name)
            yield value, _step(wanted, name), (*path, name)


_NOTHING: dict[str | int | None, Any] = {}


def _step(wanted: Any, name: str | int | None) -> Any:
    """What is wanted one step further; a collection where a secret should be is a secret as a whole."""
    if name == _NAME:
        return _NOTHING if isinstance(wanted, Form) else wanted.get(_NAME, _NOTHING)
    return wanted if isinstance(wanted, Form) else wanted.get(name, wanted.get(_EACH, _NOTHING))
