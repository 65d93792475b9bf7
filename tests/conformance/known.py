"""The disagreements with Talos that are known, and what they are recognised by; tests/oracle/README.md explains each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from talos_registry import parse
from talos_registry.documents import KINDS
from talos_registry.goyaml.composer import Source, Tree, documents
from talos_registry.goyaml.nodes import Mapping, pairs
from talos_registry.versions import release
from tests.conformance.outcome import DECODE_ERROR, Difference, differences, expected_error, patch_error, source

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry.goyaml.nodes import Node

__all__ = ["KNOWN", "reason", "unexplained"]

Row = dict[str, Any]


class Case(NamedTuple):
    """A difference, and what both sides say about the input: the error texts, empty where it is accepted."""

    row: Row
    difference: Difference
    talos: str
    ours: str
    talos_version: str


def unexplained(row: Row, talos_version: str) -> list[Difference]:
    """The differences of a row that are not known."""
    return [one for one in differences(row, talos_version) if reason(row, one, talos_version) is None]


def reason(row: Row, difference: Difference, talos_version: str) -> str | None:
    """Why a disagreement is expected, None when it is not."""
    talos = ours = None
    if row["op"] == "load":
        talos, ours = expected_error(row["expect"]), parse(source(row), talos_version=talos_version).talos_error
    if row["op"] == "patch":
        talos, ours = patch_error(row["expect"]), None if difference.aspect.startswith("patched") else difference.ours
    case = Case(row, difference, talos or "", ours or "", talos_version)
    return next((why for why, applies in KNOWN.items() if applies(case)), None)


# YAML


_ODD_INDICATOR = re.compile(r"[\[{,]\s*[?:](?!\s)|:[,\]}?\[{]|[?:]\s*[\]}]")
_FLOW_QUESTION = re.compile(r"[\[{,]\s*\?")
_NO_TEXT = re.compile("control characters|UTF-8|Unicode character")
_BAD_TAG = re.compile("did not find expected (?:whitespace or line break|tag URI)")


def _is_wording(case: Case) -> bool:
    return case.difference.aspect == "yaml wording"


def _has_odd_indicator(case: Case) -> bool:
    if case.row["op"] not in {"load", "patch"}:
        return False
    text = "\n".join(Source.of(one).text for one in (source(case.row), *case.row.get("patch", ())))
    if case.ours.startswith(DECODE_ERROR) != case.talos.startswith(DECODE_ERROR):
        return _ODD_INDICATOR.search(text) is not None
    return _FLOW_QUESTION.search(text) is not None


def _stops_being_text(case: Case) -> bool:
    return any(said.startswith(DECODE_ERROR) and _NO_TEXT.search(said) for said in (case.talos, case.ours))


def _has_flow_indicator_in_tag(case: Case) -> bool:
    return case.talos_version == "1.12" and _BAD_TAG.search(case.ours) is not None


def _spells_a_key_twice(case: Case) -> bool:
    return "already set in type" in case.talos and "already set in type" not in case.ours


def _is_odd_null(case: Case) -> bool:
    return "unexpected type for yaml " in case.talos or "!!null `` into *" in case.talos


# Unknown keys


_UNKNOWN = "unknown keys found during decoding:"
_COMMENT_OR_ANCHOR = re.compile(r"^ *#.*\n| *#.*$|&.*$", re.MULTILINE)
_KINDLESS = re.compile(r"error decoding document [^\n]*/v1alpha1/")


def _comments_unknown_keys(case: Case) -> bool:
    bare = [_COMMENT_OR_ANCHOR.sub("", said) for said in (case.talos, case.ours) if _UNKNOWN in said]
    return len(bare) == 2 and bare[0] == bare[1]


def _is_about_foreign_parts(case: Case) -> bool:
    if case.row["op"] == "patch" and case.ours.startswith("this tool cannot patch machine"):
        return True
    if not _KINDLESS.match(case.talos):
        return False
    sources = [Source.of(one) for one in (source(case.row), *case.row.get("patch", ()))]
    items = [item for one in sources for item in documents(one, release(case.talos_version))]
    return any(_is_foreign(item.root) for item in items if isinstance(item, Tree))


def _is_foreign(root: Node) -> bool:
    """Whether a kind-less document holds more than this library decodes."""
    machine = _member(root, "machine")
    others = {*_keys(root)} & {"cluster", "debug", "persist"}
    others |= {*_keys(machine)} - {"registries", "features"}
    return bool(others | ({*_keys(_member(machine, "features"))} - {"imageCache"}))


def _keys(node: Node | None) -> list[str]:
    return [key.value for key in node.content[::2]] if isinstance(node, Mapping) else []


def _member(node: Node | None, name: str) -> Node | None:
    return next((value for key, value in pairs(node) if key.value == name), None) if isinstance(node, Mapping) else None


# Patches


def _deletes_what_is_missing(case: Case) -> bool:
    return "cannot write a config after a patch deletes from" in case.ours and case.talos_version in {"1.12", "1.13"}


def _cannot_be_read_again(case: Case) -> bool:
    """Talos hands out a config that it refuses when it reads it; this library refuses the patch."""
    encoded = case.row["expect"].get("encoded", "") if case.row["op"] == "patch" else ""
    return bool(case.ours) and parse(encoded, talos_version=case.talos_version).talos_error == case.ours


def _holds_what_json_cannot_carry(case: Case) -> bool:
    """DEL and the control characters after it: the YAML library that Talos has for JSON refuses them."""
    return "from json to yaml: yaml: control characters are not allowed" in case.talos


def _has_no_room_for_the_change(case: Case) -> bool:
    return case.ours.startswith("this tool cannot write the change into the v1alpha1 document")


def _cannot_be_written(case: Case) -> bool:
    """Text that begins with a tab and has more than one line: what Talos writes for it is no YAML."""
    patches = "".join(map(str, case.row.get("patch", ()))) + str(case.row.get("in", ""))
    refused = "this tool cannot write" in case.ours or "found a tab character" in case.ours + case.talos
    return case.row["op"] == "patch" and refused and "\\t" in patches


def _counts_lines_it_does_not_write(case: Case) -> bool:
    """A JSON Patch of the kind-less document: Talos writes all of it out first, this library only its part."""
    bare = [re.sub(r"line \d+", "line", said) for said in (case.talos, case.ours)]
    return case.row["op"] == "patch" and "v1alpha1" in case.talos and bare[0] == bare[1]


# Certificates and keys


_PARSED = re.compile(r"(failed to parse (?:certificate|key): )[^\n]*")
_X509 = re.compile(
    r"(?:ca must be a valid|client identity (?:certificate|key) is invalid: failed to parse (?:certificate|key))[^\n]*\n"
)


def _words_damage_otherwise(case: Case) -> bool:
    return bool(case.talos and case.ours) and _PARSED.sub(r"\1", case.talos) == _PARSED.sub(r"\1", case.ours)


def _takes_what_is_damaged(case: Case) -> bool:
    return case.talos != case.ours and _without_x509(case.talos) == _without_x509(case.ours)


def _without_x509(said: str) -> str:
    left = re.sub(r"\d+ errors? occurred", "", _X509.sub("", said))
    return re.sub(r"\t\* RegistryTLSConfig/[^\n]*: (?=\n|\Z)", "", left).strip(":\n\t ")


# Redaction


def _secret_names_the_version(case: Case) -> bool:
    return case.difference.aspect == "redacted" and "give every document its apiVersion" in case.difference.ours


# References


def _has_underscore_in_host(case: Case) -> bool:
    return case.row["op"] == "reference" and bool(case.difference.talos.get("registry_host") == "")


def _carries_other_kinds(case: Case) -> bool:
    """Whether the two say the same, and only documents that are carried are laid out otherwise."""
    if case.difference.aspect not in {"emitted", "redacted", "patched"}:
        return False
    theirs, ours = (re.split("(?m)^---\n", str(said)) for said in (case.difference.talos, case.difference.ours))
    differing = [(one, other) for one, other in zip(theirs, ours, strict=False) if one != other]
    return len(theirs) == len(ours) and all(_is_same_other_kind(one, other) for one, other in differing)


def _is_same_other_kind(one: str, other: str) -> bool:
    said = yaml.safe_load(one)
    return isinstance(said, dict) and said.get("kind") not in KINDS and said == yaml.safe_load(other)


KNOWN: dict[str, Callable[[Case], bool]] = {
    "words for broken YAML": _is_wording,
    "an indicator that touches another in flow style": _has_odd_indicator,
    "where a file stops being text": _stops_being_text,
    "flow indicators in a tag": _has_flow_indicator_in_tag,
    "a key in two spellings, the first without a value": _spells_a_key_twice,
    "a key that is null, a collection tagged as null": _is_odd_null,
    "comments and anchors within unknown keys": _comments_unknown_keys,
    "parts of the kind-less document that are not about registries": _is_about_foreign_parts,
    "the layout of documents of other kinds": _carries_other_kinds,
    "a deletion from a document that is missing": _deletes_what_is_missing,
    "a result that Talos cannot read again": _cannot_be_read_again,
    "text that Talos cannot write": _cannot_be_written,
    "control characters under a JSON Patch": _holds_what_json_cannot_carry,
    "a kind-less document with no room for the change": _has_no_room_for_the_change,
    "lines of the kind-less document after a JSON Patch": _counts_lines_it_does_not_write,
    "words for a damaged certificate or key": _words_damage_otherwise,
    "a damaged certificate or key that only one of the two takes": _takes_what_is_damaged,
    "a secret that stands in for the apiVersion": _secret_names_the_version,
    "a registry host with an underscore": _has_underscore_in_host,
}
