"""The registry settings in the files of ``-f``: what ``resolve`` and ``hosts`` work on."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.files import read_files
from talos_registry.cli.streams import complain, print_findings
from talos_registry.cli.unrendered import check_rendered
from talos_registry.documents import RegistrySet
from talos_registry.loading import parse
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.loading import MachineConfig

__all__ = ["FilesCommand", "files_option", "load_registries"]

files_option = click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    required=True,
    metavar="FILE...",
    help="Machine config, or part of one; several files are one config.",
)


class FilesCommand(click.Command):
    """A command whose ``-f`` takes every existing file that follows it, so that ``-f *.yaml`` works."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``-f`` before every file."""
        return super().parse_args(ctx, list(_spread(args)))


def _spread(args: list[str]) -> Iterable[str]:
    after_file = False
    for place, arg in enumerate(args):
        is_value = place > 0 and args[place - 1] in {"-f", "--file"}
        if after_file and not is_value and _is_config(arg):
            yield "-f"
        elif arg.startswith("-") and arg != "-":
            after_file = False
        after_file = after_file or is_value
        yield arg


def _is_config(arg: str) -> bool:
    """Whether an argument after ``-f FILE`` is another file rather than an image reference."""
    return arg == "-" or (arg.endswith((".yaml", ".yml")) and os.path.isfile(arg))


def load_registries(names: Iterable[str], talos_version: str) -> RegistrySet:
    """The registry settings of all files together; ends the process where they are not what Talos would accept."""
    configs: list[MachineConfig] = []
    failed = False
    for file in read_files(names):
        if file.data is None:
            failed = True
        else:
            check_rendered(file.name, file.data)
            configs.append(parse(file.data, filename=file.name, talos_version=talos_version))
    if failed:
        sys.exit(Exit.USAGE)
    _stop_on_findings(configs)
    return RegistrySet.of(
        *(document for config in configs for document in config.legacy_documents),
        *(document for config in configs for document in config.documents),
    )


def _stop_on_findings(configs: list[MachineConfig]) -> None:
    diagnostics = [diagnostic for config in configs for diagnostic in config.diagnostics]
    print_findings(diagnostics)
    repeated = _repeated(configs)
    for message in repeated:
        complain(message)
    if diagnostics or repeated:
        complain("Talos does not accept this config, so a node has no plan for it.")
        sys.exit(Exit.FINDINGS)


def _repeated(configs: list[MachineConfig]) -> list[str]:
    homes: dict[tuple[str, str], str] = {}
    messages = []
    for config in configs:
        for document in config.documents:
            home = homes.setdefault((document.kind, document.name), config.filename)
            if home != config.filename:
                described = f"{document.kind} {quoted(document.name)}" if document.name else document.kind
                messages.append(f"{described} is in {home} and in {config.filename}")
    return messages
