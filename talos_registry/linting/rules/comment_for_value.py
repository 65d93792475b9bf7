"""A comment stands where a secret should.

Flags: a password, token or key whose value is missing while a comment that begins like a word, ``#secret``, stands in
its place; also with ``redact --check``. ``redact`` and ``--diff`` show no word of such a comment.

Because: to YAML a ``#`` behind a space begins a comment. The value is empty, the registry is asked without it, and the
secret stands where no tool looks for one.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    username: puller
    password: #example-password

Clean:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    username: puller
    password: "#example-password"

Fix: put the value into quotes.

Source: yaml/go-yaml, internal/libyaml/scanner.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.redaction.comments import IS_COMMENT
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Secrets that YAML does not see."""
    for path in view.commented_values:
        yield Finding(path, IS_COMMENT)
