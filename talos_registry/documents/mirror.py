"""RegistryMirrorConfig: the endpoints to try for a registry host.

Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_mirror.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Path, Problem
from talos_registry.documents.shapes import BOOL, STRING, URL, Kind, ListOf, Struct, Values
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.url import go_quote, is_canonical
from talos_registry.masking import mask_before_at
from talos_registry.messages import missing_name, printable, quoted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.versions import Release

__all__ = ["ENDPOINT", "MIRROR", "lacks_scheme", "misspelling", "url_problem"]

ENDPOINT = Struct("cri.RegistryEndpoint", {"url": URL, "overridePath": BOOL}, frozenset({"url"}))

_STRUCT = Struct(
    "cri.RegistryMirrorConfigV1Alpha1",
    {
        "apiVersion": STRING,
        "kind": STRING,
        "name": STRING,
        "endpoints": ListOf(ENDPOINT),
        "skipFallback": BOOL,
    },
    frozenset({"kind", "name"}),
)

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?(?:/.*)?", re.ASCII)

_MANGLED = re.compile(r"https?[:/]", re.IGNORECASE)
"""How a URL begins whose ``://`` is not quite one."""

_NEARLY_URL = re.compile(r"(?:(https?)(?::(?!//[^/])/*|//?)|//)([^/\s]\S*)")
"""A URL with one slash or three, without its colon, or without its scheme."""

_QUOTED = re.compile(r'".*"')


def _problems(values: Values, release: Release) -> Iterator[Problem]:
    if not values.get("name"):
        yield missing_name("the registry host it mirrors, for example docker.io")
    for index, endpoint in enumerate(values.get("endpoints", ())):
        yield from _endpoint_problems(index, endpoint.get("url", ""), release)


def _endpoint_problems(index: int, text: str, release: Release) -> Iterator[Problem]:
    path: Path = ("endpoints", index, "url")
    if is_canonical(text):
        return  # http or https, as nearly every endpoint is
    if not text:
        yield Problem(
            "missing-url",
            path[:-1],
            f"endpoints[{index}].url must be specified",
            "The endpoint has no url; write url: http://HOST[:PORT] or https://HOST[:PORT].",
        )
        return
    try:
        scheme = parse_url(text, strict_colons=release.strict_colons).scheme
    except InvalidURLError as error:
        yield url_problem(path, text, str(error))
        return
    if scheme not in {"http", "https"}:
        error_text = f"endpoints[{index}].url has unsupported scheme: {go_quote(scheme)}"
        what = misspelling(text) or f"has the scheme {quoted(scheme)}; Talos takes http and https"
        yield _schemeless(path, text, error_text) or Problem(
            "unsupported-scheme", path, error_text, f"The endpoint {quoted(text)} {what}."
        )


def url_problem(path: Path, text: str, error_text: str) -> Problem:
    """The problem of an endpoint whose ``text`` is no URL for Go; ``error_text`` is Go's error text."""
    reason = error_text.rpartition(": ")[2]
    if "@" in text:
        reason = _QUOTED.sub('"***"', reason)  # what Go quotes may be a part of a password
    reason = shortened(reason)
    return _schemeless(path, text, error_text) or Problem(
        "invalid-url", path, error_text, f"The endpoint {quoted(text)} is not a URL: {reason}."
    )


def lacks_scheme(text: str) -> bool:
    """Whether an endpoint is a host, perhaps with port and path, that only wants http:// or https:// before it."""
    return "://" not in text and not _MANGLED.match(text) and _HOST.fullmatch(text) is not None and text.isprintable()


def misspelling(text: str) -> str | None:
    """What is wrong with an endpoint whose ``://`` is not quite one, and what to write, as the end of a sentence."""
    match = _NEARLY_URL.fullmatch(text)
    if match is None:
        return None
    scheme, rest = match[1], shortened(printable(mask_before_at(match[2])))
    if scheme:
        return f"is misspelt; write {scheme}://{rest}"
    return f"has no scheme; write https://{rest} or http://{rest}"


def _schemeless(path: Path, text: str, error_text: str) -> Problem | None:
    if not lacks_scheme(text):
        return None
    shown = mask_before_at(text)
    return Problem(
        "endpoint-without-scheme",
        path,
        error_text,
        f"The endpoint {quoted(text)} has no scheme; write https://{shown} or http://{shown}.",
    )


MIRROR = Kind("RegistryMirrorConfig", _STRUCT, named=True, problems=_problems)
