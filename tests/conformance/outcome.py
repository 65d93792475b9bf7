"""What this library says about a recorded input, set beside what Talos said, aspect by aspect."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry import (
    InvalidReferenceError,
    MachineConfig,
    OpaqueDocument,
    PatchError,
    Reference,
    Severity,
    TalosRegistryError,
    apply_patches,
    emit,
    parse,
    redact,
)
from talos_registry.documents import kinds, legacy
from talos_registry.documents.encoder import canonical, encoded_member
from talos_registry.documents.shapes import REDACTED_KEY
from talos_registry.goyaml import write
from talos_registry.goyaml.representer import from_value, natural_key
from talos_registry.versions import release_of

if TYPE_CHECKING:
    from talos_registry.loading.verdict import Entry
    from talos_registry.versions import Release

Row = dict[str, Any]
LEGACY_KIND = "v1alpha1"
ACCEPTED = "accepted"
REFUSALS = frozenset({"verdict", "error text", "yaml wording"})
"""The aspects of whole configs in which at least one of the two refuses."""
DECODE_ERROR = "decode error: "
_OURS = "registries|v1alpha1\\.Config: |image cache|Registry|ImageCache"
_FOREIGN = re.compile(rf"\t\* (?!{_OURS})")
"""A point of a validation error about what this library carries and does not judge."""
_ENTRIES = re.compile(r"(?:\t\* registries[^\n]*\n)+")
"""Talos 1.12 and 1.13 go through maps here, in a random order."""
_DOCUMENTS = re.compile(r"\t\* ((?:image cache|Registry|ImageCache).*?)(?=\n\t\* |\n\n\Z)", re.DOTALL)


class Difference(NamedTuple):
    """An aspect in which the two disagree."""

    aspect: str
    talos: Any
    ours: Any


def source(row: Row) -> str | bytes:
    """The text or the bytes of an input."""
    found: str | bytes = base64.b64decode(row["b64"]) if "b64" in row else row["in"]
    return found


def differences(row: Row, talos_version: str) -> list[Difference]:
    """Where this library disagrees with the recorded outcome of a row."""
    return [
        Difference(aspect, theirs, ours)
        for aspect, theirs, ours in _OPERATIONS[row["op"]](row, row["expect"], talos_version)
        if theirs != ours
    ]


# Loading


def _load(row: Row, expect: Row, talos_version: str) -> list[Difference]:
    config = parse(source(row), talos_version=talos_version)
    refused = any(one.severity is Severity.ERROR for one in config.diagnostics)
    if "panic" in expect:
        return [Difference("verdict", "refused", "refused" if refused else "accepted")]
    said = expected_error(expect)
    compared = [Difference("verdict", "refused" if said else "accepted", "refused" if refused else "accepted")]
    if is_yaml_wording(said, config.talos_error):
        compared.append(Difference("yaml wording", said, config.talos_error))
    else:
        compared.append(Difference("error text", said, config.talos_error))
    if "documents" in expect:
        compared.append(Difference("values", [_set_members(one) for one in expect["documents"]], _values(config)))
    if "encoded" in expect:
        emitted = emit(config.documents, talos_version=talos_version)
        compared.append(Difference("emitted", expect["encoded"], readable(emitted)))
    if "redacted" in expect:
        compared.append(Difference("redacted", masked(expect["redacted"]), masked(_redacted(config))))
    return compared


def _redacted(config: MachineConfig) -> str:
    """The redacted text as Talos would write it once it has read it, or why there is none."""
    try:
        text = redact(config, "REDACTED")
    except TalosRegistryError as error:
        return str(error)
    after = parse(text, talos_version=config.talos_version)
    emitted: str = readable(emit(after.documents, talos_version=config.talos_version))
    return emitted


def masked(text: str) -> str:
    """A config without what only this library redacts: user and password in URLs and names, private keys in certificates."""
    text = re.sub(r"((?:- url|\bname): )(\S*?//)?[^/?#\n]*@", r"\1\2***@", text)
    return _KEY_ALONE.sub(": REDACTED", _KEY_LINES.sub(r"\1REDACTED", text))


_KEY = r"[A-Z ]*PRIVATE KEY-----"
_KEY_LINES = re.compile(rf"(?m)^( +)-----BEGIN {_KEY}(?:\n\1.*)*?(?:\n\1-----END {_KEY}|(?!\n\1))")
_KEY_ALONE = re.compile(r": \|-?\n( +)REDACTED(?=\n(?!\1)|\Z)")


def is_yaml_wording(*said: str | None) -> bool:
    """Whether these are words for YAML that cannot be read; libyaml has its own for some of them."""
    return all(text is not None and text.startswith(DECODE_ERROR) for text in said)


def expected_error(expect: Row) -> str | None:
    """What Talos says, of all that it validates only about our part."""
    said: str | None = expect.get("load_error") or without_foreign(expect.get("validate_error", ""))
    return said


def without_foreign(said: str) -> str | None:
    """A validation error reduced to what it says about registries; None if that is nothing."""
    said = _ENTRIES.sub(lambda entries: "".join(sorted(entries[0].splitlines(keepends=True))), said)
    if not _FOREIGN.search(said):
        return said or None
    entries = re.findall(r"\t\* (registries[^\n]*)", said)
    points = [f"v1alpha1.Config: {_multierror(entries)}"] if entries else []
    points += _DOCUMENTS.findall(said)
    return _multierror(points) if points else None


def _multierror(points: list[str]) -> str:
    count = "1 error" if len(points) == 1 else f"{len(points)} errors"
    return f"{count} occurred:\n" + "".join(f"\t* {point}\n" for point in points) + "\n"


def _set_members(document: Row) -> Row:
    """A recorded document without what is derived from its URLs, and without what is not set."""
    endpoints = [_endpoint_members(endpoint) for endpoint in document.get("endpoints", ())]
    members: Row = without_unset({**document, "endpoints": endpoints})
    return members


def _endpoint_members(endpoint: Row) -> Row:
    members: Row = {name: endpoint[name] for name in ("url", "overridePath") if name in endpoint}
    return {**members, "url": members["url"] or ""}


def _values(config: MachineConfig) -> list[Row]:
    ordered = sorted(config.documents, key=lambda document: document.kind != LEGACY_KIND)
    return [without_unset(readable(_document_values(document))) for document in ordered]


def without_unset(value: Any) -> Any:
    """A value without the members that are not set: what is recorded has them as empty."""
    if isinstance(value, dict):
        members = {key: without_unset(member) for key, member in value.items()}
        return {key: member for key, member in members.items() if member not in (None, "", [])}
    return [without_unset(item) for item in value] if isinstance(value, list) else value


def _document_values(document: Any) -> Row:
    if isinstance(document, OpaqueDocument):
        return {"apiVersion": document.api_version, "kind": document.kind}
    members: Row = document.to_values()
    if members["kind"] == "ImageCacheConfig":
        members.update(members.pop("local"))
    return members


def readable(value: Any) -> Any:
    """A value as JSON can record it: a byte that is no text becomes U+FFFD, as Go's encoder makes it."""
    if isinstance(value, str):
        return re.sub("[\udc80-\udcff]", "\ufffd", value)
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    return [readable(item) for item in value] if isinstance(value, list) else value


