"""``talos-registry hosts``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.folder import objection, write_folder
from talos_registry.cli.options import plain_options, quiet_option, talos_version_option
from talos_registry.cli.registries import FilesCommand, files_option, load_config
from talos_registry.cli.streams import complain, print_report, remark
from talos_registry.diagnostic import HostsError
from talos_registry.masking import mask_quoted
from talos_registry.report.hosts_text import render_files, without_secrets
from talos_registry.resolution import render_cri_auth, render_hosts

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["command"]

_AUTH_PART = "01-registries.part"


@click.command("hosts", cls=FilesCommand)
@click.argument("names", nargs=-1, metavar="[FILE]...", type=click.Path(allow_dash=True))
@files_option(required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Write the files below DIR, readable by you alone.",
)
@click.option("--image-cache", is_flag=True, help="The node has a ready image cache.")
@quiet_option
@talos_version_option
def command(
    names: tuple[str, ...], files: tuple[str, ...], output: str | None, image_cache: bool, talos_version: str | None
) -> None:
    """Render what Talos writes for containerd: the hosts directory, and the part with the credentials.

    Without -o the text files are shown, with private keys and credentials masked. With it, files that an earlier run
    wrote below DIR and that are no longer needed are removed.
    """
    if not names and not files:
        raise click.UsageError("Give a FILE, or several that are one config.")
    config = load_config((*names, *files), plain_options(talos_version))
    registries = config.registries
    if image_cache:
        registries = registries.with_image_cache()
    if output is None:
        registries = without_secrets(registries)
    try:
        rendered = render_hosts(registries, talos_version=config.talos_version)
    except HostsError as error:
        complain(f"error generating CRI registry hosts: {mask_quoted(str(error))}")
        sys.exit(Exit.FINDINGS)
    auth_part = render_cri_auth(registries, talos_version=config.talos_version).encode("utf-8", "surrogateescape")
    contents = {**rendered, _AUTH_PART: auth_part}
    if output is None:
        print_report(render_files(contents))
    else:
        _write(contents, output)


def _write(contents: Mapping[str, bytes], directory: str) -> None:
    reason = objection(directory, contents)
    if reason is not None:
        complain(f"{reason}; nothing is written.")
        sys.exit(Exit.FINDINGS)
    removed = write_folder(directory, contents)
    remark(
        f"{len(contents)} files written below {directory}"
        + (f", {removed} of an earlier run removed" if removed else "")
    )
