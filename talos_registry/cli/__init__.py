"""The command line: opens files, prints, sets the exit code; all else is the library's.

A command is imported when it is called, so that ``--help`` and ``--version`` cost no more than click.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from importlib import import_module
from typing import Any, NoReturn

import click

from talos_registry.about import __version__
from talos_registry.cli.exits import Exit
from talos_registry.cli.help import no_such_command
from talos_registry.cli.process import end_with, prepare, wants_colour

__all__ = ["main"]

_COMMANDS = {
    "validate": "Check what Talos refuses.",
    "lint": "Check what Talos refuses, and what it accepts and you would regret.",
    "resolve": "Show the URLs a node will try for an image, and why.",
    "probe": "Ask each mirror as a node would, and say what it answers.",
    "patch": "Make, apply and check patches.",
    "hosts": "Render containerd's hosts directory as Talos does.",
    "explain": "Explain a code that validate or lint reports.",
    "new": "Write a document from options.",
    "cache": "Set up a pull-through cache, with the documents for it.",
    "import": "Make documents of the settings of k3s, RKE2, containerd or Docker.",
    "fmt": "Rewrite files in the form in which Talos writes them.",
    "redact": "Print configs without their secrets.",
    "migrate": "Write the legacy section as documents, or documents as the legacy section.",
    "schema": "Print the JSON Schema of a document kind, or of a stream.",
    "completion": "Print the script by which a shell completes what is typed.",
}

_MODULES = {"import": "importing"}
"""Where a command is whose name can be none of a module."""

_WIDEST = 1000
"""A terminal may be as wide as it likes."""


class _Commands(click.Group):
    """Commands by name, each in a module of its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name)
        command: click.Command = import_module(f"talos_registry.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> NoReturn:  # noqa: ARG002 - it always is
        end_with(partial(super().main, *args, standalone_mode=False, **extra))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            sys.exit(Exit.BROKEN_PIPE)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS:
            ctx.fail(no_such_command(args[0], _COMMANDS))
        return super().resolve_command(ctx, args)


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's signature
    if value:
        click.echo(f"talos-registry {__version__} (YAML parser: {_yaml_parser()})")
        ctx.exit()


def _yaml_parser() -> str:
    """Which parser ``talos_registry.goyaml.composer`` uses, found out without importing it."""
    from importlib.machinery import PathFinder

    package = PathFinder.find_spec("yaml")
    places = list(package.submodule_search_locations or ()) if package else []
    return "libyaml" if PathFinder.find_spec("yaml._yaml", places) else "pure Python"


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def _cli() -> None:
    """Check, explain and write the registry documents of Talos Linux machine configs.

    A FILE may be - for standard input, a directory (all its *.yaml and *.yml) or a glob.

    Exit codes: 0 clean, 1 findings, 2 usage or a file that cannot be read.
    """


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line, and end the process; ``args`` default to those it was given."""
    prepare()
    _cli.main(args, prog_name="talos-registry", color=wants_colour(os.environ))
