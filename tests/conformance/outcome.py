"""What this library says about a recorded input, set beside what Talos said, aspect by aspect."""

from __future__ import annotations

import base64
import re
from typing import Any, NamedTuple

from talos_registry import (
    InvalidReferenceError,
    MachineConfig,
    OpaqueDocument,
    Reference,
    Severity,
    emit,
    parse,
)
from talos_registry.source import Mapping, Node, Source, Tree, pairs, read

Row = dict[str, Any]
LEGACY_KIND = "v1alpha1"
_DECODE_ERROR = "decode error: "
# What Talos says about parts of the kind-less document that this library does not judge.
_FOREIGN = re.compile(r"\t\* (?!registries|v1alpha1\.Config|image cache|Registry|ImageCache)[^\n]*\n")
_NOTHING_LEFT = re.compile(r"\t\* v1alpha1\.Config: \d+ errors? occurred:\n\n\n")


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
    return compared


def is_yaml_wording(*said: str | None) -> bool:
    """Whether these are words for YAML that cannot be read; libyaml has its own for some of them."""
    return all(text is not None and text.startswith(_DECODE_ERROR) for text in said)


def expected_error(expect: Row) -> str | None:
    """What Talos says, of the kind-less document only about our part."""
    said: str | None = expect.get("load_error") or expect.get("validate_error")
    has_legacy = any(document["kind"] == LEGACY_KIND for document in expect.get("documents", ()))
    return without_foreign(said) if said and has_legacy else said


def without_foreign(said: str) -> str | None:
    """A validation error reduced to what it says about registries."""
    left = _NOTHING_LEFT.sub("", _FOREIGN.sub("", said))
    outer, inner = len(re.findall(r"^\t\* (?!registries)", left, re.MULTILINE)), left.count("\t* registries")
    counts = iter((outer, inner))
    left = re.sub(r"\d+ errors? occurred", lambda _: _counted(next(counts)), left)
    return left if "\t* " in left else None


def _counted(count: int) -> str:
    return "1 error occurred" if count == 1 else f"{count} errors occurred"


def _set_members(document: Row) -> Row:
    """A recorded document without what is derived from its URLs."""
    if "endpoints" not in document:
        return document
    return {**document, "endpoints": [_endpoint_members(endpoint) for endpoint in document["endpoints"]]}


def _endpoint_members(endpoint: Row) -> Row:
    members: Row = {name: endpoint[name] for name in ("url", "overridePath") if name in endpoint}
    return {**members, "url": members["url"] or ""}


def _values(config: MachineConfig) -> list[Row]:
    ordered = sorted(config.documents, key=lambda document: document.kind != LEGACY_KIND)
    return [readable(_document_values(document)) for document in ordered]


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


_OPERATIONS = {"load": _load, "reference": _reference}


# Disagreements that are known; tests/oracle/README.md says more of each


_PARSED = re.compile(r"(failed to parse (?:certificate|key): )[^\n]*")
_KINDLESS = re.compile(r"error decoding document [^\n]*/v1alpha1/")
_READER = re.compile(r"control characters|UTF-8|Unicode character")


def known(row: Row, difference: Difference, talos: str | None, ours: str | None) -> str | None:
    """Why a disagreement is expected, None when it is not; ``talos`` and ``ours`` are the error texts of both."""
    if difference.aspect == "yaml wording":
        return "words for broken YAML"
    if difference.aspect == "reference":
        return "a registry host with an underscore" if difference.talos.get("registry_host") == "" else None
    if ours and "found unexpected ':'" in ours:
        return "a colon before , ] or } in flow style"
    if talos and _KINDLESS.match(talos) and has_foreign_parts(row):
        return "parts of the kind-less document that are not about registries"
    if talos and ours and _PARSED.sub(r"\1", talos) == _PARSED.sub(r"\1", ours):
        return "words for a damaged certificate or key"
    if ours and "failed to parse key" in ours and "failed to parse key" not in (talos or ""):
        return "a damaged key that Go takes"
    if any(said and said.startswith(_DECODE_ERROR) and _READER.search(said) for said in (talos, ours)):
        return "text that stops being text, read in pieces of 512 bytes"
    return None


def has_foreign_parts(row: Row) -> bool:
    """Whether a kind-less document holds more than this library decodes."""
    return any(_is_foreign(item.root) for item in read(Source.of(source(row))) if isinstance(item, Tree))


def _is_foreign(root: Node) -> bool:
    machine = _member(root, "machine")
    others = {*_keys(root)} & {"cluster", "debug", "persist"}
    others |= {*_keys(machine)} - {"registries", "features"}
    return bool(others | ({*_keys(_member(machine, "features"))} - {"imageCache"}))


def _keys(node: Node | None) -> list[str]:
    return [key.value for key in node.content[::2]] if isinstance(node, Mapping) else []


def _member(node: Node | None, name: str) -> Node | None:
    return next((value for key, value in pairs(node) if key.value == name), None) if isinstance(node, Mapping) else None


def unexplained(row: Row, talos_version: str) -> list[Difference]:
    """The differences of a row that are not known."""
    found = differences(row, talos_version)
    talos = ours = None
    if found and row["op"] == "load":
        talos, ours = expected_error(row["expect"]), parse(source(row), talos_version=talos_version).talos_error
    return [difference for difference in found if known(row, difference, talos, ours) is None]
