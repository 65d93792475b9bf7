"""URLs as Go's ``net/url`` (Go 1.26) reads and writes them; see :mod:`talos_registry.go.strings` for texts and bytes.

Go 1.26 is strict about colons: in an ``http`` or ``https`` host every ":" outside brackets starts the port.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from talos_registry.go.netip import AddressError, check_address
from talos_registry.go.strings import byte_string, go_quote, text_of

__all__ = ["InvalidURLError", "Url", "Userinfo", "clean_path", "go_quote", "is_canonical", "parse_url"]

# What must be percent-encoded, by place.
_HOST_ESCAPES = re.compile(r"[^A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"]")
_PATH_ESCAPES = re.compile(r"[^A-Za-z0-9\-_.~$&+,/:;=@]")
_USERINFO_ESCAPES = re.compile(r"[^A-Za-z0-9\-_.~$&+,;=]")
_FRAGMENT_ESCAPES = re.compile(r"[^A-Za-z0-9\-_.~$&+,/:;=?@!()*]")

# Spellings that are kept although another one is the default.
_KEPT_PATH = re.compile(r"[A-Za-z0-9\-_.~$&+,/:;=@!'()*\[\]%]+").fullmatch
_KEPT_FRAGMENT = re.compile(r"[A-Za-z0-9\-_.~$&+,/:;=@!'()*\[\]%?]+").fullmatch

_PLAIN = re.compile(r"(https?)://([A-Za-z0-9.\-]+(?::[0-9]*)?)((?:/[A-Za-z0-9._~\-/]*)?)").fullmatch
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):").match
_CONTROL = re.compile(r"[\x00-\x1f\x7f]").search
_USERINFO = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*").fullmatch
_PORT = re.compile(r"(?::[0-9]*)?").fullmatch
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})").search
# Of ASCII only "%" itself may be escaped in a host; a zone may also escape what it could hold unescaped, and a space.
_BAD_IN_HOST = re.compile(rf"%(?!25|[89A-Fa-f][0-9A-Fa-f])|(?![%\x80-\xff]){_HOST_ESCAPES.pattern}").search


class InvalidURLError(ValueError):
    """A text that is no URL; ``str()`` is Go's whole text, ``parse "http://a b": invalid character ...``."""


class _RefusalError(Exception):
    """Go's reason, without the URL."""


class Userinfo(NamedTuple):
    """User name and password of a URL, decoded; the password is None when there was no ":"."""

    username: str
    password: str | None

    def __str__(self) -> str:
        username = _escape(self.username, _USERINFO_ESCAPES)
        return username if self.password is None else f"{username}:{_escape(self.password, _USERINFO_ESCAPES)}"


class Url(NamedTuple):
    """A parsed URL, field by field as Go holds it; ``str()`` is Go's ``URL.String``.

    ``host`` includes the port and keeps its case; ``path`` and ``fragment`` are decoded, and ``raw_path`` and
    ``raw_fragment`` hold the original spelling where it is not the default one. ``omit_host`` marks ``scheme:/path``,
    ``force_query`` a lone "?" at the end.
    """

    scheme: str = ""
    opaque: str = ""
    user: Userinfo | None = None
    host: str = ""
    path: str = ""
    raw_path: str = ""
    force_query: bool = False
    raw_query: str = ""
    fragment: str = ""
    raw_fragment: str = ""
    omit_host: bool = False

    @property
    def hostname(self) -> str:
        """The host without port and brackets."""
        hostname = _split_port(self.host)[0]
        return hostname[1:-1] if hostname.startswith("[") and hostname.endswith("]") else hostname

    @property
    def port(self) -> str:
        """The digits after the last ":" of the host, "" when there are none."""
        return _split_port(self.host)[1]

    def __str__(self) -> str:
        scheme = f"{self.scheme}:" if self.scheme else ""
        query = f"?{self.raw_query}" if self.force_query or self.raw_query else ""
        fragment = f"#{_escaped_fragment(self)}" if self.fragment else ""
        return f"{scheme}{self.opaque or _hierarchy(self)}{query}{fragment}"


