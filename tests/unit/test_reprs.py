from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from pydantic import SecretStr

from talos_registry import (
    ClientIdentity,
    Edit,
    OpaqueDocument,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
    Span,
    parse,
    recognise,
    resolve,
)
from talos_registry.resolution import Puller

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "hunter2"
URL = f"http://user:{CANARY}@reg.example:5000"
PEM = f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n"
MIRROR = RegistryMirrorConfig(name=URL, endpoints=(RegistryEndpoint(url=URL),))
AUTH = RegistryAuthConfig(name=URL, username=URL, password=SecretStr(CANARY))
TLS = RegistryTLSConfig(name=URL, ca=PEM, client_identity=ClientIdentity(cert=PEM, key=SecretStr(CANARY)))
HUB = RegistrySet.of(RegistryMirrorConfig(name="docker.io", endpoints=(RegistryEndpoint(url=URL),)), AUTH)
BAD = RegistrySet.of(
    RegistryMirrorConfig(name="docker.io", endpoints=(RegistryEndpoint(url=f"http://user:{CANARY}@b ad"),))
)
TEXT = f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {URL}\nendpoints:\n  - url: ftp://user:{CANARY}@x\n"
LEGACY = f"machine:\n  registries:\n    config: {{'{URL}': {{auth: {{password: {CANARY}}}}}, x: }}\n"

SHOWN: dict[str, Callable[[], object]] = {
    "mirror": lambda: MIRROR,
    "endpoint": lambda: MIRROR.endpoints[0],
    "auth": lambda: AUTH,
    "tls": lambda: TLS,
    "opaque document": lambda: OpaqueDocument(kind="x", name=URL, text=URL),
    "registry set": lambda: RegistrySet.of(MIRROR, AUTH, TLS),
    "config": lambda: parse(TEXT),
    "diagnostics": lambda: parse(TEXT).diagnostics,
    "diagnostics of legacy": lambda: parse(LEGACY).diagnostics,
    "documents": lambda: parse(TEXT).documents,
    "entries": lambda: (parse(TEXT).entries, parse(LEGACY.replace(", x: ", "")).entries),
    "plans": lambda: [resolve("nginx", HUB, puller=puller) for puller in get_args(Puller)],
    "attempts": lambda: [resolve("nginx", HUB, puller=puller).attempts[0] for puller in get_args(Puller)],
    "hosts": lambda: [resolve("nginx", HUB, puller=puller).attempts[0].tried for puller in get_args(Puller)],
    "plans with errors": lambda: [resolve("nginx", BAD, puller=puller) for puller in get_args(Puller)],
    "recognition": lambda: recognise(f"kind: Cluster\npatches: [{{inline: {{a: '{URL}'}}}}]\n"),
    "edit": lambda: Edit(Span(1, 1, 1, 1), f"url: '{URL}'"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_no_user_and_password_is_shown_by_chance(name: str) -> None:
    value = SHOWN[name]()
    assert CANARY not in repr(value)
    assert CANARY not in str(value)


def test_what_is_no_secret_is_shown() -> None:
    assert repr(MIRROR.endpoints[0]) == "RegistryEndpoint(url='http://***@reg.example:5000', override_path=None)"
    assert repr(RegistrySet.of(MIRROR)) == "RegistrySet(mirrors=['http://***@reg.example:5000'], auths=[], tls=[])"
    plan = resolve("nginx", HUB, puller="talos")
    assert repr(plan).startswith("Plan(reference=Reference(registry_host='docker.io', repository='library/nginx'")
    assert "Attempt(tried=Host(role='mirror', endpoint='http://***@reg.example:5000'" in repr(plan)
    shown = repr(parse(TEXT).diagnostics[0])
    assert shown.startswith("Diagnostic(code='unsupported-scheme', severity=<Severity.ERROR: 'error'>, message='The ")
    assert 'The endpoint "ftp://***@x" has the scheme "ftp"; Talos takes http and https.\'' in shown
    assert "name='http://***@reg.example:5000', file='<config>', span=Span(line=5" in shown
