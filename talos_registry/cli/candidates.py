"""The files that a call is about, each once, also those that carriers among them name."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.cli.files import excluded, find_files, is_own, read_bytes
from talos_registry.cli.streams import complain
from talos_registry.loading import recognise, unrendered_form
from talos_registry.placeholders import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from talos_registry.cli.options import IntakeOptions
    from talos_registry.loading import Recognition

__all__ = ["Candidate", "candidates", "named_files"]


class Candidate(NamedTuple):
    """A file of a call.

    ``is_patch``: a carrier names it as a patch. ``fills_in``: the tool of its carrier fills in values. ``is_followed``: only
    a carrier names it, not the call. ``talos_version`` is what it is judged for, None for what it says itself.
    """

    name: str
    is_there: bool = True
    is_patch: bool = False
    fills_in: bool = False
    is_followed: bool = False
    talos_version: str | None = None


def named_files(names: Iterable[str], options: IntakeOptions) -> list[Candidate]:
    """The files that names stand for, each once."""
    version = options["talos_version"]
    files = find_files(names, options["exclude"])
    return [Candidate(name, is_there, talos_version=version) for name, is_there in files]


def candidates(names: Iterable[str], options: IntakeOptions, *, follows: bool = True) -> list[Candidate]:
    """The files that names stand for, each once, and for what their carriers use them.

    ``follows``: a carrier is followed by the files it names, unless these are there.
    """
    version, exclude = options["talos_version"], options["exclude"]
    found = named_files(names, options)
    named: dict[str, Candidate] = {}
    places: dict[str, list[str]] = {}
    folders: dict[str, Recognition] = {}
    for name, carrier in _carriers(found):
        if not carrier.patches and carrier.talos_version:
            folders[os.path.join(os.path.dirname(_key(name)), "")] = carrier
        for file in _named_by(name, carrier):
            if not excluded(file.name, exclude):
                named.setdefault(_key(file.name), file)
                places.setdefault(name, []).extend([_key(file.name)] if follows else [])
    placed = _placed(found, named, places) if named else found
    innermost = sorted(folders, key=len, reverse=True)
    within = (_within(candidate, next(iter(_above(candidate, innermost, folders)), None)) for candidate in placed)
    return [candidate._replace(talos_version=version or candidate.talos_version) for candidate in within]


def _above(candidate: Candidate, innermost: Iterable[str], folders: dict[str, Recognition]) -> Iterator[Recognition]:
    """The carriers in whose folders a file is, the nearest first."""
    key = _key(candidate.name) if folders else ""
    return (folders[folder] for folder in innermost if key.startswith(folder))


def _within(candidate: Candidate, carrier: Recognition | None) -> Candidate:
    """A file as one for the Talos of the carrier in whose folder it is."""
    if carrier is None or candidate.is_patch:
        return candidate
    return candidate._replace(talos_version=carrier.talos_version, fills_in=carrier.fills_in)


def _placed(
    found: Sequence[Candidate], named: dict[str, Candidate], places: dict[str, list[str]]
) -> Iterator[Candidate]:
    known = {_key(candidate.name) for candidate in found}
    for candidate in found:
        as_patch = named.get(_key(candidate.name))
        yield as_patch._replace(name=candidate.name) if as_patch else candidate
        for key in places.get(candidate.name, ()):
            if key not in known:
                known.add(key)
                yield named[key]._replace(is_followed=True)


def _key(name: str) -> str:
    return os.path.realpath(name)


_CARRIER = re.compile(rb"cluster(?:Name|Endpoint)|kind[\"']?:\s*[\"']?(?:Cluster|ControlPlane|Workers|Machine)\b")
"""What stands in every carrier that names files, or is for what is in its folder."""


def _carriers(found: Iterable[Candidate]) -> Iterator[tuple[str, Recognition]]:
    """The carriers among the files; one that cannot be read twice names none."""
    for name in (candidate.name for candidate in found if candidate.is_there and not is_own(candidate.name)):
        try:
            data = read_bytes(name)
        except OSError:
            continue  # which is said when it is to be judged
        if _CARRIER.search(data.replace(b"\0", b"")) and not unrendered_form(name, data):
            recognised = recognise(data, filename=name)
            if recognised.form == "carrier":
                yield name, recognised


def _named_by(name: str, carrier: Recognition) -> Iterator[Candidate]:
    """The files that a carrier names; those that are not there are named on stderr."""
    version = carrier.talos_version or None
    for patch in carrier.patches:
        path = os.path.normpath(os.path.join(os.path.dirname(name), patch.file))
        if not patch.file or (patch.fills_in and has_placeholder(patch.file)):
            continue
        if os.path.isfile(path):
            yield Candidate(path, is_patch=True, fills_in=patch.fills_in, talos_version=version)
        else:
            complain(f"names {path}, and there is no such file", f"{name}:{patch.span.line}:{patch.span.column}")
