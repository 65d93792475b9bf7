"""Caches that others run: where each product serves the images of a registry that it caches.

Source: docs.aws.amazon.com/AmazonECR (pull through cache rules), docs.cloud.google.com/artifact-registry (remote
repositories), docs.gitlab.com/user/packages/dependency_proxy.
"""

from __future__ import annotations

import posixpath
import re
from typing import Literal, NamedTuple

from talos_registry.arguments import wrong_type
from talos_registry.caches.upstreams import check_registry_host
from talos_registry.diagnostic import CacheError
from talos_registry.documents import RegistryEndpoint
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.masking import mask_url
from talos_registry.messages import quoted

__all__ = ["Product", "product_endpoint"]

Product = Literal["ecr", "gar", "gitlab"]


class _Address(NamedTuple):
    """The addresses of a product.

    Attributes:
        form: as its pages show them, behind the scheme.
        pattern: what they are, without ``/v2``.
        ending: what belongs at their end, and may be left out.
        upstream: the only registry host that is cached; None for any.
    """

    form: str
    pattern: re.Pattern[str]
    ending: str = ""
    upstream: str | None = None


_SEGMENTS = r"/[a-z0-9]+(?:[._-]+[a-z0-9]+)*"
_ADDRESSES: dict[str, _Address] = {
    "ecr": _Address(
        "ACCOUNT.dkr.ecr.REGION.amazonaws.com/PREFIX",
        re.compile(rf"[0-9]{{12}}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?:{_SEGMENTS})+"),
    ),
    "gar": _Address(
        "LOCATION-docker.pkg.dev/PROJECT/REPOSITORY",
        re.compile(rf"[a-z0-9-]+-docker\.pkg\.dev(?:/[a-z0-9-]+(?:\.[a-z0-9-]+)+)?(?:{_SEGMENTS}){{2}}"),
    ),
    "gitlab": _Address(
        "HOST/GROUP/dependency_proxy/containers",
        re.compile(
            rf"[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]{{1,4}}|:[1-5][0-9]{{4}})?(?:{_SEGMENTS})+/dependency_proxy/containers"
        ),
        "/dependency_proxy/containers",
        "docker.io",
    ),
}


def product_endpoint(product: Product, registry_host: str, address: str) -> RegistryEndpoint:
    """The endpoint by which nodes pull the images of a registry host through a product.

    Args:
        product: ``ecr`` for a pull through cache rule of Amazon ECR, ``gar`` for a remote repository of Google Artifact
            Registry, ``gitlab`` for the dependency proxy of a GitLab group.
        registry_host: whose images are cached.
        address: the product's address as its pages show it, with or without ``https://``.

    Raises:
        CacheError: for an address that is not of that product, and for a registry host that it does not cache.
        TypeError: for what is no text.
    """
    for name, text in (("product", product), ("registry_host", registry_host), ("address", address)):
        if not isinstance(text, str):
            raise wrong_type("product_endpoint", f"{name} as text", text)
    if product not in _ADDRESSES:
        raise CacheError(f"{quoted(product)} is none of {', '.join(_ADDRESSES)}")
    check_registry_host(registry_host)
    known = _ADDRESSES[product]
    if known.upstream not in {None, registry_host}:
        raise CacheError(f"{product} caches the images of {known.upstream} alone, not of {quoted(registry_host)}")
    scheme, host, path = _split(address, known)
    place = f"{host}{path}"
    if known.ending:
        place = place.removesuffix(known.ending).removesuffix(posixpath.dirname(known.ending)) + known.ending
    if not known.pattern.fullmatch(place) or (scheme != "https" and product != "gitlab"):
        raise _not_of(address, known)
    return RegistryEndpoint(url=f"{scheme}://{host}/v2{place.removeprefix(host)}", override_path=True)


def _split(address: str, known: _Address) -> tuple[str, str, str]:
    """Scheme, host, and path without ``/v2`` and without a slash at the end."""
    if not address.isascii():
        raise _not_of(address, known)
    try:
        url = parse_url(address if "://" in address else f"https://{address}")
    except InvalidURLError:
        raise _not_of(address, known) from None
    if url.user is not None or url.scheme not in {"http", "https"} or url.raw_query or url.fragment:
        raise _not_of(address, known)
    path = url.path.rstrip("/")
    return url.scheme, url.host, path.removeprefix("/v2") if f"{path}/".startswith("/v2/") else path


def _not_of(address: str, known: _Address) -> CacheError:
    shown = quoted(mask_url(address.partition("?")[0]))
    return CacheError(f"{shown} is no such address; it is https://{known.form}, in lower case")
