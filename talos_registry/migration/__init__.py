"""Between the legacy section and documents, there and back, by edits of the text.

The command also enters ``to_documents``, ``to_legacy`` and ``to_patch``, each of which gives an ``outcome`` that names
what stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from talos_registry.loading import MachineConfig

__all__ = ["migrate", "migration_patch"]


def migrate(config: MachineConfig, *, to: Literal["documents", "legacy"] = "documents") -> str:
    """The config with its legacy section written as documents, or the other way round; the rest stays byte for byte.

    Comments go along. A document that is there already replaces the entry of its name, as it does for Talos. The plan
    of every reference stays what it was.

    Args:
        config: what ``parse`` made of the file.
        to: ``"documents"``, or ``"legacy"`` for Talos before 1.12.

    Raises:
        MigrateError: if entries (or documents) have to stay, because Talos would refuse what they became or plans would
            change; its ``entries`` name them, its ``text`` is the config with the others migrated. Without ``text``
            nothing can be done: the file cannot be read, or the targeted Talos has no such documents.
        TypeError: for what is no MachineConfig.
        ValueError: for another form than these two.

    Source: siderolabs/talos, pkg/machinery/config/types/v1alpha1/v1alpha1_provider.go, for what the section amounts to.
    """
    from talos_registry.loading import require_config

    require_config("migrate", config)
    if to not in {"documents", "legacy"}:
        raise ValueError(f"a config is migrated to 'documents' or to 'legacy', not to {to!r}")
    if to == "legacy":
        from talos_registry.migration.to_legacy import to_legacy

        return to_legacy(config).complete()
    from talos_registry.migration.to_documents import to_documents

    return to_documents(config).complete()


def migration_patch(config: MachineConfig) -> str:
    """The strategic merge patch that does to a running node what ``migrate`` does to its config.

    It is "" where that is nothing, and for one use: applied again, it adds the endpoints again.

    Args:
        config: what ``parse`` made of the config of the node.

    Raises:
        MigrateError: as ``migrate``; ``text`` is then the patch for the other entries.
        TypeError: for what is no MachineConfig.
    """
    from talos_registry.loading import require_config

    require_config("migration_patch", config)
    from talos_registry.migration.to_patch import to_patch

    return to_patch(config).complete()
