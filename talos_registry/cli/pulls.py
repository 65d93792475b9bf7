"""Which images are pulled, and by whom: what ``resolve`` and ``probe`` are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import click

from talos_registry.cli.completing import completed
from talos_registry.diagnostic import InvalidReferenceError
from talos_registry.resolution import Puller, Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["check_hosts", "checked_references", "pullers_option"]

_PULLERS: tuple[Puller, ...] = get_args(Puller)


def pullers_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--puller NAME``, repeatable and with commas."""
    return click.option(
        "--puller",
        "pullers",
        multiple=True,
        default=["talos,cri"],
        metavar="NAME",
        callback=_checked_pullers,
        shell_complete=completed(lambda: _PULLERS),
        help="talos: Talos itself; cri: containerd, for pods. May be repeated.  [default: both]",
    )


def _checked_pullers(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[Puller, ...]:
    wanted = [name for names in value for name in names.split(",")]
    unknown = [name for name in wanted if name not in _PULLERS]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is no puller; write talos, cri or both with a comma", ctx, param)
    return tuple(puller for puller in _PULLERS if puller in wanted)


def checked_references(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[Reference, ...]:
    """The callback of an option or argument that takes image references."""
    try:
        return tuple(map(Reference.parse, value))
    except InvalidReferenceError as error:
        raise click.BadParameter(str(error), ctx, param) from None


def check_hosts(option: str, hosts: Iterable[str], known: Iterable[str], tried: Iterable[str]) -> None:
    """Refuse a host that no plan tries; ``known`` are the names it may have, ``tried`` those that are shown.

    Raises:
        click.UsageError: says which hosts there are.
    """
    names = frozenset(known)
    for host in hosts:
        if host not in names:
            shown = ", ".join(tried)
            raise click.UsageError(f"--{option}: no attempt goes to {host!r}{shown and f'; the hosts are {shown}'}")
