"""Inputs for the oracle of Talos' internals: what the registry settings of a node hold, and the images it pulls."""

from __future__ import annotations

import json
from base64 import b64encode
from itertools import count
from textwrap import indent
from typing import TYPE_CHECKING, Any

from tests.certificates import CERTIFICATE, KEY
from tests.oracle.generate import STRINGS, seeded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

__all__ = ["nodes"]

Row = dict[str, Any]

_NAMES = (
    "docker.io", "docker.io", "registry-1.docker.io", "index.docker.io", "ghcr.io", "GHCR.io", "quay.io", "reg:5000", "reg", "reg_5000_",
    "localhost", "localhost:5000", "127.0.0.1:5000", "10.0.0.1:443", "[::1]:5000", "[::1]", "[fd00::1]", "a_b.c", "a", "a:80", "h:5000", "_default",
    "reg:443", "https://ghcr.io", "x/y", "../up", "b.c/", "*.io", "Foo", "ghcr.io:443", "10.5.0.1:5000", "127.0.0.1:3172", "é.example", "a b", "a'b", "a\tb",
)  # fmt: skip
_HOSTS = (
    "a", "a", "a:80", "h:5000", "reg:5000", "10.5.0.1:5000", "[::1]:5000", "[fd00::1]", "localhost:5000", "127.0.0.1:3172", "docker.io", "ghcr.io",
    "GHCR.IO", "registry-1.docker.io", "reg:443", "ghcr.io:443", "é.example", "b.c", "[fe80::1%25en0]:5000", "a:", "a:99999", "h:05000", "a%20b",
)  # fmt: skip
_PATHS = (
    "", "", "", "/", "/v2", "/v2/", "/v2/proxy", "/x", "/x/", "//x//y", "/x/../y", "/..", "/./v2", "/foov2", "/V2", "/v2/v2", "/a%2Fb", "/a%20b", "/%41", "/é", "/x;y",
    "/v2?x=y", "?x=y", "#f", "/x#f", "/a'b", '/a"b', "/a+b", "/*", "/x/v2/.", "/@", "/a:b", "/[b]", "/x/manifests/y", "/%25zz", "/%3F", "/a%0Ab", "/~a", "/$PATH",
)  # fmt: skip
_USERS = ("", "", "", "", "", "u@", "u:p@", "u:p%40q@", ":@", "%20@")
_SCHEMES = ("http", "http", "https", "https", "https", "HTTP", "Https")
_OTHER_HOSTS = (
    "INDEX.docker.io",
    "Registry-1.Docker.io",
    "LOCALHOST",
    "Foo",
    "",
    "[:]",
    "[1]:5000",
    "reg:0",
    "reg:99999",
)
_REPOSITORIES = (
    "library/nginx",
    "nginx",
    "nginx",
    "a",
    "a/b",
    "a/b/c",
    "a__b/c-d",
    "x" * 255,
    "v2/x",
    "manifests",
    "library",
)
_DIGESTS = ("@sha256:" + "a" * 64, "@sha512:" + "b" * 128, "@sha384:" + "c" * 96)
_TAGS = ("", "", ":1", ":latest", ":V1.0_a", ":" + "t" * 128, *_DIGESTS, ":1@sha256:" + "d" * 64)
_SECRETS = (
    "u",
    "p w",
    "pä",
    "a'b",
    'a"b',
    "a\\b",
    "a\nb",
    "a\tb",
    "${X}",
    "",
    "a\x00b",
    "\x7f",
    "'",
    "x" * 60,
    " ",
    "#",
    "a\r\nb",
    "\u2028",
    "\x1f",
)
_AUTHS = (b"u:p", b"u:p:q", b":p", b"u:", b"u", b"", b"u:p\0\0", b"\xc3\xa4:\xff")


def nodes(seed: int) -> Iterator[Row]:
    """Endless requests; the configs are such as Talos loads, but for a few."""
    random = seeded(seed)
    for number in count():
        names = [*random.sample(_NAMES, random.choice((1, 2, 3, 4))), "*"]
        hosts = [*random.sample(_HOSTS, random.choice((1, 2, 3))), *names[:2]]
        yield {
            "id": f"node-{seed}-{number}",
            "in": _config(random, names, hosts),
            "image_cache": random.random() < 0.25,
            "images": [_image(random, names) for _ in range(random.choice((1, 1, 2, 3)))],
        }


def _config(random: Random, names: Sequence[str], hosts: Sequence[str]) -> str:
    """Up to eight documents of a few names, so that they meet; a legacy section of the same names now and then."""
    documents: dict[tuple[str, str], str] = {}
    for _ in range(random.choice((0, 1, 2, 3, 4, 6, 8))):
        kind = random.choice(
            ("RegistryMirrorConfig", "RegistryMirrorConfig", "RegistryAuthConfig", "RegistryTLSConfig")
        )
        name = _name(random, kind, names, hosts)
        members = {"Mirror": _mirror, "Auth": _auth, "TLS": _tls}[kind[8:-6]](random, hosts)
        documents[kind, name] = f"apiVersion: v1alpha1\nkind: {kind}\nname: {json.dumps(name)}\n{members}"
    texts = [*documents.values()]
    if random.random() < 0.3 or not texts:
        texts.insert(random.randrange(len(texts) + 1), _legacy(random, names, hosts))
    return "---\n".join(texts)


