"""A value has a $ that a tool will expand.

Flags: credentials with a ``$name`` in them, as Harbor's robot accounts have, in a file that also has ``${...}``.

Because: the ``${...}`` shows that the file goes through envsubst, talhelper or a shell. They replace ``$name`` as well:
``robot$proxy`` becomes ``robot``.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: harbor.example
    username: robot$proxy
    password: ${HARBOR_PASSWORD}

Clean:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: harbor.example
    auth: ${HARBOR_AUTH}

Fix: give ``auth`` as base64 of ``USERNAME:PASSWORD``, or escape the ``$`` as the tool wants it.

Source: https://github.com/goharbor/harbor/issues/9553, https://github.com/hcloud-talos/terraform-hcloud-talos/issues/149
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity
from talos_registry.documents.text import quoted
from talos_registry.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.INFO

_EXPANDED = re.compile(r"\$[A-Za-z_]")


def check(view: View) -> Iterator[Finding]:
    """Credentials that will not be what they look like."""
    if "${" not in view.config.text:
        return
    for auth in view.auths.values():
        for key in ("username", "password", "auth", "identityToken"):
            if _EXPANDED.search(auth.values.get(key) or ""):
                message = (
                    f"The {key} for {quoted(auth.name)} has a $ before a word; the tool that fills in the ${{...}} of this "
                    "file replaces it too. Escape it, or give auth as base64."
                )
                yield Finding((*auth.path, key), message)