# References and URLs


def _reference(row: Row, expect: Row, _talos_version: str) -> list[Difference]:
    try:
        reference = Reference.parse(row["in"])
    except InvalidReferenceError as error:
        return [Difference("reference", expect, {"error": str(error)})]
    fields = {"normalized": str(reference), **reference._asdict()}
    return [Difference("reference", expect, {name: value for name, value in fields.items() if value is not None})]


# Patches


def _patch(row: Row, expect: Row, talos_version: str) -> list[Difference]:
    """Where Talos crashes, any refusal is right."""
    said = patch_error(expect)
    try:
        result = apply_patches(parse(source(row), talos_version=talos_version), row["patch"])
    except PatchError as error:
        ours = readable(str(error))
        if "panic" in expect:
            return []
        aspect = "yaml wording" if is_yaml_wording(said, ours) else "patch error"
        return [Difference(aspect, said if said is not None else expect, ours)]
    if said is not None:
        return [Difference("patch error", said, result.text)]
    if "encoded" in expect:
        return [Difference("patched", expect["encoded"], readable(emit(result.documents, talos_version=talos_version)))]
    compared = [Difference("patched", [_set_members(one) for one in expect["documents"]], _values(result))]
    if "legacy" in expect:
        compared.append(Difference("patched legacy section", expect["legacy"], _legacy(result, talos_version)))
    return compared


