"""What comes of a migration."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import Diagnostic, MigrateError
from talos_registry.goyaml.nodes import span

if TYPE_CHECKING:
    from talos_registry.diagnostic import Path, Severity
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading import MachineConfig

__all__ = ["Migration", "finding"]


class Migration(NamedTuple):
    """The migrated text, what stays as it was and why, and what else there is to know."""

    text: str
    stays: tuple[Diagnostic, ...] = ()
    notes: tuple[Diagnostic, ...] = ()

    def complete(self) -> str:
        """The text, when nothing had to stay.

        Raises:
            MigrateError: otherwise; it carries the text.
        """
        if self.stays:
            raise MigrateError("\n".join(map(str, self.stays)), entries=self.stays, text=self.text)
        return self.text


def finding(config: MachineConfig, path: Path, node: Node, code: str, message: str, severity: Severity) -> Diagnostic:
    """A finding about what stands at a path, which begins with the index of the document: at a node of it."""
    identity = config.entries[int(path[0])].identity
    return Diagnostic(
        code=code,
        severity=severity,
        message=message,
        path=path,
        kind=identity.kind,
        name=identity.name,
        file=config.filename,
        **span(node)._asdict(),
    )
