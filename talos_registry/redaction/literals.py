"""Secrets that stand in a file as they are, where a placeholder or something encrypted should be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Diagnostic, Severity, dotted
from talos_registry.goyaml.comments import stretch
from talos_registry.goyaml.nodes import Mapping, pairs
from talos_registry.loading import require_config
from talos_registry.masking import USERINFO_IN_TEXT, mask_path, mask_url, userinfo
from talos_registry.messages import printable, shortened
from talos_registry.placeholders import holds_no_secret
from talos_registry.redaction.comments import IS_COMMENT, cleaned_comments, comments_instead_of_values
from talos_registry.redaction.places import Form, all_places, redacted_text, text_of_base64
from talos_registry.redaction.redactor import REPLACEMENT, unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Path
    from talos_registry.goyaml.comments import Stretch
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading import MachineConfig
    from talos_registry.redaction.places import SecretPlace

__all__ = ["CODES", "find_secrets"]

LITERAL_SECRET, COMMENT_FOR_VALUE = "literal-secret", "comment-for-value"
CODES = frozenset({LITERAL_SECRET, COMMENT_FOR_VALUE})


def find_secrets(config: MachineConfig, replacement: str = REPLACEMENT) -> tuple[Diagnostic, ...]:
    """The places of secrets that stand in a config as they are, in file order, and what keeps it from being read.

    No secrets are placeholders, references to secret stores, encrypted text, and what has been redacted.
    A document encrypted by SOPS, or one with values that are filled in later, need not be one that Talos takes.

    Args:
        config: what ``parse`` made of the file.
        replacement: what stands for a secret that has been redacted.

    Raises:
        TypeError: for what is no MachineConfig.
    """
    require_config("find_secrets", config)
    read = [*config.roots.items()]
    every = [*all_places(config, read)]
    literals = [place for place in every if place.text and not _is_placeholder(place, replacement)]
    documents = dict(read)
    findings = [
        *(_of_place(config, place) for place in literals),
        *_of_comments(config, list(documents.values()), literals, replacement),
        *_of_values(config, replacement),
        *(diagnostic for diagnostic in unread(config) if not _is_unfinished(documents, diagnostic)),
    ]
    return tuple(sorted(findings, key=lambda finding: (finding.line or 0, finding.column or 0)))


def _is_unfinished(documents: dict[int, Node], finding: Diagnostic) -> bool:
    """Whether a finding is about a document whose secrets can be told, and which another tool has yet to be at."""
    index = finding.path[0] if finding.path else None
    root = documents.get(index) if isinstance(index, int) else None
    return root is not None and (finding.code == "template-not-rendered" or _is_encrypted(root))


def _is_encrypted(root: Node) -> bool:
    return isinstance(root, Mapping) and any(key.value == "sops" for key, _ in pairs(root))


def _of_place(config: MachineConfig, place: SecretPlace) -> Diagnostic:
    where = stretch(place.node, config.text)
    path = mask_path(place.path)
    return _finding(
        LITERAL_SECRET, config, where, f"{printable(shortened(dotted(path[1:])))} holds a secret as it is.", path
    )


def _of_comments(
    config: MachineConfig, documents: list[Node], literals: list[SecretPlace], replacement: str
) -> Iterator[Diagnostic]:
    for where in cleaned_comments(documents, config.text, literals, replacement):
        yield _finding(LITERAL_SECRET, config, where, "This comment holds a secret as it is.")


def _of_values(config: MachineConfig, replacement: str) -> Iterator[Diagnostic]:
    for where, place in comments_instead_of_values(config, replacement):
        yield _finding(COMMENT_FOR_VALUE, config, where, IS_COMMENT, mask_path(place.path))


def _finding(code: str, config: MachineConfig, where: Stretch, message: str, path: Path = ()) -> Diagnostic:
    identity = config.entries[path[0]].identity if path and isinstance(path[0], int) else None
    return Diagnostic(
        code=code,
        severity=Severity.WARNING,
        message=message,
        path=path,
        kind=identity.kind if identity else "",
        name=mask_url(identity.name) if identity else "",
        file=config.filename,
        **config.lines.span(*where)._asdict(),
    )


_JOIN_TOKEN = re.compile(r"jointoken=([^&#]*)")


def _is_placeholder(place: SecretPlace, replacement: str) -> bool:
    """Whether no secret stands where one could; the user of a URL is none if there is a password."""
    text = place.text
    if place.form is Form.KEY:
        return _holds_none(text, replacement) or _holds_none(text_of_base64(text), replacement)
    if place.form is Form.TEXT:
        return _holds_none(text, replacement)
    if place.form in {Form.CERTIFICATES, Form.ENCODED_CERTIFICATES}:
        return redacted_text(place.form, text, replacement) == text
    if place.form in {Form.USERINFO, Form.URLS}:
        first = userinfo(text) if place.form is Form.USERINFO else None
        users = [*USERINFO_IN_TEXT.findall(text), *filter(None, [first])]
        return all(_holds_none(user.rpartition(":")[2], replacement) for user in users)
    token = _JOIN_TOKEN.search(text)
    return token is None or _holds_none(token[1], replacement)


def _holds_none(text: str, replacement: str) -> bool:
    return text == replacement or holds_no_secret(text)