def is_canonical(text: str) -> bool:
    """Whether a text is known at a glance to be a URL that Go writes as it is: ``http://host:port/plain/path``."""
    return _PLAIN(text) is not None


def parse_url(text: str, *, strict_colons: bool = True) -> Url:
    """The URL that ``text`` is to Go; nothing but syntax is checked, so a scheme or host may be missing.

    Without ``strict_colons`` the host of an http URL may hold colons, as it could before Go 1.26.

    Raises:
        InvalidURLError: for text that is no URL.

    Source: ``Parse`` of ``net/url/url.go`` (Go standard library).
    """
    return (_parsed_once if len(text) <= _LONGEST_KEPT else _parsed)(text, strict_colons)


def _parsed(text: str, strict_colons: bool) -> Url:
    match = _PLAIN(text)
    if match:
        scheme, host, path = match.groups()
        return Url(scheme, "", None, host, path)
    whole = byte_string(text)
    before, _, fragment = whole.partition("#")
    shown = before
    try:
        url = _parse_before_fragment(before, strict_colons)
        shown = whole
        return _with_fragment(url, fragment)
    except _RefusalError as reason:
        raise InvalidURLError(f"parse {go_quote(text_of(shown))}: {reason}") from None


# Checking a config and planning its pulls ask for the same URLs: as many are kept as the largest configs have.
_LONGEST_KEPT = 2_000
_parsed_once = lru_cache(maxsize=8192)(_parsed)


def clean_path(path: str) -> str:
    """The shortest path that means the same: no empty, "." or inner ".." segments, "." for nothing.

    Source: ``Clean`` of ``path/path.go`` (Go standard library).
    """
    rooted = path.startswith("/")
    kept: list[str] = []
    for segment in path.split("/"):
        if segment in {"", "."}:
            continue
        if segment != "..":
            kept.append(segment)
        elif kept and kept[-1] != "..":
            kept.pop()
        elif not rooted:
            kept.append(segment)
    return ("/" if rooted else "") + "/".join(kept) or "."


def _parse_before_fragment(whole: str, strict_colons: bool) -> Url:
    if _CONTROL(whole):
        raise _RefusalError("net/url: invalid control character in URL")
    if whole == "*":
        return Url(path="*")
    scheme, rest = _split_scheme(whole)
    rest, mark, query = rest.partition("?")
    url = Url(scheme=scheme.lower(), raw_query=text_of(query), force_query=bool(mark) and not query)
    if rest.startswith("/"):
        return _with_hierarchy(url, rest, strict_colons)
    if scheme:
        return url._replace(opaque=text_of(rest))
    if ":" in rest.partition("/")[0]:
        raise _RefusalError("first path segment in URL cannot contain colon")
    return _with_path(url, rest)


def _split_scheme(whole: str) -> tuple[str, str]:
    if whole.startswith(":"):
        raise _RefusalError("missing protocol scheme")
    match = _SCHEME(whole)
    return (match[1], whole[match.end() :]) if match else ("", whole)


