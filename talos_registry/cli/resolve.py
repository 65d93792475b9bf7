"""``talos-registry resolve``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.options import plain_options, quiet_option, talos_version_option
from talos_registry.cli.pulls import checked_references, pullers_option
from talos_registry.cli.registries import FilesCommand, files_option, load_config
from talos_registry.cli.requests import check_request_options, plan_requests, requests_options
from talos_registry.cli.streams import note, print_report
from talos_registry.resolution import resolve
from talos_registry.versions import LATEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from talos_registry.cli.requests import RequestOptions
    from talos_registry.documents import RegistrySet
    from talos_registry.resolution import Plan, Puller, Reference, Request

__all__ = ["command"]


@click.command("resolve", cls=FilesCommand)
@click.argument("references", nargs=-1, required=True, metavar="REF...", callback=checked_references)
@files_option()
@pullers_option()
@click.option("--image-cache", is_flag=True, help="The node has a ready image cache.")
@requests_options
@quiet_option
@talos_version_option
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "mermaid", "curl"]),
    default="text",
    show_default=True,
    help="Output format.",
)
def command(
    references: tuple[Reference, ...],
    files: tuple[str, ...],
    pullers: tuple[Puller, ...],
    image_cache: bool,
    talos_version: str | None,
    output: str,
    **options: Unpack[RequestOptions],
) -> None:
    """Show, for each image REF, the URLs a node will try, in order, and why.

    Exits with 1 when a puller cannot pull at all; with --requests, when a pull fails.
    """
    check_request_options(options, output)
    config = load_config(files, plain_options(talos_version))
    registries = config.registries.with_image_cache() if image_cache else config.registries
    plans = [
        [resolve(reference, registries, puller=puller, talos_version=config.talos_version) for puller in pullers]
        for reference in references
    ]
    flat = [plan for of_reference in plans for plan in of_reference]
    requests = plan_requests(flat, options, config.talos_version)
    print_report(_rendered(plans, registries, output, requests, config.talos_version))
    if output == "text" and config.talos_version != LATEST:
        note(f"for Talos {config.talos_version}")
    has_no_attempt = not all(plan.attempts for plan in flat)
    failed = any(sequence and sequence[-1].outcome != "found" for sequence in (requests or {}).values())
    sys.exit(Exit.FINDINGS if has_no_attempt or failed else Exit.CLEAN)


def _rendered(
    plans: list[list[Plan]],
    registries: RegistrySet,
    output: str,
    requests: Mapping[Plan, tuple[Request, ...]] | None,
    talos_version: str,
) -> str:
    if output == "json":
        from talos_registry.report.plan_json import render as render_json

        return render_json((plan for of_reference in plans for plan in of_reference), talos_version, requests)
    if output == "mermaid":
        from talos_registry.report.plan_mermaid import render

        return render(plan for of_reference in plans for plan in of_reference)
    if output == "curl":
        from talos_registry.report.plan_curl import render as render_curl

        return render_curl((plan for of_reference in plans for plan in of_reference), registries)
    from talos_registry.report.plan_text import render as render_text

    return "\n\n".join(render_text(of_reference, registries, requests) for of_reference in plans)
