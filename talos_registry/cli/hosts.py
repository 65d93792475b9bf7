"""``talos-registry hosts``."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.options import talos_version_option
from talos_registry.cli.registries import FilesCommand, files_option, load_registries
from talos_registry.diagnostic import HostsError
from talos_registry.masking import mask_quoted
from talos_registry.messages import quoted
from talos_registry.report.hosts_text import render_files, without_secrets
from talos_registry.resolution import render_cri_auth, render_hosts

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["command"]

_AUTH_PART = "01-registries.part"


@click.command("hosts", cls=FilesCommand)
@files_option
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Write the files below DIR, readable by you alone.",
)
@click.option("--image-cache", is_flag=True, help="The node has a ready image cache.")
@talos_version_option
def command(files: tuple[str, ...], output: str | None, image_cache: bool, talos_version: str) -> None:
    """Render what Talos writes for containerd: the hosts directory, and the part with the credentials.

    Without -o the text files are shown, with private keys and credentials masked.
    """
    registries = load_registries(files, talos_version)
    if image_cache:
        registries = registries.with_image_cache()
    if output is None:
        registries = without_secrets(registries)
    try:
        rendered = render_hosts(registries)
    except HostsError as error:
        click.echo(f"talos-registry: error generating CRI registry hosts: {mask_quoted(str(error))}", err=True)
        sys.exit(Exit.FINDINGS)
    auth_part = render_cri_auth(registries).encode("utf-8", "surrogateescape")
    contents = {**rendered, _AUTH_PART: auth_part}
    if output is None:
        click.echo(render_files(contents))
    else:
        _write(contents, Path(output))


def _write(contents: Mapping[str, bytes], directory: Path) -> None:
    unfit = [name for name in contents if ".." in PurePosixPath(name).parts or name.startswith("/") or "\0" in name]
    if unfit:
        click.echo(f"talos-registry: {quoted(unfit[0])} is no name below {directory}; nothing is written.", err=True)
        sys.exit(Exit.FINDINGS)
    try:
        for name, content in contents.items():
            _make_private_directories(directory, name)
            _write_private(directory / name, content)
    except OSError as error:
        click.echo(f"talos-registry: {error.filename}: {error.strerror}", err=True)
        sys.exit(Exit.USAGE)
    click.echo(f"{len(contents)} files written below {directory}", err=True)


def _make_private_directories(directory: Path, name: str) -> None:
    directory.parent.mkdir(parents=True, exist_ok=True)
    for parent in reversed(PurePosixPath(name).parents):
        (directory / parent).mkdir(mode=0o700, exist_ok=True)


def _write_private(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        path.chmod(0o600)  # a file that was there before has kept its own mode
        file.write(content)
