"""Trees of documents as Talos writes them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pydantic import SecretStr
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

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
from talos_registry.roundtrip import tree_of
from tests.certificates import CERTIFICATE, KEY


def dumped(tree: Any) -> str:
    yaml, stream = YAML(), io.StringIO()
    yaml.indent(mapping=4, sequence=6, offset=4)
    yaml.dump(tree, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "document",
    [
        RegistryMirrorConfig(name="docker.io"),
        RegistryMirrorConfig(
            skip_fallback=False,
            endpoints=(
                RegistryEndpoint(url="http://10.5.0.1:5000", override_path=True),
                RegistryEndpoint(url="https://b"),
            ),
            name="*",
        ),
        RegistryTLSConfig(
            name="a:5000",
            ca=CERTIFICATE,
            client_identity=ClientIdentity(cert=CERTIFICATE, key=SecretStr(KEY)),
            insecure_skip_verify=True,
        ),
        ImageCacheConfig(local=LocalImageCache(enabled=True)),
        ImageCacheConfig(),
    ],
)
def test_it_is_dumped_as_talos_writes_it(document: Any) -> None:
    assert dumped(tree_of(document)) == emit([document])


def test_pem_is_a_literal_block() -> None:
    assert isinstance(tree_of(RegistryTLSConfig(name="a", ca=CERTIFICATE))["ca"], LiteralScalarString)


def test_secrets_are_plain_values_and_unset_members_left_out() -> None:
    tree = tree_of(RegistryAuthConfig(name="a", username="u", password=SecretStr("yes")))
    assert dict(tree) == {
        "apiVersion": "v1alpha1",
        "kind": "RegistryAuthConfig",
        "name": "a",
        "username": "u",
        "password": "yes",
    }
    assert dumped(tree).endswith("password: 'yes'\n")


@pytest.mark.parametrize("text", ["a\x85b", "a\u2028b\n", "a\r\nb", " a\nb", "a\n\n", "a\bb\nc", "\udcff", "# a\nb"])
def test_texts_that_ruamel_would_write_otherwise_say_the_same(text: str) -> None:
    document = RegistryAuthConfig.from_values(
        {"apiVersion": "v1alpha1", "kind": "RegistryAuthConfig", "username": text}
    )
    (read,) = parse(dumped(tree_of(document))).documents
    assert read == document


@pytest.mark.parametrize("document", [OpaqueDocument(kind="HostnameConfig"), {"kind": "RegistryMirrorConfig"}, None])
def test_others_are_no_typed_documents(document: Any) -> None:
    with pytest.raises(
        TypeError, match=f"^tree_of takes a document of these kinds: .*; not a {type(document).__name__}$"
    ):
        tree_of(document)
