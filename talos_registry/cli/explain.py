"""``talos-registry explain``."""

from __future__ import annotations

import click

from talos_registry.linting.pages import page
from talos_registry.linting.rules import codes
from talos_registry.messages import did_you_mean, quoted
from talos_registry.report.page_text import render_list, render_page

__all__ = ["command"]


@click.command("explain")
@click.argument("code", required=False)
@click.option("--list", "is_list", is_flag=True, help="List all codes.")
@click.pass_context
def command(ctx: click.Context, code: str | None, is_list: bool) -> None:
    """Explain a CODE that validate or lint reports: what it flags and why, with an example, the fix and the source."""
    if is_list:
        click.echo(render_list(map(page, codes())))
    elif code is None:
        ctx.fail("Give a code, or --list.")
    elif code not in codes():
        ctx.fail(f"There is no code {quoted(code)}{did_you_mean(code, codes(), otherwise='; see explain --list.')}")
    else:
        click.echo(render_page(page(code)))
