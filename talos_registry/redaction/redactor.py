"""Configs without their secrets, for showing to others: as Talos redacts them, with layout and comments kept.

Source: siderolabs/talos, pkg/machinery/config/container/container.go, RedactSecrets.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import InvalidConfigError, TalosRegistryError
from talos_registry.documents import KINDS, legacy
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.url import is_canonical
from talos_registry.goyaml.comments import Stretch, comments, content_start, inner_comments, leaves, stretch
from talos_registry.goyaml.editing import Cut, Members, Replace, is_planned, keeps_comments, with_cuts
from talos_registry.goyaml.emitter import Text, inline
from talos_registry.goyaml.nodes import Alias, Mapping, Scalar, Sequence
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.tags import scalar_text
from talos_registry.loading import excess, require_config
from talos_registry.masking import USERINFO_IN_TEXT, private_keys
from talos_registry.redaction.comments import cleaned_comments, comments_for_values
from talos_registry.redaction.places import Form, all_places, places, redacted_text, redacted_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as MappingOf

    from talos_registry.diagnostic import Diagnostic, Path
    from talos_registry.documents.shapes import Values
    from talos_registry.goyaml.editing import Plan
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading import MachineConfig
    from talos_registry.loading.decoder import Identity
    from talos_registry.loading.verdict import Entry
    from talos_registry.redaction.places import SecretPlace
    from talos_registry.versions import Release

__all__ = ["REPLACEMENT", "redact", "redact_version", "unread"]

REPLACEMENT = "**REDACTED**"


def redact(config: MachineConfig, replacement: str = REPLACEMENT) -> str:
    """The text of a config with ``replacement`` in the place of every secret; all else stays as it is.

    Secrets are what Talos redacts, in documents of all kinds, the same in the legacy section, private keys among
    certificates, user and password in names and in any URL, and what comments repeat of all that. Placeholders such as
    ``${PASSWORD}`` are replaced, too; what is empty stays empty.

    Args:
        config: what ``parse`` made of the file.
        replacement: what stands there instead.

    Raises:
        InvalidConfigError: if a part of the config cannot be decoded, so that nobody knows what is secret in it.
        TalosRegistryError: if the secrets cannot be replaced without changing other values.
        TypeError: for what is no MachineConfig.

    Source: siderolabs/talos, pkg/machinery/config/container/container.go (RedactSecrets).
    """
    require_config("redact", config)
    return _redact(config, replacement, _Elsewhere())


def redact_version(config: MachineConfig, other: MachineConfig) -> str:
    """``redact``, with comments that show no secret of another version of the config either: it may be one only there.

    Raises:
        TalosRegistryError: likewise.
    """
    return _redact(config, REPLACEMENT, _Elsewhere.of(other))


class _Elsewhere(NamedTuple):
    """What is secret in another version of a config: values, and comments in the place of one."""

    secrets: tuple[SecretPlace, ...] = ()
    comments: frozenset[str] = frozenset()

    @classmethod
    def of(cls, other: MachineConfig) -> _Elsewhere:
        every = [*all_places(other, other.roots.items())]
        beside = (other.text[slice(*where)] for where, _ in comments_for_values(every, other.text, REPLACEMENT))
        return cls(tuple(place for place, _ in _changed(every, REPLACEMENT)), frozenset(map(str.rstrip, beside)))

    def comments_in(self, documents: list[Node], text: str) -> Iterator[Stretch]:
        """Where these comments are in a text now."""
        every = comments(documents, text) if self.comments else ()
        yield from (where for where in every if text[slice(*where)].rstrip() in self.comments)


def _redact(config: MachineConfig, replacement: str, elsewhere: _Elsewhere) -> str:
    hidden = unread(config)
    if hidden or not config.entries:
        raise InvalidConfigError(hidden or config.diagnostics)
    try:
        return _redacted(config, replacement, elsewhere, everywhere=True)
    except TalosRegistryError:
        return _redacted(config, replacement, elsewhere, everywhere=False)


def unread(config: MachineConfig) -> tuple[Diagnostic, ...]:
    """The findings about documents that could not be decoded."""
    return tuple(diagnostic for diagnostic in config.diagnostics if _is_unread(config.entries, diagnostic.path))


def _is_unread(entries: tuple[Entry, ...], path: Path) -> bool:
    return not (path and isinstance(path[0], int) and path[0] < len(entries) and entries[path[0]].values is not None)


def _redacted(config: MachineConfig, replacement: str, elsewhere: _Elsewhere, *, everywhere: bool) -> str:
    """The text; a secret that is shared by an anchor goes ``everywhere``, or as in Talos only where it is one."""
    read = [*config.roots.items()]
    documents = [root for _, root in read]
    changed = _changed(places(config, read), replacement)
    if everywhere:
        changed += _anchored(changed)
    secrets = [place for place, _ in changed]
    literals = [] if everywhere else [*_aliases_of(secrets, documents)]
    cuts = _cuts(config, documents, secrets, replacement, elsewhere)
    cuts += [Cut(*stretch(alias, config.text), _literal(target, config.text)) for alias, target in literals]
    text = with_cuts(config.text, cuts)
    held = {id(place.node): after for place, after in changed}
    held |= {id(alias): scalar_text(target) for alias, target in literals}
    _prove(config, text, cuts, replacement, [(root, _plan(root, held)) for root in documents])
    return text


def _changed(every: Iterable[SecretPlace], replacement: str) -> list[tuple[SecretPlace, str]]:
    """The places that change, and what they hold then; what several share is met once, as what hides more than its URLs."""
    redacted = ((place, redacted_text(place.form, place.text, replacement)) for place in every)
    changed = [(place, after) for place, after in redacted if after != place.text]
    changed.sort(key=lambda pair: pair[0].form is not Form.URLS)
    return [*{id(place.node): (place, after) for place, after in changed}.values()]


def _cuts(
    config: MachineConfig, documents: list[Node], secrets: list[SecretPlace], replacement: str, elsewhere: _Elsewhere
) -> list[Cut]:
    every = all_places(config, config.roots.items())
    beside = (where for where, _ in comments_for_values(every, config.text, replacement))
    changes = {
        **cleaned_comments(documents, config.text, [*secrets, *elsewhere.secrets], replacement),
        **dict.fromkeys([*beside, *elsewhere.comments_in(documents, config.text)], f"#{replacement}"),
        **dict(_replaced(secrets, config.text, replacement, config.release)),
    }
    return [Cut(begin, end, new) for (begin, end), new in changes.items()]


def _replaced(
    secrets: list[SecretPlace], text: str, replacement: str, release: Release
) -> Iterator[tuple[Stretch, str]]:
    """The new text of secrets; comments between an anchor and a value, or on the first line of a block, stay, after it."""
    for place in secrets:
        begin, end = stretch(place.node, text)
        if _is_partly_secret_block(place) and replacement.isprintable() and replacement.strip() == replacement != "":
            for part, new in _parts(place, text[begin:end], replacement):
                yield Stretch(begin + part[0], begin + part[1]), new
            continue
        new = _spelled(place, text[begin:end], redacted_text(place.form, place.text, replacement), release)
        inside = [*inner_comments(place.node, text)]
        if not inside:
            yield Stretch(begin, end), new
            continue
        yield Stretch(begin, inside[0].begin), f"{new} "
        rest = inside[-1].end
        if getattr(place.node, "style", "") not in {"|", ">"}:
            rest = content_start(place.node, text, begin, end)
        yield Stretch(rest, end), ""


def _is_partly_secret_block(place: SecretPlace) -> bool:
    """Whether secrets are parts of a text that is written line by line, of which the others can stay."""
    is_partly = place.form in {Form.CERTIFICATES, Form.URLS}
    return is_partly and isinstance(place.node, Scalar) and place.node.style == "|"


def _parts(place: SecretPlace, written: str, replacement: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Where the secrets of such a block are, and what stands there instead."""
    if place.form is Form.CERTIFICATES:
        yield from ((span, replacement) for span in private_keys(written))
    for match in USERINFO_IN_TEXT.finditer(written):
        yield match.span(), redacted_text(Form.URLS, f"://{match[0]}@", replacement)[3:-1]