def _legacy(config: MachineConfig, talos_version: str) -> Row:
    """What the kind-less document says about registries, as the oracle describes it."""
    values = next(entry.values for entry in config.entries if entry.kind == LEGACY_KIND) or {}
    machine = values.get("machine")
    if machine is None:
        return {}
    struct: Any = legacy.config(release_of(talos_version)).fields["machine"]
    registries = encoded_member(struct.fields["registries"], _reencoded(machine.get("registries")))
    sections = {name: {key: of[key] for key in sorted(of, key=natural_key)} for name, of in registries.items()}
    said: Row = {"registries": write(from_value(sections, release_of(talos_version)))}
    cache = (machine.get("features") or {}).get("imageCache")
    return said if cache is None else {**said, "image_cache": cache.get("localEnabled")}


def _reencoded(registries: Any) -> Any:
    """The section with base64 as Talos writes it: this library keeps the text, Talos the bytes that it means."""
    if isinstance(registries, dict):
        return {key: _canonical(key, value) for key, value in registries.items()}
    return registries


def _canonical(key: str, value: Any) -> Any:
    if key in {"ca", "crt", "key"} and isinstance(value, str) and value != REDACTED_KEY:
        return base64.b64encode(base64.b64decode(value)).decode()
    return _reencoded(value)


def patch_error(expect: Row) -> str | None:
    """What Talos says about patches that it does not apply, in whichever step; None if it does."""
    steps = ("patch_error", "load_error", "apply_error", "result_error", "panic")
    return next((expect[step] for step in steps if step in expect), None)


# Whole configs


def whole(config: MachineConfig) -> str:
    """All of a config as Talos would write it, comments disabled."""
    entries = sorted((one for one in config.entries if one.kind), key=lambda one: one.kind != LEGACY_KIND)
    encoded: str = readable("---\n".join(_written(one, config.release) for one in entries))
    return encoded


def _written(entry: Entry, release: Release) -> str:
    struct = kinds.struct_of(entry.kind, release)
    assert struct is not None, entry.kind
    return write(from_value(canonical(struct, entry.values or {}), release))


def _whole_load(row: Row, expect: Row, talos_version: str) -> list[Difference]:
    config = parse(source(row), talos_version=talos_version)
    said = expect.get("load_error")
    ours = None if config.loads else config.talos_error
    if "panic" in expect or "encode_error" in expect:
        return []
    if said is None and ours is None:
        return [Difference("encoded", expect["encoded"], whole(config))]
    return [_refusal(said, ours)]


def _refusal(said: str | None, ours: str | None) -> Difference:
    if said is None or ours is None:
        return Difference("verdict", said or ACCEPTED, ours or ACCEPTED)
    return Difference("yaml wording" if is_yaml_wording(said, ours) else "error text", said, ours)


def _whole_patch(row: Row, expect: Row, talos_version: str) -> list[Difference]:
    said = expect.get("error")
    if "panic" in expect or "encode_error" in expect:
        said = said or "a crash"
    config = parse(source(row), talos_version=talos_version)
    try:
        text = apply_patches(config, row["patch"]).text
    except PatchError as error:
        return [] if said == "a crash" else [_refusal(said, readable(str(error)))]
    if said is not None:
        return [_refusal(said, None)]
    return [Difference("encoded", expect["encoded"], whole(parse(text, talos_version=talos_version)))]


def _redact_whole(row: Row, expect: Row, talos_version: str) -> list[Difference]:
    """Only of what loads."""
    if "encoded" not in expect:
        return []
    config = parse(source(row), talos_version=talos_version)
    try:
        ours = whole(parse(redact(config, "REDACTED"), talos_version=talos_version))
    except TalosRegistryError as error:
        ours = str(error)
    return [Difference("redacted", masked(expect["encoded"]), masked(ours))]


_OPERATIONS = {
    "load": _load,
    "patch": _patch,
    "reference": _reference,
    "whole-load": _whole_load,
    "whole-patch": _whole_patch,
    "redact-whole": _redact_whole,
}
