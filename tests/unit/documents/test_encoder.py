from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry import (
    ClientIdentity,
    ImageCacheConfig,
    LocalImageCache,
    OpaqueDocument,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistryTLSConfig,
    emit,
    parse,
)
from talos_registry.documents.encoder import canonical
from talos_registry.documents.kinds import struct_of
from talos_registry.goyaml import write
from talos_registry.goyaml.representer import from_value
from talos_registry.versions import release_of

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument

ALL: list[RegistryDocument] = [
    RegistryMirrorConfig.model_validate(
        {
            "skipFallback": False,
            "endpoints": ["http://a", RegistryEndpoint(url="http://b/v2/", override_path=False)],
            "name": "m",
        }
    ),
    RegistryAuthConfig.model_validate(
        {"name": "a:5000", "username": "u", "password": "0123", "auth": "x", "identityToken": "y"}
    ),
    RegistryTLSConfig.model_validate(
        {"name": "t", "ca": "x\ny\n", "clientIdentity": {"cert": "c\n", "key": "k"}, "insecureSkipVerify": False}
    ),
    ImageCacheConfig(),
]
# Written by Talos.
GOLDEN = """\
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: m
endpoints:
    - url: http://a
    - url: http://b/v2/
      overridePath: false
skipFallback: false
---
apiVersion: v1alpha1
kind: RegistryAuthConfig
name: a:5000
username: u
password: "0123"
auth: x
identityToken: 'y'
---
apiVersion: v1alpha1
kind: RegistryTLSConfig
name: t
clientIdentity:
    cert: |
        c
    key: k
ca: |
    x
    y
insecureSkipVerify: false
---
apiVersion: v1alpha1
kind: ImageCacheConfig
local: {}
"""


def test_every_member_of_every_kind() -> None:
    assert emit(ALL) == GOLDEN


def test_what_is_emitted_is_read_again() -> None:
    assert parse(GOLDEN).documents == tuple(ALL)


@pytest.mark.parametrize(
    ("document", "members"),
    [
        (RegistryMirrorConfig(name="a"), "name: a\n"),
        (RegistryAuthConfig(), 'name: ""\n'),
        (RegistryMirrorConfig(name="a", endpoints=(RegistryEndpoint(),)), 'name: a\nendpoints:\n    - url: ""\n'),
        (RegistryMirrorConfig(name="a", endpoints=(RegistryEndpoint(url="HTTP://ä"),)), "name: a\nendpoints:\n    - url: http://%C3%A4\n"),
        (RegistryMirrorConfig(name="a", endpoints=(RegistryEndpoint(url=":a b"),)), "name: a\nendpoints:\n    - url: :a b\n"),
        (RegistryTLSConfig(name="a", client_identity=ClientIdentity()), "name: a\nclientIdentity: {}\n"),
        (ImageCacheConfig(local=LocalImageCache(enabled=False)), "local:\n    enabled: false\n"),
    ],
)  # fmt: skip
def test_members_that_are_left_out_and_members_that_are_not(document: RegistryDocument, members: str) -> None:
    assert emit([document]) == f"apiVersion: v1alpha1\nkind: {document.kind}\n{members}"


def test_a_document_that_loaded_without_an_api_version() -> None:
    text = "kind: RegistryAuthConfig\nname: machine\n"
    assert emit(parse(text).documents) == text


@pytest.mark.parametrize(
    ("version", "written"), [("1.12", '"y"'), ("1.13", '"y"'), ("1.14", "'y'"), ("1.15", "'y'")]
)  # fmt: skip
def test_quotes_by_version(version: str, written: str) -> None:
    text = emit([RegistryAuthConfig(name="y")], talos_version=version)
    assert text == f"apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: {written}\n"


def test_not_a_version() -> None:
    with pytest.raises(ValueError, match="not a Talos version"):
        emit([], talos_version="latest")


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        ([], ""),
        (["a: 1"], "a: 1\n"),
        (["# c\na: 1\n", "b: 2 # d\n"], "# c\na: 1\n---\nb: 2 # d\n"),
        (["a: 1\n", "%YAML 1.1\n---\nb: 2\n"], "a: 1\n...\n%YAML 1.1\n---\nb: 2\n"),
    ],
)
def test_opaque_documents_are_written_verbatim(texts: list[str], written: str) -> None:
    assert emit([OpaqueDocument(kind="VolumeConfig", text=text) for text in texts]) == written


def test_the_kindless_document_comes_first() -> None:
    legacy = OpaqueDocument(kind="v1alpha1", text="machine: {}\n")
    written = emit([RegistryAuthConfig(name="a"), legacy])
    assert written == "machine: {}\n---\napiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\n"