_ANCHOR = re.compile(r"&[^\s,\[\]{}]+\s*")


_WHOLE = {Form.TEXT, Form.KEY, Form.ENCODED_CERTIFICATES}
"""The forms of secrets of which nothing stays."""


def _spelled(place: SecretPlace, written: str, after: str, release: Release) -> str:
    """The redacted value as it is to be written; around a part of a URL everything stays."""
    is_part = place.form not in _WHOLE and written.count(place.text) == 1
    if is_part and (after[:1].isalnum() or written[:1] in {"'", '"'}):
        return written.replace(place.text, after)
    anchor = _ANCHOR.search(written) if place.node.anchor else None
    return (
        f"{anchor[0].rstrip()} {inline(from_value(after, release))}" if anchor else inline(from_value(after, release))
    )


def _anchored(changed: list[tuple[SecretPlace, str]]) -> list[tuple[SecretPlace, str]]:
    """What aliases in the place of a secret stand for, where that is no place of a secret itself."""
    known = {id(place.node) for place, _ in changed}
    shared = {
        id(place.node.target): (place._replace(node=place.node.target), after)
        for place, after in changed
        if isinstance(place.node, Alias) and isinstance(place.node.target, Scalar)
    }
    return [found for node, found in shared.items() if node not in known]


def _aliases_of(secrets: list[SecretPlace], documents: list[Node]) -> Iterator[tuple[Alias, Scalar]]:
    """The aliases of a secret that stand where no secret does: Talos redacts by place, not by value."""
    secret = {id(place.node) for place in secrets}
    for root in documents:
        for leaf in leaves(root):
            if isinstance(leaf, Alias) and id(leaf) not in secret and id(leaf.target) in secret:
                yield leaf, leaf.target  # type: ignore[misc]  # secrets are scalars


