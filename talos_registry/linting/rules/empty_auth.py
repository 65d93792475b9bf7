"""Credentials that hold no credential.

Flags: credentials in which nothing is set, a user without a password or a password without a user, and an ``auth``
that is not base64 of ``USERNAME:PASSWORD``.

Because: nothing that a registry takes is sent. With nothing set Talos' own puller even fails with "invalid auth config"
as soon as the registry asks for credentials.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    username: ""
    password: ""

Clean:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    username: puller
    password: ${PASSWORD}

Fix: set username and password, or auth, or identityToken.

Source: siderolabs/talos, internal/pkg/containers/image/resolver.go (PrepareAuth)
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

from talos_registry.goyaml.scalars import base64_error
from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.placeholders import has_placeholder
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.documents.shapes import Values
    from talos_registry.linting.view import View

__all__ = ["NEEDS_CONFIG", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
NEEDS_CONFIG = True


def check(view: View) -> Iterator[Finding]:
    """Credentials with which no registry lets anyone in."""
    commented = {path[:-1] for path in view.commented_values}
    for auth in view.auths.values():
        fault = _fault(auth.values)
        if fault is not None and auth.path not in commented:
            key, what = fault
            yield Finding(
                (*auth.path, key) if key else auth.path, f"The credentials for {quoted(auth.name)} cannot work: {what}."
            )


def _fault(values: Values) -> tuple[str, str] | None:
    username, password, auth, token = (
        values.get(key) or "" for key in ("username", "password", "auth", "identityToken")
    )
    if not (username or password or auth or token):
        return "", "nothing is set; set username and password, or auth, or identityToken"
    if token:
        return None
    if auth and not username:
        return _auth_fault(auth)
    if not auth and not (username and password):
        missing, present = ("username", "password") if password else ("password", "username")
        return present, f"{present} is set and {missing} is not"
    return None


def _auth_fault(auth: str) -> tuple[str, str] | None:
    if has_placeholder(auth):
        return None
    decoded = "" if base64_error(auth) is not None else b64decode(auth).decode("utf-8", "replace")
    username, _, password = decoded.partition(":")
    return None if username and password.strip("\0") else ("auth", "auth is not base64 of USERNAME:PASSWORD")
