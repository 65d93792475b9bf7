"""Help pages: as wide as the terminal, nothing cut off, and what many commands share last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Command", "Group", "no_such_command"]

_SHARED = ("--quiet", "--verbose", "--exclude", "--foreign", "--talos-version", "--format", "--jobs", "--help")
"""The options that many commands have, in the order of every help."""


class Command(click.Command):
    """A command whose help shows its own options first."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write its own options, and then those that it shares with others."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        shared = sorted((option for option in options if _rank(option) < len(_SHARED)), key=_rank)
        own = [option for option in options if option not in shared]
        for title, section in (("Options", own), ("Shared options", shared)):
            rows = [row for option in section if (row := option.get_help_record(ctx)) is not None]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _rank(option: click.Option) -> int:
    return min((_SHARED.index(name) for name in option.opts if name in _SHARED), default=len(_SHARED))


class Group(click.Group):
    """Commands below a command, each with its whole sentence in the help."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is typed, or name the nearest."""
        if args and args[0] not in self.list_commands(ctx):
            ctx.fail(no_such_command(args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names of the commands, and what each does."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, _sentence(command)) for name, command in commands if command is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def no_such_command(name: str, known: Iterable[str]) -> str:
    """What is said of a command that does not exist."""
    from talos_registry.messages import did_you_mean, quoted

    return f"No such command {quoted(name)}{did_you_mean(name, known)}"


def _sentence(command: click.Command) -> str:
    return command.short_help or (command.help or "").split("\n\n")[0].replace("\n", " ")
