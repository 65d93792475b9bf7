"""Image references, normalised as every puller of a Talos node normalises them.

The grammar (``distribution/reference`` v0.6.0; all classes are ASCII)::

    reference  = [ domain [ ":" port ] "/" ] path [ ":" tag ] [ "@" digest ]
    domain     = component *( "." component ) | "[" 1*( hex | ":" ) "]"
    component  = alphanum [ *( alphanum | "-" ) alphanum ]
    port       = 1*digit
    path       = segment *( "/" segment )
    segment    = 1*( a-z | digit ) *( separator 1*( a-z | digit ) )
    separator  = "." | "_" | "__" | 1*"-"
    tag        = ( alphanum | "_" ) 0*127( alphanum | "_" | "." | "-" )
    digest     = algorithm ":" 32*hex

Normalising reads the part before the first "/" as the registry host when it is ``localhost``, or holds a ".", a ":" or
an upper-case letter. Anything else is an image on Docker Hub: ``docker.io`` is put in front, and ``library/`` when a
single segment is left. ``index.docker.io`` means ``docker.io``. A reference with both a tag and a digest loses the tag,
one with neither gets ``latest``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from talos_registry.arguments import wrong_type
from talos_registry.diagnostic import InvalidReferenceError

__all__ = ["LONGEST_PATH", "TOO_LONG", "Reference", "is_digest"]

_DOMAIN_COMPONENT = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN = rf"(?:{_DOMAIN_COMPONENT}(?:\.{_DOMAIN_COMPONENT})*|\[[A-Fa-f0-9:]+\])(?::[0-9]+)?"
_SEGMENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH = rf"{_SEGMENT}(?:/{_SEGMENT})*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"

_HUB, _HUB_ALIAS, _OFFICIAL = "docker.io", "index.docker.io", "library/"
LONGEST_PATH = 255
TOO_LONG = "repository name must not be more than 255 characters"
_HEX_DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
_DIGEST = "|".join(f"{algorithm}:[a-f0-9]{{{length}}}" for algorithm, length in _HEX_DIGITS.items())

# What is accepted, in one pass; only what is not goes through the steps of upstream, to find upstream's words for it.
_ACCEPTED = re.compile(
    rf"(?![a-f0-9]{{64}}\Z)(?:(?=localhost/|[^/]*[.:A-Z])({_DOMAIN})/)?({_PATH})(?::({_TAG}))?(?:@({_DIGEST}))?"
).fullmatch

_IDENTIFIER = re.compile(r"[a-f0-9]{64}").fullmatch
_GRAMMAR = re.compile(
    rf"(?:(?:{_DOMAIN})/)?({_PATH})(?::{_TAG})?"
    r"(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*):([A-Fa-f0-9]{32,}))?"
).fullmatch
_DIGEST_ALGORITHM = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*").fullmatch


def is_digest(text: str) -> bool:
    """Whether a text is a digest of an algorithm that is known, as it is written in a reference."""
    return _WHOLE_DIGEST(text) is not None


_WHOLE_DIGEST = re.compile(_DIGEST).fullmatch


class Reference(NamedTuple):
    """A normalised image reference; ``str()`` writes it out.

    Made by ``Reference.parse``; the constructor checks nothing. Exactly one of ``tag`` and ``digest`` is set.

    Attributes:
        registry_host: the text before the first "/" of the normalised reference, with the port.
        repository: what follows it up to the tag or digest.
        tag: ``latest`` where neither is given.
        digest: algorithm and hexadecimal digits, such as ``sha256:...``.
    """

    registry_host: str
    repository: str
    tag: str | None
    digest: str | None

    @classmethod
    def parse(cls, text: str) -> Reference:
        """The reference a node pulls when it is given ``text``.

        Args:
            text: as it stands in a manifest or a config, such as ``nginx``.

        Raises:
            InvalidReferenceError: for text that is no reference; ``str()`` is upstream's text.
            TypeError: for what is no text.

        Source: ``ParseDockerRef`` of ``normalize.go`` (``distribution/reference``), ``Validate`` of ``digest.go``
        (``opencontainers/go-digest``), ``Parse`` of ``pkg/reference`` (containerd) for the registry host.
        """
        if not isinstance(text, str):
            raise wrong_type("Reference.parse", "an image reference as text", text)
        match = _ACCEPTED(text)
        if match is None:
            raise InvalidReferenceError(_refusal(text))
        host, path, tag, digest = match.groups()
        if host is None:
            # A first segment such as "a_b.c" is a host to upstream's splitter and a path to its grammar.
            host = "" if "." in path.partition("/")[0] and "/" in path else _HUB
        elif host == _HUB_ALIAS:
            host = _HUB
        if host == _HUB and "/" not in path:
            path = _OFFICIAL + path
        if len(path) > LONGEST_PATH:
            raise InvalidReferenceError(TOO_LONG)
        if not host:
            host, _, path = path.partition("/")
        if digest is not None:
            return cls(host, path, None, digest)
        return cls(host, path, tag or "latest", None)

    def __str__(self) -> str:
        mark, version = (":", self.tag) if self.digest is None else ("@", self.digest)
        return f"{self.registry_host}/{self.repository}{mark}{version}"


def _refusal(text: str) -> str:
    """Upstream's words for a text that is no reference, found by its own steps in its own order."""
    if _IDENTIFIER(text):
        return f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"
    domain, remainder = _split_domain(text)
    remote = remainder.partition(":")[0]
    if _lowered(remote) != remote:
        return f"invalid reference format: repository name ({remote}) must be lowercase"
    whole = f"{domain}/{remainder}"
    match = _GRAMMAR(whole)
    if match is None:
        return "repository name must be lowercase" if _GRAMMAR(_lowered(whole)) else "invalid reference format"
    path, algorithm, digits = match.groups()
    return TOO_LONG if len(path) > LONGEST_PATH else _digest_refusal(algorithm, digits)


def _split_domain(text: str) -> tuple[str, str]:
    domain, slash, remainder = text.partition("/")
    is_domain = domain == "localhost" or "." in domain or ":" in domain or _lowered(domain) != domain
    if not slash or not is_domain:
        domain, remainder = _HUB, text
    elif domain == _HUB_ALIAS:
        domain = _HUB
    if domain == _HUB and "/" not in remainder:
        remainder = _OFFICIAL + remainder
    return domain, remainder


def _digest_refusal(algorithm: str, digits: str) -> str:
    length = _HEX_DIGITS.get(algorithm)
    if length is None:
        return "unsupported digest algorithm" if _DIGEST_ALGORITHM(algorithm) else "invalid checksum digest format"
    return "invalid checksum digest length" if len(digits) != length else "invalid checksum digest format"


def _lowered(text: str) -> str:
    """The text in lower case as Go does it: rune by rune, and U+FFFD for a byte that is not UTF-8."""
    if text.isascii():
        return text.lower()
    return "".join("\ufffd" if "\ud800" <= rune <= "\udfff" else rune.lower()[0] for rune in text)
