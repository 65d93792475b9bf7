"""``talos-registry explain``."""

from __future__ import annotations

import click

from talos_registry.cli.completing import completed
from talos_registry.cli.help import Command
from talos_registry.linting import explain
from talos_registry.linting.rules import codes
from talos_registry.messages import did_you_mean, quoted
from talos_registry.report.page_text import render_list, render_page

__all__ = ["command"]


@click.command("explain", cls=Command)
@click.argument("wanted", nargs=-1, metavar="[CODE]...", shell_complete=completed(codes))
@click.option("--list", "is_list", is_flag=True, help="List all codes.")
@click.pass_context
def command(ctx: click.Context, wanted: tuple[str, ...], is_list: bool) -> None:
    """Explain each CODE that validate or lint reports: what it flags and why, with an example, the fix and the source."""
    if is_list:
        click.echo(render_list(map(explain, codes())))
    elif not wanted:
        ctx.fail("Give a code, or --list.")
    else:
        click.echo("\n\n".join(render_page(explain(_known(ctx, code.lower()))) for code in wanted))


def _known(ctx: click.Context, code: str) -> str:
    if code not in codes():
        ctx.fail(f"There is no code {quoted(code)}{did_you_mean(code, codes(), otherwise='; see explain --list.')}")
    return code
