"""A value has a $ that a tool will expand.

Flags: credentials with a ``$name`` in them, as Harbor's robot accounts have, in a file in which a tool fills in
``${NAME}`` or a whole ``$NAME``. A doubled ``$$`` is not flagged.

Because: such a file goes through envsubst, talhelper or a shell. They replace ``$name`` as well: ``robot$proxy`` becomes
``robot``.

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

from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.INFO

_EXPANDED = re.compile(r"[^$]\$[A-Za-z_]")
_FILLED_IN = re.compile(r"\$\{|[:\s\"']\$[A-Za-z_]+[\"']?$", re.MULTILINE)
"""What shows that a tool fills in the values of a file."""


def check(view: View) -> Iterator[Finding]:
    """Credentials that will not be what they look like."""
    expanded = [
        (auth, key)
        for auth in view.auths.values()
        for key in ("username", "password", "auth", "identityToken")
        if _EXPANDED.search(auth.values.get(key) or "")
    ]
    if not expanded or not _FILLED_IN.search(view.config.text):
        return
    for auth, key in expanded:
        message = (
            f"The {key} for {quoted(auth.name)} has a $ before a word; a tool that fills in the values of this file "
            "replaces it too. Escape it, or give auth as base64."
        )
        yield Finding((*auth.path, key), message)
