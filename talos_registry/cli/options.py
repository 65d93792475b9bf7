"""Options that several commands take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

import click
from click.core import ParameterSource

from talos_registry.cli.completing import completed
from talos_registry.cli.streams import be_quiet
from talos_registry.versions import LATEST, SUPPORTED, release_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["IntakeOptions", "intake_options", "plain_options", "quiet_option", "talos_version_option"]


_VARIABLE = "TALOS_REGISTRY_TALOS_VERSION"


def _checked_version(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The version, without the v that tags have; None where none is given."""
    if not value:
        return None
    version = value.removeprefix("v")
    try:
        release_of(version)
    except ValueError:
        is_variable = param.name and ctx.get_parameter_source(param.name) is ParameterSource.ENVIRONMENT
        hint = _VARIABLE if is_variable else None
        message = f"not a Talos version: {value!r} (write MAJOR.MINOR[.PATCH], for example {LATEST})"
        raise click.BadParameter(message, ctx, param, hint) from None
    return version


quiet_option = click.option(
    "-q",
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=be_quiet,
    help="Say nothing on stderr but what is wrong.",
)

talos_version_option = click.option(
    "--talos-version",
    envvar=_VARIABLE,
    metavar="VERSION",
    callback=_checked_version,
    shell_complete=completed(lambda: SUPPORTED),
    help=f"Target Talos version, MAJOR.MINOR[.PATCH].  [default: what the file says, else {LATEST}]",
)


class IntakeOptions(TypedDict):
    """The values of the options that ``intake_options`` adds."""

    exclude: tuple[str, ...]
    foreign: Literal["skip", "report"] | None
    verbose: bool
    talos_version: str | None


def intake_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with the options that say which files are judged, and for which Talos."""
    added = (
        click.option(
            "--exclude",
            multiple=True,
            metavar="GLOB",
            help="Leave out files that match, as in a .gitignore; may be repeated.",
        ),
        click.option(
            "--foreign",
            type=click.Choice(["skip", "report"]),
            help="Pass over every file that is no Talos config, or report it.  [default: pass over among several]",
        ),
        click.option("-v", "--verbose", is_flag=True, help="Name the files that are passed over."),
        quiet_option,
        talos_version_option,
    )
    for option in reversed(added):
        command = option(command)
    return command


def plain_options(talos_version: str | None) -> IntakeOptions:
    """The options of a command that takes the files as they are named."""
    return {"exclude": (), "foreign": None, "verbose": False, "talos_version": talos_version}
