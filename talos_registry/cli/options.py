"""Options that several commands take."""

from __future__ import annotations

import click

from talos_registry.versions import LATEST, release_of

__all__ = ["talos_version_option"]


def _checked_version(ctx: click.Context, param: click.Parameter, value: str) -> str:
    try:
        release_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None
    return value


talos_version_option = click.option(
    "--talos-version",
    default=LATEST,
    show_default=True,
    metavar="VERSION",
    callback=_checked_version,
    help="Target Talos version, MAJOR.MINOR[.PATCH].",
)