def _name(random: Random, kind: str, names: Sequence[str], hosts: Sequence[str]) -> str:
    if kind == "RegistryTLSConfig" and random.random() < 0.95:
        return random.choice([name for name in (*names, *hosts, *hosts) if name != "*"])
    return random.choice(names if kind == "RegistryMirrorConfig" else (*names, *hosts))


def _flag(random: Random) -> str:
    return random.choice(("true", "true", "false"))


def _url(random: Random, hosts: Sequence[str]) -> str:
    return f"{random.choice(_SCHEMES)}://{random.choice(_USERS)}{random.choice(hosts)}{random.choice(_PATHS)}"


def _mirror(random: Random, hosts: Sequence[str]) -> str:
    urls = [_url(random, hosts) for _ in range(random.choice((0, 1, 1, 2, 3)))]
    urls += random.sample(urls, 1) if urls and random.random() < 0.1 else []
    items = "".join(
        f"  - url: {json.dumps(url)}\n" + (f"    overridePath: {_flag(random)}\n" if random.random() < 0.3 else "")
        for url in urls
    )
    skip = f"skipFallback: {_flag(random)}\n" if random.random() < 0.4 else ""
    return (f"endpoints:\n{items}" if items else random.choice(("", "endpoints: []\n"))) + skip


def _auth(random: Random, _hosts: Sequence[str]) -> str:
    """Credentials of one sort, for Talos takes no more."""
    secret, other = (json.dumps(random.choice((*_SECRETS, *STRINGS))) for _ in range(2))
    pool = (
        f"username: {secret}\npassword: {other}\n",
        f"identityToken: {secret}\n",
        _encoded(random),
        f"password: {secret}\n",
    )
    return random.choice((*pool, f"username: {secret}\n", ""))


def _encoded(random: Random) -> str:
    if random.random() < 0.2:
        return f"auth: {json.dumps(random.choice(STRINGS))}\n"
    return f"auth: {json.dumps(b64encode(random.choice(_AUTHS)).decode())}\n"


def _pem(random: Random) -> str:
    return random.choice((CERTIFICATE, CERTIFICATE, f"# ours\n{CERTIFICATE}{CERTIFICATE}", CERTIFICATE.rstrip("\n")))


def _tls(random: Random, _hosts: Sequence[str]) -> str:
    ca = f"ca: {json.dumps(_pem(random))}\n" if random.random() < 0.5 else random.choice(("", "", "", 'ca: ""\n'))
    flag = f"insecureSkipVerify: {_flag(random)}\n" if random.random() < 0.4 else ""
    identity = ""
    if random.random() < 0.3:
        cert, key = random.choice(((_pem(random), KEY), (_pem(random), KEY), (CERTIFICATE, CERTIFICATE), (KEY, KEY)))
        identity = f"clientIdentity:\n  cert: {json.dumps(cert)}\n  key: {json.dumps(key)}\n"
    return f"{ca}{identity}{flag}"


def _legacy(random: Random, names: Sequence[str], hosts: Sequence[str]) -> str:
    mirrors = "".join(
        f"      {json.dumps(name)}:\n        endpoints: {json.dumps([_url(random, hosts) for _ in range(random.randrange(3))])}\n"
        + (f"        overridePath: {_flag(random)}\n" if random.random() < 0.3 else "")
        + (f"        skipFallback: {_flag(random)}\n" if random.random() < 0.3 else "")
        for name in random.sample(names, random.randrange(len(names)))
    )
    configs = "".join(
        f"      {json.dumps(name)}:\n{indent(_legacy_config(random), '        ')}"
        for name in random.sample([*dict.fromkeys((*names, *hosts))], random.randrange(3))
    )
    listed = (f"    mirrors:\n{mirrors}" if mirrors else "") + (f"    config:\n{configs}" if configs else "")
    section = f"  registries:\n{listed}" if listed else ""
    return f"version: v1alpha1\nmachine:\n  type: worker\n{section}"


def _legacy_config(random: Random) -> str:
    auth = f"auth:\n{indent(members, '  ')}" if (members := _auth(random, ())) else "auth: {}\n"
    ca = f"  ca: {b64encode(_pem(random).encode()).decode()}\n" if random.random() < 0.5 else ""
    identity = ""
    if random.random() < 0.3:
        cert, key = (b64encode(text.encode()).decode() for text in (CERTIFICATE, KEY))
        identity = f"  clientIdentity:\n    crt: {cert}\n    key: {key}\n"
    flag = f"  insecureSkipVerify: {_flag(random)}\n" if random.random() < 0.4 else ""
    tls = f"tls:\n{ca}{identity}{flag}" if ca or identity or flag else "tls: {}\n"
    return random.choice((auth, tls, auth + tls, "{}\n"))


def _image(random: Random, names: Sequence[str]) -> str:
    """Of a host that has documents, mostly; the host may be left out, or be written in other letters."""
    host = random.choice(names[:-1])
    if random.random() < 0.4:
        host = random.choice((*_NAMES[:21], *_HOSTS, *_OTHER_HOSTS))
    return f"{host}{'/' if host else ''}{random.choice(_REPOSITORIES)}{random.choice(_TAGS)}"