@pytest.mark.parametrize(
    "text",
    [
        "machine: {}\n---\napiVersion: v1alpha1\nkind: VolumeConfig # c\nname: EPHEMERAL\n...\n---\nkind: x\n",
        "%YAML 1.1\n---\nmachine: {}\n",
        "# only\n\nmachine: {}\n# end\n",
        "--- {machine: {}}\n---\nkind: [\n---\n- a\n",
        "---\r\nmachine: {}\r\n---\r\nkind: x\r\n",
        "machine: |\n  a\n\n\n---\nkind: x\n",
    ],
)
def test_emitted_opaque_documents_are_the_same_documents(text: str) -> None:
    config = parse(text)
    again = parse(emit(config.documents))
    assert [document.kind for document in again.documents] == [document.kind for document in config.documents]
    assert emit(again.documents) == emit(config.documents)


@pytest.mark.parametrize(("header", "closed"), [("|", "|-"), ("|+", "|-"), (">", ">-"), ("|-", "|-")])
def test_a_document_that_ends_in_a_block_without_a_line_break_keeps_its_value(header: str, closed: str) -> None:
    other = "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: {}\n  a=b"
    assert emit(parse(other.format(header)).documents) == f"{other.format(closed)}\n"


@pytest.mark.parametrize(
    ("kind", "members", "written"),
    [
        ("NetworkRuleConfig", "ingress: []\nportSelector: {protocol: TCP, ports: [90-90, 1-2]}\nname: a\n", "name: a\nportSelector:\n    ports:\n        - 90\n        - 1-2\n    protocol: tcp\ningress: []\n"),
        ("KubeAPIServerConfig", "image: a\nextraArgs: {b: [c], a: 1}\n", 'image: a\nextraArgs:\n    a: "1"\n    b:\n        - c\n'),
        ("KubeAPIServerConfig", "image: a\nextraArgs: {a: []}\n", "image: a\nextraArgs:\n    a: []\n"),
        ("ResolverConfig", "searchDomains: {domains: []}\n", "searchDomains:\n    domains: []\n"),
        ("CRIBaseRuntimeSpecConfig", "overrides: {a: 1e3, b: 1.0, c: 123456789.0, d: .inf, e: .nan, f: -0.0}\n", "overrides:\n    a: 1000\n    b: 1\n    c: 1.23456789e+08\n    d: .inf\n    e: .nan\n    f: -0\n"),
        ("KubeAPIServerConfig", "image: a\nextraArgs: {a: ''}\n", "image: a\nextraArgs:\n    a: null\n"),
        ("EtcFileConfig", "name: a\ncontents: b\nmode: 0\n", "name: a\nmode: 0o0\ncontents: b\n"),
        ("FilesystemTrimConfig", "interval: 0s\n", ""),
        ("KubeSpanEndpointsConfig", "extraAnnouncedEndpoints: ['']\n", 'extraAnnouncedEndpoints:\n    - ""\n'),
        ("UserVolumeConfig", "name: a\nfilesystem: {type: none}\n", "name: a\n"),
        ("UserVolumeConfig", "name: a\nencryption: {provider: luks2, keys: [{}]}\n", "name: a\nencryption:\n    provider: luks2\n    keys:\n        - slot: 0\n"),
        ("UserVolumeConfig", "name: a\nencryption: {keys: [{slot: 0, nodeID: {}}], provider: luks2}\n", "name: a\nencryption:\n    provider: luks2\n    keys:\n        - slot: 0\n          nodeID: {}\n"),
        ("BondConfig", "name: b\nnsIp6Targets: ['1:0:0:2::']\nlinks: [a]\nbondMode: active-backup\n", "name: b\nlinks:\n    - a\nbondMode: active-backup\nnsIp6Targets:\n    - '1:0:0:2::'\n"),
        ("CRIBaseRuntimeSpecConfig", "overrides: {b: {}, a: [], c: null, d: yes}\n", "overrides:\n    a: []\n    b: {}\n    c: null\n    d: 'yes'\n"),
        ("HTTPProbeConfig", "name: a\ninterval: 1s\nfailureThreshold: 3\nurl:\ntimeout: 5s\n", 'name: a\ninterval: 1s\nfailureThreshold: 3\nurl: ""\ntimeout: 5s\n'),
        ("KubeNetworkConfig", "dnsDomain: b\n", "dnsDomain: b\npodSubnets: []\nserviceSubnets: []\n"),
    ],
)  # fmt: skip
def test_the_canonical_form_of_other_kinds(kind: str, members: str, written: str) -> None:
    """Written by Talos."""
    head = f"apiVersion: v1alpha1\nkind: {kind}\n"
    assert canonically(f"{head}{members}") == f"{head}{written}"


def canonically(text: str) -> str:
    (entry,) = parse(text).entries
    struct = struct_of(entry.kind, release_of("1.14"))
    assert struct is not None
    return write(from_value(canonical(struct, entry.values or {}), release_of("1.14")))
