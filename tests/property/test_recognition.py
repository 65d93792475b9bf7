from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from talos_registry import recognise
from talos_registry.goyaml.text import split_lines
from tests.property.mutations import SAMPLES, mutated

CARRIERS = (
    """\
clusterName: home
endpoint: https://home.example:6443
talosVersion: v1.13.0
common: &common {a: b}
patches:
  - "@mirrors.yaml"
  - |-
    machine:
      registries: {}

    # end
controlPlane: &group
  inlinePatch:
    machine: {a: *common}
  # comment
nodes:
  - hostname: one
    configPatches:
    - op: add
      path: /machine/network
      value: >
        text
  - *group
""",
    """\
kind: Cluster
talos: {version: v1.12.0}
patches:
  - file: a.yaml
  - inline:
      machine: {}
  - {inline: [{machine: {}}, {kind: RegistryMirrorConfig,
      name: docker.io}]}
--- # more
metadata: {type: ConfigPatches.omni.sidero.dev}
spec:
  data: |2
      machine: {}
""",
)
ANY = mutated(st.sampled_from((*SAMPLES, *CARRIERS)), at_least=0)


@given(st.one_of(ANY, st.text()), st.sampled_from(["", "a.yaml", "a.tpl"]))
def test_every_text_is_something(text: str, filename: str) -> None:
    found = recognise(text, filename=filename)
    assert found.what
    assert found.form == "carrier" or not (found.patches or found.talos_version)
    assert recognise(text.encode("utf-8", "surrogatepass"), filename=filename) == found


@given(st.binary())
def test_all_bytes_are_something(data: bytes) -> None:
    assert recognise(data).what


@given(mutated(st.sampled_from(CARRIERS), at_least=0))
def test_lines_of_patches_are_lines_of_the_carrier(text: str) -> None:
    outer = split_lines(text)
    for patch in recognise(text).patches:
        for number, line in enumerate(split_lines(patch.text), 1):
            if patch.first_line is not None and line.strip():
                start = len(line) - len(line.lstrip())
                row, column = patch.outer_place(number, start + 1)
                assert outer[row - 1][column - 1 :].startswith(line.strip())
