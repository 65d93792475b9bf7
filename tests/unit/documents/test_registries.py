from __future__ import annotations

from typing import Any

import pytest

from talos_registry import (
    ImageCacheConfig,
    OpaqueDocument,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
    parse,
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


def test_a_document_is_there_once() -> None:
    with pytest.raises(ValueError, match=r'^RegistryMirrorConfig "a" is there 2 times; with replace=True the last one'):
        RegistrySet.of(mirror("a"), mirror("b"), mirror("a"))
    with pytest.raises(ValueError, match="ImageCacheConfig is there 3 times"):
        RegistrySet.of(*[ImageCacheConfig()] * 3)
    assert RegistrySet.of(mirror("a"), RegistryAuthConfig(name="a"), OpaqueDocument(), OpaqueDocument()).mirrors
    with pytest.raises(ValueError, match=r"\*\*\*@a") as raised:
        RegistrySet.of(mirror("http://u:hunter2@a"), mirror("http://u:hunter2@a"))
    assert "hunter2" not in str(raised.value)


def test_a_later_document_replaces_an_earlier_one_wholesale_where_that_is_wanted() -> None:
    documents = (mirror("a", "http://x", skip_fallback=True), mirror("b"), mirror("a"))
    registries = RegistrySet.of(*documents, replace=True)
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


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((mirror("a"),), r"RegistrySet.of takes documents, not tuple; put a star before what holds them: RegistrySet.of(*documents)"),
        (RegistrySet.of(), "RegistrySet.of takes documents, not RegistrySet"),
        (parse(""), "RegistrySet.of takes documents, not MachineConfig; its registries are such a set"),
        ("docker.io", "RegistrySet.of takes documents, not str"),
        (None, "RegistrySet.of takes documents, not None"),
    ],
)  # fmt: skip
def test_only_documents_make_a_set(given: Any, message: str) -> None:
    with pytest.raises(TypeError) as raised:
        RegistrySet.of(given)
    assert str(raised.value) == message


def test_a_subclass_is_a_document() -> None:
    class Mirror(RegistryMirrorConfig, frozen=True):
        pass

    assert [*RegistrySet.of(Mirror(name="a")).mirrors] == ["a"]
