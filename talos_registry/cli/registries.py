"""The registry settings in the files of ``-f``: what ``resolve`` and ``hosts`` work on."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.help import Command
from talos_registry.cli.streams import complain, note, print_findings
from talos_registry.cli.targets import warn_of_newer
from talos_registry.cli.together import read_parts
from talos_registry.diagnostic import PatchError, Severity
from talos_registry.masking import mask_url
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from talos_registry.cli.options import IntakeOptions
    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import MachineConfig

__all__ = ["FilesCommand", "files_option", "load_config"]


def files_option(
    *, required: bool = True, metavar: str = "FILE..."
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``-f FILE...``."""
    return click.option(
        "-f",
        "--file",
        "files",
        multiple=True,
        required=required,
        metavar=metavar,
        type=click.Path(allow_dash=True),
        help="Machine config, or part of one; several files are one config.",
    )


class FilesCommand(Command):
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


def load_config(names: Sequence[str], options: IntakeOptions) -> MachineConfig:
    """The config that all files together are; ends the process where it is none that Talos would accept."""
    base, patches = read_parts(names, options)
    warn_of_newer([base.talos_version])
    _say_how_merged(base, patches)
    config = _merged(base, patches)
    if config is None or config.diagnostics:
        refused = _judged_together(base, patches) if patches else base.diagnostics
        print_findings(diagnostic for diagnostic in refused if diagnostic.severity is Severity.ERROR)
        complain("Talos does not accept this config, so a node has no plan for it.")
        sys.exit(Exit.FINDINGS)
    return config


def _judged_together(base: MachineConfig, patches: Iterable[MachineConfig]) -> Iterable[Diagnostic]:
    from talos_registry.linting import lint

    return lint([base, *patches])


def _merged(base: MachineConfig, patches: Sequence[MachineConfig]) -> MachineConfig | None:
    """The config with its patches, None if they cannot be applied."""
    from talos_registry.patching import apply_patches

    try:
        return apply_patches(base, [patch.text for patch in patches]) if patches else base
    except PatchError:
        return None


def _say_how_merged(base: MachineConfig, patches: Sequence[MachineConfig]) -> None:
    """Say in which order files are merged, and what more than one of them sets."""
    if not patches:
        return
    note(f"one config, merged in this order: {', '.join(config.filename for config in (base, *patches))}")
    homes: dict[tuple[str, str], str] = {}
    for config in (base, *patches):
        for setting in config.settings:
            home = homes.setdefault((setting.kind, setting.name), config.filename)
            if home != config.filename:
                homes[setting.kind, setting.name] = config.filename
                what = f"{setting.kind} {quoted(mask_url(setting.name))}"
                note(f"{what} is in {home} and in {config.filename}; Talos merges the second into the first")
