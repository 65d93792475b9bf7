"""The configs of the pages of rules, with certificates made on the spot in place of ``{CA}`` and the like."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509

from talos_registry import LATEST, Diagnostic, import_settings, parse, recognise
from talos_registry.cli.intake import Skipped, not_a_talos_config
from talos_registry.linting import lint
from talos_registry.migration.to_documents import to_documents
from talos_registry.migration.to_legacy import to_legacy
from talos_registry.redaction import find_secrets
from talos_registry.schema import TalosSchema, check_schema
from tests.certificates import certificate, certificate_pem, key_pem, new_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry import MachineConfig
    from talos_registry.migration.outcome import Migration
    from tests.certificates import Key

__all__ = ["NOW", "Sample", "found", "sample"]

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Sample(NamedTuple):
    files: dict[str, str]
    talos_version: str
    images: tuple[str, ...]
    also: frozenset[str]
    with_schema: bool
    command: str


def sample(block: str) -> Sample:
    """The sample in a block of a page: its directives, and its files with certificates filled in."""
    values: dict[str, list[str]] = {"--talos-version": [], "--image": [], "--schema": [], "--command": [], "also:": []}
    files: dict[str, str] = {}
    name = "config.yaml"
    for line in re.sub(r"(?<!\$)\{([A-Z][A-Z0-9_]+)\}", lambda found: _spelled(found[1]), block).splitlines():
        directive = re.fullmatch(r"# (file:|--talos-version|--image|--schema|--command|also:) (\S+)", line)
        if directive is None:
            files[name] = files.get(name, "") + f"{line}\n"
        elif directive[1] == "file:":
            name = directive[2]
        else:
            values[directive[1]].append(directive[2])
    (version,) = values["--talos-version"] or [LATEST]
    (command,) = values["--command"] or ["lint"]
    also = frozenset(values["also:"])
    return Sample(files, version, tuple(values["--image"]), also, bool(values["--schema"]), command)


def found(one: Sample) -> tuple[Diagnostic, ...]:
    """What lint, or another command, says about a sample."""
    configs = [parse(text, filename=name, talos_version=one.talos_version) for name, text in one.files.items()]
    if one.command in COMMANDS:
        return COMMANDS[one.command](*configs)
    linted = lint(configs if len(configs) > 1 else configs[0], images=one.images, now=NOW)
    checked = configs if one.with_schema else ()
    return (*linted, *(mismatch for config in checked for mismatch in check_schema(config, _schema())))


def _told(migration: Migration) -> tuple[Diagnostic, ...]:
    return (*migration.stays, *migration.notes)


def _recognised(config: MachineConfig) -> tuple[Diagnostic, ...]:
    recognition = recognise(config.text)
    skipped = Skipped(config.filename, b"", recognition.what, is_foreign=True)
    return (not_a_talos_config(skipped),) if recognition.form == "foreign" else ()


def _imported(*configs: MachineConfig) -> tuple[Diagnostic, ...]:
    return import_settings({config.filename: config.text.encode() for config in configs}).diagnostics


COMMANDS: dict[str, Callable[..., tuple[Diagnostic, ...]]] = {
    "migrate": lambda config: _told(to_documents(config)),
    "migrate-to-legacy": lambda config: _told(to_legacy(config)),
    "redact": find_secrets,
    "recognise": _recognised,
    "import": _imported,
}


@cache
def _schema() -> TalosSchema:
    """A schema in the form of Talos' own."""
    file = Path(__file__).parents[1] / "data" / "talos.schema.json"
    return TalosSchema.of(json.loads(file.read_text(encoding="utf-8")))


def _spelled(name: str) -> str:
    """A PEM text within double quotes, or its base64."""
    if name.endswith("_BASE64"):
        return b64encode(_pems()[name.removesuffix("_BASE64")].encode()).decode()
    return _pems()[name].replace("\n", "\\n")


@cache
def _pems() -> dict[str, str]:
    key, other = new_key(), new_key()
    return {
        "CA": _certificate(key, is_ca=True),
        "EXPIRED_CA": _certificate(key, is_ca=True, days=(-20, -10)),
        "FUTURE_CA": _certificate(key, is_ca=True, days=(10, 20)),
        "SERVER_CERTIFICATE": _certificate(key, is_ca=False),
        "CLIENT_CERTIFICATE": _certificate(key, is_ca=False),
        "CLIENT_KEY": key_pem(key),
        "OTHER_KEY": key_pem(other),
    }


def _certificate(key: Key, *, is_ca: bool, days: tuple[int, int] = (-10, 10)) -> str:
    begin, end = (NOW + timedelta(days=count) for count in days)
    constraints = x509.BasicConstraints(ca=is_ca, path_length=None)
    return certificate_pem(certificate(key, valid=(begin, end), extensions=[constraints]))