def _literal(node: Scalar, text: str) -> str:
    written = text[slice(*stretch(node, text))]
    if node.style in {"|", ">"} or "\n" in written:
        return inline(Text(scalar_text(node), '"'))
    return _ANCHOR.sub("", written, count=1)


def _plan(node: Node, held: MappingOf[int, str]) -> Plan | None:
    """What becomes of a node: ``held`` says what nodes hold afterwards, by their identity; None if nothing changes."""
    if id(node) in held:
        return Replace(from_value(held[id(node)]))
    if not isinstance(node, Mapping | Sequence):
        return None
    values = node.content[1::2] if isinstance(node, Mapping) else node.content
    keys = node.content[::2] if isinstance(node, Mapping) else []
    changes = {at: plan for at, value in enumerate(values) if (plan := _plan(value, held)) is not None}
    names = {at: held[id(key)] for at, key in enumerate(keys) if id(key) in held}
    return Members(changes, {}, names) if changes or names else None


def _prove(
    config: MachineConfig, text: str, cuts: Iterable[Cut], replacement: str, plans: list[tuple[Node, Plan | None]]
) -> None:
    """Check that the values are those that Talos has after redacting, and that nothing else has changed."""
    release, before = config.release, [root for root, _ in plans]
    expected = (_redacted_entry(entry, release, replacement) for entry in config.entries)
    after = config if text == config.text else config.with_text(text)
    new_roots = [tree.root for tree in after.trees]
    if (
        unread(after)
        or not all(_says_the_same(*pair, release) for pair in zip_longest(expected, after.entries))
        or len(plans) != len(new_roots)
        or not is_planned(((root, plan, new) for (root, plan), new in zip(plans, new_roots, strict=True)), shared=True)
        or not keeps_comments((config.text, before), cuts, (text, new_roots))
    ):
        reason = excess(after) or (
            "the secrets cannot be replaced without changing more than them; "
            "write them without anchors and aliases, and give every document its apiVersion."
        )
        raise TalosRegistryError(f"{config.filename}: {reason}")


def _says_the_same(entry: Entry | None, other: Entry | None, release: Release) -> bool:
    return entry is not None and other is not None and _content(entry, release) == _content(other, release)


def _redacted_entry(entry: Entry, release: Release, replacement: str) -> Entry:
    name = redacted_values({"name": entry.identity.name}, entry.kind, release, replacement)["name"]
    values = redacted_values(entry.values, entry.kind, release, replacement)
    return entry._replace(identity=entry.identity._replace(name=name), values=values)


def _content(entry: Entry, release: Release) -> tuple[Identity, str, Values]:
    """What a document says about registries, with its URLs as Go writes them; its kind tells whether it is decoded."""
    values = entry.values or {}
    if entry.kind == legacy.KIND:
        values = legacy.registries(values)
    elif entry.kind not in KINDS:
        values = {}
    if "endpoints" in values:
        values = {
            **values,
            "endpoints": [{**endpoint, "url": _written(endpoint, release)} for endpoint in values["endpoints"]],
        }
    return entry.identity, entry.kind, values


def _written(endpoint: Values, release: Release) -> str:
    url: str = endpoint.get("url", "")
    if is_canonical(url):
        return url
    try:
        return str(parse_url(url, strict_colons=release.strict_colons)) if url else ""
    except InvalidURLError:
        return url
