from __future__ import annotations

import pytest

from talos_registry import (
    ImageCacheConfig,
    OpaqueDocument,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
)

CACHE = RegistryEndpoint(url="http://127.0.0.1:3172")


def mirror(name: str, *urls: str, skip_fallback: bool | None = None) -> RegistryMirrorConfig:
    endpoints = tuple(RegistryEndpoint(url=url) for url in urls)
    return RegistryMirrorConfig(name=name, endpoints=endpoints, skip_fallback=skip_fallback)


def test_settings_by_name() -> None:
    auth, tls = RegistryAuthConfig(name="a"), RegistryTLSConfig(name="a")
    registries = RegistrySet.of(mirror("a"), auth, tls, ImageCacheConfig(), OpaqueDocument(kind="VolumeConfig"))
    assert registries.mirrors == {"a": mirror("a")}
    assert registries.auths == {"a": auth}
    assert registries.tls == {"a": tls}


def test_a_later_document_replaces_an_earlier_one_wholesale() -> None:
    registries = RegistrySet.of(mirror("a", "http://x", skip_fallback=True), mirror("b"), mirror("a"))
    assert registries.mirrors == {"a": mirror("a"), "b": mirror("b")}


def test_a_ready_image_cache_is_the_first_endpoint_of_every_mirror() -> None:
    registries = RegistrySet.of(mirror("a", "http://x", skip_fallback=True), RegistryAuthConfig(name="x"))
    cached = registries.with_image_cache()
    assert cached.mirrors == {
        "a": mirror("a", CACHE.url, "http://x", skip_fallback=True),
        "*": mirror("*", CACHE.url),
    }
    assert cached.auths == registries.auths
    assert list(registries.mirrors) == ["a"]


def test_sets_are_values() -> None:
    one, same, other = RegistrySet.of(mirror("a")), RegistrySet.of(mirror("a")), RegistrySet.of(mirror("b"))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != {"a"}
    assert repr(one) == "RegistrySet(mirrors=['a'], auths=[], tls=[])"


def test_sets_are_frozen() -> None:
    registries = RegistrySet.of(mirror("a"))
    with pytest.raises(AttributeError, match="frozen"):
        registries.mirrors = {}
    with pytest.raises(TypeError):
        registries.mirrors["b"] = mirror("b")  # type: ignore[index]  # what is tested


def test_only_documents_make_a_set() -> None:
    with pytest.raises(TypeError, match="takes documents, not tuple"):
        RegistrySet.of((mirror("a"),))  # type: ignore[arg-type]  # a star forgotten