def _with_hierarchy(url: Url, rest: str, strict_colons: bool) -> Url:
    if rest.startswith("//") and (url.scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        userinfo, at, host = authority.rpartition("@")
        url = url._replace(host=text_of(_parse_host(host, strict_colons and url.scheme in {"http", "https"})))
        if at:
            url = url._replace(user=_parse_userinfo(userinfo))
        return _with_path(url, slash + path)
    return _with_path(url._replace(omit_host=bool(url.scheme)), rest)


def _with_path(url: Url, spelling: str) -> Url:
    path = _unescape(spelling)
    raw_path = "" if _escape(path, _PATH_ESCAPES) == spelling else text_of(spelling)
    return url._replace(path=path, raw_path=raw_path)


def _with_fragment(url: Url, spelling: str) -> Url:
    fragment = _unescape(spelling)
    raw_fragment = "" if _escape(fragment, _FRAGMENT_ESCAPES) == spelling else text_of(spelling)
    return url._replace(fragment=fragment, raw_fragment=raw_fragment)


def _parse_userinfo(userinfo: str) -> Userinfo:
    if not _USERINFO(userinfo):
        raise _RefusalError("net/url: invalid userinfo")
    username, colon, password = userinfo.partition(":")
    return Userinfo(_unescape(username), _unescape(password) if colon else None)


def _parse_host(host: str, strict_colons: bool) -> str:
    """The decoded host, both as byte strings."""
    bracket = host.rfind("[")
    if bracket > 0:
        raise _RefusalError("invalid IP-literal")
    if bracket == 0:
        return _parse_ip_literal(host)
    colon = host.find(":") if strict_colons else host.rfind(":")
    if colon >= 0:
        _check_port(host[colon:])
    return _unescape_host(host)


def _parse_ip_literal(host: str) -> str:
    address, bracket, port = host[1:].rpartition("]")
    if not bracket:
        raise _RefusalError("missing ']' in host")
    _check_port(port)
    address, percent, zone = address.partition("%25")
    address = _unescape_host(address) + _unescape_zone(percent + zone)
    try:
        version = check_address(address)
    except AddressError as error:
        raise _RefusalError(f"invalid host: {error}") from None
    if version == 4:  # noqa: PLR2004 - the version of IPv4
        raise _RefusalError("invalid IP-literal")
    return f"[{address}]{port}"


def _check_port(port: str) -> None:
    if not _PORT(port):
        raise _RefusalError(f"invalid port {go_quote(text_of(port))} after host")


def _unescape(spelling: str) -> str:
    """The text of a percent-encoded byte string."""
    bad = _BAD_ESCAPE(spelling)
    if bad:
        raise _bad_escape(spelling, bad.start())
    return text_of(_decode(spelling))


def _unescape_host(spelling: str) -> str:
    bad = _BAD_IN_HOST(spelling)
    if bad:
        raise _bad_in_host(spelling, bad.start())
    return _decode(spelling)


def _unescape_zone(spelling: str) -> str:
    for match in re.finditer(r"%(?P<digits>[0-9A-Fa-f]{2})?|[\x00-\x7f]", spelling):
        digits = match["digits"]
        character = chr(int(digits, 16)) if digits else match[0]
        if digits not in {"25", "20"} and (match[0] == "%" or _HOST_ESCAPES.match(character)):
            raise _bad_in_host(spelling, match.start())
    return _decode(spelling)


def _bad_in_host(spelling: str, position: int) -> _RefusalError:
    if spelling[position] == "%":
        return _bad_escape(spelling, position)
    return _RefusalError(f"invalid character {go_quote(spelling[position])} in host name")


def _bad_escape(spelling: str, position: int) -> _RefusalError:
    return _RefusalError(f"invalid URL escape {go_quote(text_of(spelling[position : position + 3]))}")


def _decode(spelling: str) -> str:
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), spelling) if "%" in spelling else spelling


def _escape(text: str, escapes: re.Pattern[str]) -> str:
    return escapes.sub(lambda byte: f"%{ord(byte[0]):02X}", byte_string(text))


def _escaped_path(url: Url) -> str:
    if _KEPT_PATH(url.raw_path):
        return url.raw_path
    return "*" if url.path == "*" else _escape(url.path, _PATH_ESCAPES)


def _escaped_fragment(url: Url) -> str:
    return url.raw_fragment if _KEPT_FRAGMENT(url.raw_fragment) else _escape(url.fragment, _FRAGMENT_ESCAPES)


def _hierarchy(url: Url) -> str:
    path = _escaped_path(url)
    if url.user is None and not url.host:
        if not url.scheme:
            # "a:b/c" would be read as a scheme; RFC 3986 section 4.2 asks for a dot segment in front.
            return f"./{path}" if ":" in path.partition("/")[0] else path
        return path if url.omit_host or not path else f"//{path}"
    user = "" if url.user is None else f"{url.user}@"
    slash = "/" if url.host and path and not path.startswith("/") else ""
    return f"//{user}{_escape(url.host, _HOST_ESCAPES)}{slash}{path}"


def _split_port(host: str) -> tuple[str, str]:
    hostname, colon, port = host.rpartition(":")
    return (hostname, port) if colon and _PORT(colon + port) else (host, "")
