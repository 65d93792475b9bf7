"""``resolve --requests``: the requests of a pull, given which hosts do not serve it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict, get_args

import click

from talos_registry.cli.pulls import check_hosts
from talos_registry.resolution import request_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talos_registry.resolution import Plan, Request

__all__ = ["RequestOptions", "check_request_options", "plan_requests", "requests_options"]

_Failure = Literal["down", "missing", "failing", "silent"]
_FAILURES: tuple[_Failure, ...] = get_args(_Failure)


class RequestOptions(TypedDict):
    """The values of the options that ``requests_options`` adds."""

    requests: bool
    down: tuple[str, ...]
    missing: tuple[str, ...]
    failing: tuple[str, ...]
    silent: tuple[str, ...]


def requests_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with ``--requests`` and an option for each way in which a host does not serve a pull."""
    added = (
        click.option("--requests", is_flag=True, help="Show every request of a first pull."),
        click.option("--down", multiple=True, metavar="HOST", help="With --requests: HOST refuses connections."),
        click.option("--missing", multiple=True, metavar="HOST", help="With --requests: HOST does not have the image."),
        click.option("--failing", multiple=True, metavar="HOST", help="With --requests: HOST answers 503."),
        click.option(
            "--silent",
            multiple=True,
            metavar="HOST",
            help="With --requests: HOST accepts connections and never answers; shows how long the pull waits.",
        ),
    )
    for option in reversed(added):
        command = option(command)
    return command


def check_request_options(options: RequestOptions, output: str) -> None:
    """Refuse options that do not go together.

    Raises:
        click.UsageError: says which.
    """
    if options["requests"] and output in {"mermaid", "curl"}:
        raise click.UsageError(f"--requests is shown as text or json, not as {output}")
    given = [option for option in _FAILURES if options[option]]
    if given and not options["requests"]:
        raise click.UsageError(f"--{given[0]} needs --requests")


def plan_requests(
    plans: Sequence[Plan], options: RequestOptions, talos_version: str
) -> dict[Plan, tuple[Request, ...]] | None:
    """The requests of each plan by a Talos version; None where nobody asked for them.

    Raises:
        click.UsageError: for a host that no plan tries.
    """
    if not options["requests"]:
        return None
    failures: dict[_Failure, tuple[str, ...]] = {option: options[option] for option in _FAILURES}
    hosts = dict.fromkeys(attempt.host for plan in plans for attempt in plan.attempts)
    for option, given in failures.items():
        check_hosts(option, given, hosts, hosts)
    return {plan: request_sequence(plan, **failures, talos_version=talos_version) for plan in plans}
