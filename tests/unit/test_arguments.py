"""A wrong type is one sentence that says what to pass instead, and shows nothing of the value."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import talos_registry
from talos_registry import (
    OpaqueDocument,
    PatchError,
    RegistryMirrorConfig,
    RegistrySet,
    Severity,
    emit,
    parse,
    parse_patch,
    render_cri_auth,
    render_hosts,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = """# caches
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints: [{url: http://10.5.0.1:5000}]
"""
CONFIG = parse(TEXT)
MIRROR = RegistryMirrorConfig(name="docker.io", endpoints=["http://10.5.0.1:5000"])
SECRET = "hunter2"
AT_HAND: Any = talos_registry  # whose functions are given what no type checker lets pass


def check(_: object) -> list[Any]:
    return []


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "parse a path": (
        lambda: AT_HAND.parse(Path(SECRET)),
        r"parse takes the text or the bytes of a file, not PosixPath; pass what its read_bytes\(\) returns",
    ),
    "parse a file": (
        lambda: AT_HAND.parse(io.StringIO(SECRET)),
        r"parse takes the text or the bytes of a file, not StringIO; pass what its read\(\) returns",
    ),
    "parse nothing": (lambda: AT_HAND.parse(None), "parse takes the text or the bytes of a file, not None"),
    "parse a config": (
        lambda: AT_HAND.parse(CONFIG),
        "parse takes the text or the bytes of a file, not MachineConfig",
    ),
    "parse with a path as name": (
        lambda: AT_HAND.parse("", filename=Path("a.yaml")),
        "parse takes the filename as text, not PosixPath",
    ),
    "parse a patch": (lambda: AT_HAND.parse_patch(Path(SECRET)), "parse_patch takes the text or the bytes .*read_bytes.*"),
    "recognise a path": (lambda: AT_HAND.recognise(Path(SECRET)), "recognise takes the text or the bytes .*read_bytes.*"),
    "a number as version": (
        lambda: AT_HAND.parse("", talos_version=1.14),
        'a Talos version is text such as "1.14", not float',
    ),
    "resolve in a text": (
        lambda: AT_HAND.resolve("nginx", TEXT, puller="cri"),
        "resolve takes a RegistrySet or a MachineConfig, not str; parse it first",
    ),
    "resolve in a document": (
        lambda: AT_HAND.resolve("nginx", MIRROR, puller="cri"),
        "resolve takes a RegistrySet or a MachineConfig, not RegistryMirrorConfig",
    ),
    "resolve a number": (
        lambda: AT_HAND.resolve(1, CONFIG, puller="cri"),
        "Reference.parse takes an image reference as text, not int",
    ),
    "hosts of a text": (
        lambda: AT_HAND.render_hosts(TEXT),
        "render_hosts takes a RegistrySet or a MachineConfig, not str; parse it first",
    ),
    "credentials of nothing": (
        lambda: AT_HAND.render_cri_auth(None),
        "render_cri_auth takes a RegistrySet or a MachineConfig, not None",
    ),
    "emit a text": (lambda: AT_HAND.emit(SECRET), "emit takes documents or a MachineConfig, not str"),
    "emit nothing": (lambda: AT_HAND.emit(None), "emit takes documents or a MachineConfig, not None"),
    "emit values": (lambda: AT_HAND.emit([{}]), "emit takes documents or a MachineConfig, not dict"),
    "emit endpoints": (
        lambda: AT_HAND.emit(MIRROR.endpoints),
        "emit takes documents or a MachineConfig, not RegistryEndpoint",
    ),
    "lint a text": (lambda: AT_HAND.lint(TEXT), "lint takes a MachineConfig, not str; parse it first"),
    "lint texts": (lambda: AT_HAND.lint([CONFIG, TEXT]), "lint takes a MachineConfig, not str; parse it first"),
    "lint nothing": (lambda: AT_HAND.lint(None), "lint takes a MachineConfig, not None"),
    "an image": (
        lambda: AT_HAND.lint(CONFIG, images="nginx"),
        "lint takes images as a collection, not str; put the one you have into a list",
    ),
    "a number as image": (lambda: AT_HAND.lint(CONFIG, images=[1]), "Reference.parse takes an image .*, not int"),
    "a code to select": (
        lambda: AT_HAND.lint(CONFIG, select="doubled-v2"),
        "lint takes select as a collection of codes, not str; put the one you have into a list",
    ),
    "a code to ignore": (
        lambda: AT_HAND.lint(CONFIG, ignore="doubled-v2"),
        "lint takes ignore as a collection of codes, not str; put the one you have into a list",
    ),
    "a day": (lambda: AT_HAND.lint(CONFIG, now=date(2026, 1, 1)), "lint takes now as a datetime, not date"),
    "a rule": (
        lambda: AT_HAND.lint(CONFIG, rules=AT_HAND.Rule("a", Severity.INFO, check)),
        "lint takes rules as a collection, not Rule",
    ),
    "a function as rule": (lambda: AT_HAND.lint(CONFIG, rules=[check]), "lint takes rules of the class Rule, not function"),
    "fix a text": (lambda: AT_HAND.fix(TEXT), "fix takes a MachineConfig, not str; parse it first"),
    "fix for an image": (lambda: AT_HAND.fix(CONFIG, images="nginx"), "fix takes images as a collection, not str; .*"),
    "format a text": (lambda: AT_HAND.format_config(TEXT), "format_config takes a MachineConfig, not str; parse it first"),
    "append to a text": (lambda: AT_HAND.append(TEXT, MIRROR), "append takes a MachineConfig, not str; parse it first"),
    "append a text": (lambda: AT_HAND.append(CONFIG, TEXT), "append takes documents of the typed kinds, not str"),
    "append a list": (
        lambda: AT_HAND.append(CONFIG, [MIRROR]),
        r"append takes documents of the typed kinds, not list; put a star before .*append\(config, \*documents\)",
    ),
    "append what has no type": (
        lambda: AT_HAND.append(CONFIG, OpaqueDocument()),
        "append takes documents of the typed kinds, not OpaqueDocument",
    ),
    "redact a text": (lambda: AT_HAND.redact(TEXT), "redact takes a MachineConfig, not str; parse it first"),
    "find secrets in bytes": (
        lambda: AT_HAND.find_secrets(b""),
        "find_secrets takes a MachineConfig, not bytes; parse it first",
    ),
    "migrate a text": (lambda: AT_HAND.migrate(TEXT), "migrate takes a MachineConfig, not str; parse it first"),
    "a migration of nothing": (lambda: AT_HAND.migration_patch(None), "migration_patch takes a MachineConfig, not None"),
    "patch a text": (lambda: AT_HAND.apply_patches(TEXT, []), "apply_patches takes a MachineConfig, not str; parse it first"),
    "apply a text": (
        lambda: AT_HAND.apply_patches(CONFIG, TEXT),
        "apply_patches takes the texts of patches as a collection, not str; put the one you have into a list",
    ),
    "apply a config": (
        lambda: AT_HAND.apply_patches(CONFIG, [CONFIG]),
        "apply_patches takes the texts of patches, not MachineConfig; pass its text",
    ),
    "apply a path": (lambda: AT_HAND.apply_patches(CONFIG, [Path("a")]), "apply_patches takes the text .*read_bytes.*"),
    "effects of a text": (
        lambda: AT_HAND.patch_effects(CONFIG, TEXT),
        "patch_effects takes the texts of patches as a collection, not str; put the one you have into a list",
    ),
    "a patch of texts": (lambda: AT_HAND.make_patch(TEXT, CONFIG), "make_patch takes a MachineConfig, not str; parse it .*"),
    "a schema as text": (
        lambda: AT_HAND.check_schema(CONFIG, "{}"),
        "check_schema takes the schema as a mapping, not str; load its JSON first",
    ),
    "a schema by its place": (lambda: AT_HAND.check_schema(CONFIG, Path("a")), "check_schema takes .*, not PosixPath; .*"),
    "check a text": (lambda: AT_HAND.check_schema(TEXT, {}), "check_schema takes a MachineConfig, not str; parse it first"),
    "requests of a text": (
        lambda: AT_HAND.request_sequence("nginx"),
        "request_sequence takes a plan of resolve, not str",
    ),
    "a host that is down": (
        lambda: AT_HAND.request_sequence(resolve("nginx", CONFIG, puller="cri"), down="10.5.0.1:5000"),
        "request_sequence takes down as a collection of hosts, not str; put the one you have into a list",
    ),
    "a schema of a number": (lambda: AT_HAND.json_schema(1), "json_schema takes a kind as text, not int"),
    "explain a number": (lambda: AT_HAND.explain(1), "explain takes a code as text, not int"),
    "mask an error": (lambda: AT_HAND.mask_secrets(PatchError(SECRET)), "mask_secrets takes text, not PatchError"),
    "mask no error": (lambda: AT_HAND.mask_secrets(CONFIG.talos_error), "mask_secrets takes text, not None"),
    "a code as number": (lambda: AT_HAND.Rule(1, Severity.INFO, check), "Rule takes a code as text, not int"),
    "a rule without a function": (lambda: AT_HAND.Rule("a", Severity.INFO, "x"), "Rule takes a function as check, not str"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_type_is_one_sentence(name: str) -> None:
    call, message = WRONG[name]
    with pytest.raises(TypeError, match=f"^{message}$") as raised:
        call()
    assert SECRET not in str(raised.value)


def test_a_time_needs_its_zone() -> None:
    with pytest.raises(ValueError, match="now needs a time zone"):
        AT_HAND.lint(CONFIG, now=datetime(2026, 1, 1))  # noqa: DTZ001 - what is tested


# What is taken in more than one form


@pytest.mark.parametrize("puller", ["talos", "cri"])
def test_a_config_stands_for_its_registries(puller: Any) -> None:
    assert resolve("nginx", CONFIG, puller=puller) == resolve("nginx", CONFIG.registries, puller=puller)
    assert render_hosts(CONFIG) == render_hosts(CONFIG.registries)
    assert render_cri_auth(CONFIG) == render_cri_auth(CONFIG.registries)


def test_a_config_is_resolved_for_its_talos() -> None:
    older = parse(TEXT, talos_version="1.12")
    of_older = resolve("nginx", older, puller="talos").attempts[0]
    assert of_older.capabilities == {"pull", "resolve"}
    assert (
        resolve("nginx", older, puller="talos", talos_version="1.14").attempts[0].capabilities > of_older.capabilities
    )
    assert resolve("nginx", RegistrySet.of(), puller="talos").attempts[0].capabilities > of_older.capabilities


def test_one_document_or_a_config_is_emitted() -> None:
    text = emit([MIRROR])
    assert emit(MIRROR) == text
    assert emit(document for document in [MIRROR]) == text
    assert emit(CONFIG) == text
    assert emit(OpaqueDocument(kind="v1alpha1", text="machine: {}\n")) == "machine: {}\n"
    assert emit(parse_patch("machine: {}\n")) == "machine: {}\n"
    assert emit([]) == ""


def test_a_config_is_emitted_for_its_talos() -> None:
    def text(version: str) -> str:
        return f"apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\nusername: {written[version]}\n"

    written = {"1.12": '"on"', "1.14": "'on'"}
    for version in written:
        assert emit(parse(text("1.14"), talos_version=version)) == text(version)
    assert emit(parse(text("1.14"), talos_version="1.12"), talos_version="1.14") == text("1.14")
