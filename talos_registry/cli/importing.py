"""``talos-registry import``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from talos_registry.caches import import_settings
from talos_registry.cli.exits import Exit
from talos_registry.cli.files import read_bytes, read_file
from talos_registry.cli.help import Command
from talos_registry.cli.options import quiet_option, talos_version_option
from talos_registry.cli.streams import complain, note, print_config, print_findings
from talos_registry.cli.targets import warn_of_newer
from talos_registry.documents import emit
from talos_registry.limits import MAX_BYTES
from talos_registry.versions import LATEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["command"]

_HOSTS = "hosts.toml"


@click.command("import", cls=Command)
@click.argument("names", nargs=-1, required=True, metavar="FILE...", type=click.Path(allow_dash=True))
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="Where the files of the node are, such as a mounted disk; certificates are read below it.",
)
@quiet_option
@talos_version_option
def command(names: tuple[str, ...], root: str | None, talos_version: str | None) -> None:
    """Make documents of the settings of k3s, RKE2, containerd or Docker.

    A FILE is a registries.yaml of k3s or RKE2, a hosts.toml of containerd or the certs.d with all of them, a daemon.json
    or a config.json of Docker. Several are the settings of one node.

    What Talos cannot say is named on stderr, and the exit code is 1.
    """
    version = talos_version or LATEST
    warn_of_newer([version])
    paths = dict.fromkeys(path for name in names for path in _expanded(name))
    files = {_with_directory(path): read_file(path) for path in paths if path is not None}
    readable = {name: data for name, data in files.items() if data is not None}
    imported = import_settings(readable, read=_NodeFiles(root, readable).read, talos_version=version)
    if imported.documents:
        print_config(emit(imported.documents, talos_version=version))
    elif readable:
        note("there is nothing to import")
    print_findings(imported.diagnostics)
    if len(readable) < len(files) or None in paths:
        sys.exit(Exit.USAGE)
    sys.exit(Exit.FINDINGS if imported.diagnostics else Exit.CLEAN)


def _expanded(name: str) -> Iterator[str | None]:
    """The files that a name stands for; None for a directory without any, which is reported."""
    if name == "-" or not os.path.isdir(name):
        yield name
        return
    try:
        entries = sorted(os.listdir(name))
    except OSError as error:
        complain(error.strerror or str(error), name)
        yield None
        return
    candidates = [os.path.join(name, _HOSTS), *(os.path.join(name, entry, _HOSTS) for entry in entries)]
    found = [path for path in candidates if os.path.lexists(path)]
    if not found:
        complain(f"no */{_HOSTS} in this directory", name)
        yield None
    yield from found


def _with_directory(path: str) -> str:
    """The path with the name of the directory that a hosts.toml is in."""
    is_named = os.path.basename(os.path.dirname(path)) not in {"", ".", ".."}
    return path if is_named or os.path.basename(path) != _HOSTS else os.path.abspath(path)


class _NodeFiles:
    """The files that settings name: below the root, and beside a hosts.toml."""

    def __init__(self, root: str | None, names: Iterable[str]) -> None:
        self._root = root
        self._folders = {os.path.dirname(name) for name in names if os.path.basename(name) == _HOSTS}

    def read(self, path: str) -> bytes | None:
        """What is in one; None for what is not there, or elsewhere."""
        folder = next((folder for folder in self._folders if path.startswith(f"{folder}/")), None)
        if folder is not None:
            return _read_within(folder, path)
        if self._root is not None and os.path.isabs(path):
            return _read_within(self._root, os.path.join(self._root, path.lstrip("/")))
        return None


def _read_within(folder: str, path: str) -> bytes | None:
    """What is in a file that is in a folder also once all links are followed."""
    try:
        place, top = os.path.realpath(path), os.path.realpath(folder)
        data = read_bytes(place) if os.path.commonpath((place, top)) == top else None
    except (OSError, ValueError):
        return None
    return None if data is None or len(data) > MAX_BYTES else data
