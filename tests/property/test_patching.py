"""Patches of any configs: what is made does what it is for, once and again, and what is untouched stays as it is."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from talos_registry import MachineConfig, OpaqueDocument, PatchError, apply_patches, emit, make_patch, parse
from talos_registry.documents import KINDS
from tests.oracle import generate
from tests.property.documents import documents_of

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument

NAMES = st.sampled_from(["docker.io", "h:5000", "*", "0123", "it's"])


def documents(*kinds: str) -> st.SearchStrategy[list[RegistryDocument]]:
    """Documents with names, because Talos deletes nothing from others."""
    named = st.tuples(st.sampled_from(kinds).flatmap(documents_of), NAMES).map(with_name)
    return st.lists(named, min_size=1, max_size=4, unique_by=lambda document: (document.kind, document.name))


def with_name(pair: tuple[RegistryDocument, str]) -> RegistryDocument:
    document, name = pair
    return document if document.kind == "ImageCacheConfig" else document.model_copy(update={"name": name})


NAMED = documents(*sorted(KINDS))
OLD = documents("RegistryMirrorConfig", "RegistryAuthConfig", "RegistryTLSConfig")


def written(documents: list[RegistryDocument], *, talos_version: str = "1.14") -> MachineConfig:
    config = parse(emit(documents), talos_version=talos_version)
    assume(config.loads)
    return config


def said(config: MachineConfig) -> list[str]:
    """What the documents say, whatever their order."""
    return sorted(emit([document]) for document in config.documents)


@settings(max_examples=80)
@given(NAMED, NAMED)
def test_a_patch_that_is_made_does_what_it_is_for_once_and_again(
    first: list[RegistryDocument], second: list[RegistryDocument]
) -> None:
    before, after = written(first), written(second)
    patch = make_patch(before, after)
    once = apply_patches(before, [patch])
    assert said(once) == said(after)
    assert said(apply_patches(once, [patch])) == said(after)


@settings(max_examples=60)
@given(NAMED, st.data())
def test_a_change_of_some_documents_is_all_the_patch_speaks_of(
    first: list[RegistryDocument], data: st.DataObject
) -> None:
    changed = data.draw(st.sampled_from(first))
    other = with_name((data.draw(documents_of(changed.kind)), changed.name))
    second = [other if one == changed else one for one in first]
    before, after = written(first), written(second)
    assume(said(before) != said(after))
    patch = parse(make_patch(before, after)).entries
    assert {entry.identity.name for entry in patch} <= {changed.name}


@settings(max_examples=60)
@given(OLD, OLD)
def test_older_versions_make_it_or_say_why_not(first: list[RegistryDocument], second: list[RegistryDocument]) -> None:
    before, after = (written(documents, talos_version="1.13") for documents in (first, second))
    try:
        patch = make_patch(before, after)
    except PatchError as error:
        assert str(error).startswith("no patch that can be applied again does this: ")  # noqa: PT017 - either is right
        return
    assert said(apply_patches(apply_patches(before, [patch]), [patch])) == said(after)


def test_comments_of_untouched_documents_stay() -> None:
    """Documents that come out as they went in keep every byte."""
    for row in islice(generate.patches(3), 600):
        config = parse(row["in"])
        try:
            result = apply_patches(config, row["patch"])
        except PatchError:
            continue
        for entry, document in zip(config.entries, config.documents, strict=True):
            if not isinstance(document, OpaqueDocument) and document in result.documents:
                assert config.text[entry.begin : entry.end].strip() in result.text


def commented(text: str) -> tuple[str, list[str]]:
    """A config with a comment above and behind every line."""
    lines, comments = [], []
    for number, line in enumerate(text.splitlines()):
        if line.startswith(("---", "#")):
            lines.append(line)
            continue
        above, behind = f"# above {number};", f"# behind {number};"
        lines += [f"{line[: len(line) - len(line.lstrip())]}{above}", f"{line} {behind}"]
        comments += [above, behind]
    return "\n".join(lines) + "\n", comments


def test_merging_loses_no_comment() -> None:
    """Unless a word becomes text of several lines."""
    changed = 0
    for row in islice(generate.merges(1), 1500):
        if "|" in row["in"] or "\\n" in row["in"] + row["patch"][0]:
            continue
        text, comments = commented(row["in"])
        config = parse(text)
        try:
            result = apply_patches(config, row["patch"])
        except PatchError:
            continue
        changed += result is not config
        assert [comment for comment in comments if comment not in result.text] == []
    assert changed > 200


@settings(max_examples=300)
@given(st.text(max_size=60) | st.binary(max_size=60), st.text(max_size=60) | st.binary(max_size=60))
def test_nothing_but_a_patch_error_is_raised(config: str | bytes, patch: str | bytes) -> None:
    try:
        assert isinstance(apply_patches(parse(config), [patch]), MachineConfig)
    except PatchError as error:
        assert str(error)  # noqa: PT017 - a result is as good


@pytest.mark.parametrize("talos_version", ["1.12", "1.13", "1.14"])
def test_nothing_but_a_patch_error_is_raised_for_what_looks_like_patches(talos_version: str) -> None:
    refused = 0
    for row in islice(generate.patches(9), 400):
        try:
            apply_patches(parse(row["in"], talos_version=talos_version), row["patch"])
        except PatchError:
            refused += 1
    assert 0 < refused < 400
