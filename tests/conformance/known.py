"""The disagreements with Talos that are known, and what they are recognised by; tests/oracle/README.md explains each."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from talos_registry import parse
from talos_registry.documents import KINDS
from talos_registry.goyaml import Source
from tests.conformance.outcome import (
    ACCEPTED,
    DECODE_ERROR,
    REFUSALS,
    Difference,
    differences,
    expected_error,
    patch_error,
    source,
)

if TYPE_CHECKING:
    from collections.abc import Callable

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
    if difference.aspect in REFUSALS and row["op"] in {"whole-load", "whole-patch"}:
        talos, ours = (None if said == ACCEPTED else said for said in (difference.talos, difference.ours))
    case = Case(row, difference, talos or "", ours or "", talos_version)
    return next((why for why, applies in KNOWN.items() if applies(case)), None)


# YAML

_ODD_KEY = re.compile(r"[\[{,:?]\s*\?\S")
_ODD_INDICATOR = re.compile(rf"[\[{{,]\s*:(?!\s)|:[,\]}}?\[{{]|[^\s\[{{,]\s*\?(?=\s|\Z)|{_ODD_KEY.pattern}")
_NO_TEXT = re.compile("control characters|UTF-8|Unicode character")
_BAD_TAG = re.compile("did not find expected (?:whitespace or line break|tag URI)")
_FLOW_IN_TAG = re.compile(r"!\S*[\[\]{},]")
_NO_DOCUMENT = re.compile(r"expected a YAML document at line \d+|error decoding document [^\n]*: missing kind")


def _is_wording(case: Case) -> bool:
    return case.difference.aspect == "yaml wording"


def _is_broken_after_what_is_no_document(case: Case) -> bool:
    """Both refuse: one what is no document, the other what is broken after it, which it has come to already."""
    first, second = sorted((case.talos, case.ours), key=_is_broken)
    return _NO_DOCUMENT.fullmatch(first) is not None and _is_broken(second)


def _has_odd_indicator(case: Case) -> bool:
    """An indicator that go-yaml takes for text, or the reverse: it is broken YAML to one of the two, or a ``?`` is no key."""
    if "in" not in case.row or case.row["op"] == "reference":
        return False
    of_one = _is_broken(case.ours) != _is_broken(case.talos)
    return any(_in_flow(_ODD_INDICATOR if of_one else _ODD_KEY, text) for text in _texts(case))


def _in_flow(pattern: re.Pattern[str], text: str) -> bool:
    opened = re.search(r"[\[{]", text)
    return opened is not None and pattern.search(text, opened.start()) is not None


def _stops_being_text(case: Case) -> bool:
    """Both refuse, at least one of them because of a character."""
    refusals = (case.talos, case.ours)
    return all(refusals) and any(_is_broken(said) and _NO_TEXT.search(said) for said in refusals)


def _has_flow_indicator_in_tag(case: Case) -> bool:
    is_bad = _is_broken(case.ours) and _BAD_TAG.search(case.ours) is not None
    return case.talos_version == "1.12" and is_bad and any(map(_FLOW_IN_TAG.search, _texts(case)))


def _spells_a_key_twice(case: Case) -> bool:
    """``!!binary`` is the one way to spell a key otherwise."""
    is_twice = "already set in type" in case.talos and "already set in type" not in case.ours
    return is_twice and any("!!binary" in text for text in _texts(case))


def _is_odd_null(case: Case) -> bool:
    return bool(case.ours) and ("unexpected type for yaml " in case.talos or "!!null `` into *" in case.talos)


def _is_patch(case: Case) -> bool:
    return "patch" in case.row


def _gives_up_on_a_manifest(case: Case) -> bool:
    """Inline manifests are read in two steps: Talos collects what ends the reading of one, and this library ends there."""
    _, found, words = case.ours.partition(" to *v1alpha1.Config: ")
    is_collected = bool(found) and case.talos != case.ours and words.removeprefix("yaml: ") in case.talos
    return is_collected and any("inlineManifests" in text for text in _texts(case))


def _is_broken(said: str) -> bool:
    return said.startswith(DECODE_ERROR)


def _texts(case: Case) -> list[str]:
    return [Source.of(one).text for one in (source(case.row), *case.row.get("patch", ()))]


# Unknown keys

_UNKNOWN = "unknown keys found during decoding:"
_AFTER_DASH = re.compile(r"(?<=- )#.*\n(?: *#.*\n)* *")
_COMMENT = re.compile(r"^ *#.*\n| *#.*$", re.MULTILINE)
_ANCHOR = re.compile(r"&\S* ?")


def _comments_unknown_keys(case: Case) -> bool:
    """The keys and values are the same; this library has dropped comments, or anchors are written otherwise."""
    if not (_UNKNOWN in case.talos and _UNKNOWN in case.ours):
        return False
    return _without_comments(case.talos) == _without_comments(case.ours)


def _without_comments(said: str) -> str:
    for pattern in (_AFTER_DASH, _COMMENT, _ANCHOR):
        said = pattern.sub("", said)
    return said


# Patches


def _deletes_what_is_missing(case: Case) -> bool:
    return "cannot write a config after a patch deletes from" in case.ours and case.talos_version in {"1.12", "1.13"}


def _cannot_be_read_again(case: Case) -> bool:
    """Talos hands out a config that it refuses when it reads it; this library refuses the patch."""
    encoded = case.row["expect"].get("encoded", "") if _is_patch(case) else ""
    again = parse(encoded, talos_version=case.talos_version).talos_error
    return again is not None and _reason(again) == _reason(case.ours)


def _reason(error_text: str) -> str:
    """What is wrong, without the place, which changes with the documents around it."""
    return error_text.rpartition(": ")[2]


def _holds_what_json_cannot_carry(case: Case) -> bool:
    """DEL and the control characters after it, line breaks among them: the YAML library that Talos has for JSON refuses them."""
    return "failure converting talos machine config from json to yaml: yaml: " in case.talos


def _has_no_room_for_the_change(case: Case) -> bool:
    return case.ours.startswith("this tool cannot write the change into the v1alpha1 document")


def _cannot_be_written(case: Case) -> bool:
    """Text that begins with a tab and has more than one line: what Talos writes for it is no YAML."""
    patches = "".join(map(str, case.row.get("patch", ()))) + str(case.row.get("in", ""))
    refused = "this tool cannot write" in case.ours or "found a tab character" in case.ours + case.talos
    return _is_patch(case) and refused and "\\t" in patches


def _counts_lines_it_does_not_write(case: Case) -> bool:
    """A JSON Patch of the kind-less document: Talos writes all of it out first, this library only its part."""
    bare = [re.sub(r"line \d+", "line", said) for said in (case.talos, case.ours)]
    is_line = case.talos != case.ours and bare[0] == bare[1]
    return _is_patch(case) and "v1alpha1" in case.talos and is_line


def _names_a_file(case: Case) -> bool:
    """A patch that begins with ``@``: Talos opens the file of that name, this library opens none."""
    is_missing = case.talos.startswith("open ") and case.talos.endswith(": no such file or directory")
    return is_missing and any(str(one).startswith("@") for one in case.row.get("patch", ()))


# Certificates and keys

_PARSED = re.compile(r"(failed to parse (?:certificate|key): )[^\n]*")
_X509 = re.compile(
    r"(?:ca must be a valid|client identity (?:certificate|key) is invalid: failed to parse (?:certificate|key))[^\n]*\n"
)


def _words_damage_otherwise(case: Case) -> bool:
    is_otherwise = case.difference.aspect == "error text" and bool(case.talos and case.ours)
    return is_otherwise and _PARSED.sub(r"\1", case.talos) == _PARSED.sub(r"\1", case.ours)


def _takes_what_is_damaged(case: Case) -> bool:
    """The two say the same but for certificates and keys, and about these one says more."""
    is_verdict = case.difference.aspect in {"verdict", "error text"}
    of_one = _X509.findall(case.talos) != _X509.findall(case.ours)
    return is_verdict and of_one and _without_x509(case.talos) == _without_x509(case.ours)


def _without_x509(said: str) -> str:
    left = re.sub(r"\d+ errors? occurred", "", _X509.sub("", said))
    return re.sub(r"\t\* RegistryTLSConfig/[^\n]*: (?=\n|\Z)", "", left).strip(":\n\t ")


# Redaction


def _secret_names_the_version(case: Case) -> bool:
    return case.difference.aspect == "redacted" and "give every document its apiVersion" in case.difference.ours


def _takes_out_more(case: Case) -> bool:
    """What is secret to the newest release, and to this library whatever the release, was not always."""
    return case.talos_version in {"1.12", "1.13"} and _hides_more(case)


def _shares_a_secret(case: Case) -> bool:
    """Talos takes secrets out by place; this library takes out what an alias makes of one, too."""
    return "&" in case.row["in"] and "*" in case.row["in"] and _hides_more(case)


def _hides_more(case: Case) -> bool:
    theirs, ours = (str(said).splitlines() for said in (case.difference.talos, case.difference.ours))
    differing = [(one, other) for one, other in zip(theirs, ours, strict=False) if one != other]
    is_redacted = case.difference.aspect == "redacted" and len(theirs) == len(ours)
    return is_redacted and all(_is_taken_out(one, other) for one, other in differing)


def _takes_out_what_is_not_there(case: Case) -> bool:
    """Talos writes a key that was missing, to take it out."""
    theirs, ours = (str(said).splitlines() for said in (case.difference.talos, case.difference.ours))
    left, kept = (
        [line.removesuffix(" {}") for line in lines if line.strip() != "key: REDACTED"] for lines in (theirs, ours)
    )
    return case.difference.aspect == "redacted" and left == kept


def _has_a_negative_size(case: Case) -> bool:
    texts = "\n".join([case.row["in"], *case.row.get("patch", ())])
    return (
        case.talos_version == "1.12"
        and "strconv.ParseFloat" in case.talos
        and re.search(r": *['\"]?-", texts) is not None
    )


def _has_a_collection_as_a_key(case: Case) -> bool:
    return "as a map key; try decoding into yaml.Node" in case.talos


def _is_taken_out(one: str, other: str) -> bool:
    key, _, secret = other.partition(": ")
    return one.startswith(f"{key}: ") and secret in {"REDACTED", _REDACTED_BASE64}


_REDACTED_BASE64 = b64encode(b"REDACTED").decode()


# References


def _has_underscore_in_host(case: Case) -> bool:
    is_no_domain = case.row["op"] == "reference" and case.difference.talos.get("registry_host") == ""
    return is_no_domain and "_" in case.row["in"].partition("/")[0]


def _carries_other_kinds(case: Case) -> bool:
    """Whether the two say the same, and only documents that are carried are laid out otherwise."""
    if case.difference.aspect not in {"emitted", "redacted", "patched"}:
        return False
    theirs, ours = (re.split("(?m)^---\n", str(said)) for said in (case.difference.talos, case.difference.ours))
    differing = [(one, other) for one, other in zip(theirs, ours, strict=False) if one != other]
    return len(theirs) == len(ours) and all(_is_same_other_kind(one, other) for one, other in differing)


class _WithoutDates(yaml.SafeLoader):
    """Dates are text, also those that no calendar has."""


_WithoutDates.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: str(node.value))


def _is_same_other_kind(one: str, other: str) -> bool:
    theirs, ours = (yaml.load(text, Loader=_WithoutDates) for text in (one, other))  # noqa: S506 - it is a safe one
    return isinstance(theirs, dict) and theirs.get("kind") not in KINDS and theirs == ours


KNOWN: dict[str, Callable[[Case], bool]] = {
    "words for broken YAML": _is_wording,
    "an indicator that touches another in flow style": _has_odd_indicator,
    "where a file stops being text": _stops_being_text,
    "flow indicators in a tag": _has_flow_indicator_in_tag,
    "broken YAML after what is no document": _is_broken_after_what_is_no_document,
    "a key in two spellings, the first without a value": _spells_a_key_twice,
    "a key that is null, a collection tagged as null": _is_odd_null,
    "an inline manifest that cannot be read on": _gives_up_on_a_manifest,
    "comments and anchors within unknown keys": _comments_unknown_keys,
    "the layout of documents of other kinds": _carries_other_kinds,
    "a deletion from a document that is missing": _deletes_what_is_missing,
    "a result that Talos cannot read again": _cannot_be_read_again,
    "text that Talos cannot write": _cannot_be_written,
    "control characters under a JSON Patch": _holds_what_json_cannot_carry,
    "a kind-less document with no room for the change": _has_no_room_for_the_change,
    "lines of the kind-less document after a JSON Patch": _counts_lines_it_does_not_write,
    "a patch that names a file": _names_a_file,
    "words for a damaged certificate or key": _words_damage_otherwise,
    "a damaged certificate or key that only one of the two takes": _takes_what_is_damaged,
    "a secret that stands in for the apiVersion": _secret_names_the_version,
    "a secret that only later releases take out": _takes_out_more,
    "a secret that is shared by an alias": _shares_a_secret,
    "a key that is missing": _takes_out_what_is_not_there,
    "a negative size": _has_a_negative_size,
    "a collection as a key of free values": _has_a_collection_as_a_key,
    "a registry host with an underscore": _has_underscore_in_host,
}
