from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from talos_registry import OpaqueDocument, TalosRegistryError, emit, parse
from talos_registry.formatting import format_config
from tests.property.documents import DOCUMENTS
from tests.property.layouts import streams
from tests.property.mutations import mutated

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument

VERSIONS = st.sampled_from(["1.12", "1.13", "1.14"])
COMMENT = re.compile(r"(?:^|[ \t]|(?<=\n))(#.*?)[ \t\r]*$", re.MULTILINE)


def comments(text: str) -> Counter[str]:
    """What may be a comment, without knowing YAML; text in quotes and blocks counts on both sides."""
    return Counter(COMMENT.findall(re.sub(r"""["']a # b["']""", "", text)))


@settings(max_examples=600)
@given(streams(), VERSIONS)
def test_layout_is_all_that_changes(text: str, version: str) -> None:
    before = parse(text, talos_version=version)
    assert before.diagnostics == ()
    once = format_config(before)
    after = parse(once, talos_version=version)
    assert format_config(after) == once
    assert comments(once) == comments(text)
    typed = [one for one in before.documents if not isinstance(one, OpaqueDocument)]
    assert [one for one in after.documents if not isinstance(one, OpaqueDocument)] == typed
    assert [one.kind for one in after.documents] == [one.kind for one in before.documents]
    for one in before.documents:
        assert not isinstance(one, OpaqueDocument) or one.text.rstrip() in once


@settings(max_examples=500)
@given(mutated(), VERSIONS)
def test_what_talos_accepts_is_formatted_once_and_for_all(text: str, version: str) -> None:
    before = parse(text, talos_version=version)
    if before.diagnostics:
        return
    try:
        once = format_config(before)
    except TalosRegistryError:
        return
    assert format_config(parse(once, talos_version=version)) == once


@settings(max_examples=500)
@given(DOCUMENTS)
def test_what_talos_writes_is_canonical(documents: list[RegistryDocument]) -> None:
    text = emit(documents)
    config = parse(text)
    assert config.diagnostics or format_config(config) == text
