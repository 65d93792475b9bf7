from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry import CarriedPatch, lint, parse_patch, recognise
from talos_registry.goyaml.text import Lines
from talos_registry.loading import spliced

if TYPE_CHECKING:
    from talos_registry.diagnostic import Edit

URL = "https://harbor.example/v2/hub"
BLOCK = f"""\
clusterName: c
endpoint: https://192.0.2.10:6443
patches:
  - |
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
        - url: {URL}
nodes:
  - hostname: one
"""
FLOW = f"""\
kind: Cluster
patches:
  - name: a
    inline: {{machine: {{registries: {{mirrors: {{a.example: {{endpoints: [{URL}]}}}}}}}}}}
  - inline: # why
      - machine: {{registries: {{mirrors: {{a.example: {{endpoints: [{URL}]}}}}}}}}
  - inline:
      machine:
        registries:
          mirrors:
            a.example:
              endpoints: [{URL}]
# end
"""


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    lines = Lines(text)
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        begin = lines.offset(edit.span.line, edit.span.column)
        end = lines.offset(edit.span.end_line, edit.span.end_column)
        text = text[:begin] + edit.text + text[end:]
    return text


def fixed(text: str) -> list[str]:
    """The carrier with each fix of its patches made by its edits, one at a time."""
    texts = []
    for patch in recognise(text).patches:
        for diagnostic in lint(parse_patch(patch.text)):
            fix = patch.outward(diagnostic).fix
            if fix is not None:
                texts.append(edited(text, fix.edits))
    return texts


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("text", [BLOCK, FLOW, BLOCK.replace("nodes:", "\n\nnodes:"), BLOCK.replace("  - |", "  - |+")])
def test_the_edits_of_a_fix_change_the_patch_and_nothing_else(text: str, line_break: str) -> None:
    text = text.replace("\n", line_break)
    every = fixed(text)
    assert len(every) == len(recognise(text).patches)
    for changed in every:
        assert recognise(changed).form == "carrier"
        assert "overridePath: true" in changed
        assert changed.count(line_break) - text.count(line_break) in {0, 1}
        kept = [line for line in text.split(line_break) if URL not in line]
        assert [line for line in changed.split(line_break) if URL not in line and "override" not in line] == kept


@pytest.mark.parametrize("text", [BLOCK, FLOW, BLOCK.replace("\n", "\r\n")])
def test_new_texts_go_where_the_old_ones_stand(text: str) -> None:
    patches = recognise(text).patches
    after = spliced(text, {patch: patch.text.replace("hub", "other") for patch in patches})
    assert after == text.replace("/v2/hub", "/v2/other")


def test_a_text_that_a_carrier_cannot_hold_is_refused() -> None:
    (patch,) = recognise(BLOCK).patches
    assert spliced(BLOCK, {patch: f"\n{patch.text}"}) is None
    folded: CarriedPatch = recognise(BLOCK.replace("- |", "- >")).patches[0]
    assert folded.first_line is None
