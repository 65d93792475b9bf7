"""Any trees of ruamel.yaml: what Talos reads once they are dumped, where it is mended, and documents put among them."""

from __future__ import annotations

import io
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from talos_registry import Diagnostic, RegistryEndpoint, RegistryMirrorConfig, Severity, TalosRegistryError, emit, parse
from talos_registry.roundtrip import config_of, locate, merge_into, tree_of
from tests.property.documents import DOCUMENT, DOCUMENTS
from tests.property.written import Writer, any_config, any_data, comment_texts

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument

SEEDS = st.integers(0, 2**32)
MERGING = "k8: &m {u: 1, v: [a]}\nk9:\n  # c9001\n  - <<: *m # c9002\n    u: 2\n  - {<<: [*m], w: 'x'}\n"


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - nothing is to be kept secret


def text_of(random: Random) -> str:
    """Documents of a config, and of anything: with anchors, merge keys, quotes, comments, braces and nulls."""
    documents = [*any_config(random), any_data(random)]
    text = Writer(random, has_anchors=random.random() < 0.5).stream(documents)
    pieces = [text.replace("\t", " "), *(piece for piece in (MERGING, "~\n", "# c9003\n") if random.random() < 0.4)]
    return "\n---\n".join(piece.removesuffix("\n") for piece in pieces) + "\n"


def any_trees(seed: int) -> list[Any]:
    """Trees that ruamel.yaml dumps as what they hold; now and then it puts a comment into a text, or a dash behind one."""
    trees = loaded(text_of(seeded(seed)))
    try:
        assume(loaded(dumped(trees)) == trees)
    except YAMLError:
        assume(False)
    return trees


def loaded(text: str) -> list[Any]:
    yaml = YAML()
    yaml.preserve_quotes = True
    return list(yaml.load_all(text))


def dumped(trees: list[Any]) -> str:
    stream = io.StringIO()
    YAML().dump_all(trees, stream)
    return stream.getvalue()


def values_of(text: str) -> list[Any]:
    """The documents of a text, aliases and merge keys followed, without nulls."""
    return [document for document in YAML(typ="safe").load_all(text) if document is not None]


@settings(max_examples=40)
@given(SEEDS, st.sampled_from(["1.12", "1.13", "1.14"]))
def test_trees_are_judged_as_their_dump(seed: int, version: str) -> None:
    trees = any_trees(seed)
    before = dumped(trees)
    config = config_of(trees, talos_version=version)
    expected = parse(before, talos_version=version)
    assert told(config.diagnostics) == told(expected.diagnostics)
    assert config.documents == expected.documents or any(tree.get("kind") is None for tree in trees if tree)
    assert values_of(config.text) == values_of(before)
    assert dumped(trees) == before


def told(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[Any, ...]]:
    return [(finding.code, finding.path, finding.kind, finding.name) for finding in diagnostics]


@settings(max_examples=40)
@given(SEEDS)
def test_a_path_leads_to_its_value_and_what_is_put_there_is_dumped_there(seed: int) -> None:
    trees = any_trees(seed)
    path, value = any_path(seeded(seed), values_of(dumped(trees)))
    container, key = locate(trees, Diagnostic(code="x", severity=Severity.ERROR, message="", path=path))
    assert container[key] == value
    if not isinstance(value, dict | list):
        container[key] = "mended"
        assert value_at(values_of(dumped(trees)), path) == "mended"


def any_path(random: Random, value: Any, *steps: str | int) -> tuple[tuple[str | int, ...], Any]:
    """A path into data, which nulls of lists have no part in, and the value that it leads to."""
    inner = list(value.items()) if isinstance(value, dict) else counted(value)
    if not inner or (steps and random.random() < 0.2):
        return steps, value
    step, member = random.choice(inner)
    return any_path(random, member, *steps, step)


def counted(value: Any) -> list[tuple[Any, Any]]:
    return list(enumerate(item for item in value if item is not None)) if isinstance(value, list) else []


def value_at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = dict(counted(value))[step] if isinstance(value, list) else value[step]
    return value


NEW = RegistryMirrorConfig(name="new.example", endpoints=(RegistryEndpoint(url="http://10.9.9.9:5000"),))


@settings(max_examples=40)
@given(SEEDS, st.booleans())
def test_a_document_is_put_among_others_that_stay(seed: int, flag: bool) -> None:
    trees = any_trees(seed)
    before, old, old_texts = dumped(trees), [*trees], [dumped([tree]) for tree in trees]
    places = [at for at, tree in enumerate(trees) if tree and tree.get("kind") == "RegistryMirrorConfig"]
    document = changed(trees[places[0]], flag) if places else NEW
    try:
        merge_into(trees, document)
    except TalosRegistryError:
        assert dumped(trees) == before
        return
    stay = [at for at, tree in enumerate(old) if tree is not None and at not in places[:1]]
    assert all(trees[at] is old[at] and dumped([trees[at]]) == old_texts[at] for at in stay)
    assert not comment_texts(before) - comment_texts(dumped(trees))
    (now,) = (one for one in config_of(trees).documents if (one.kind, one.name) == (document.kind, document.name))
    assert now == document
    at = places[0] if places else -1
    assert values_of(dumped([trees[at]])) == values_of(dumped([tree_of(document)]))


def changed(tree: Any, flag: bool) -> RegistryDocument:
    """The mirror with its flag set."""
    config = parse(dumped([tree]))
    assume(config.loads)
    mirror = config.documents[0]
    assert isinstance(mirror, RegistryMirrorConfig)
    return mirror.model_copy(update={"skip_fallback": flag})


@settings(max_examples=40)
@given(SEEDS, DOCUMENT)
def test_any_document_takes_the_place_of_its_like(seed: int, document: RegistryDocument) -> None:
    trees = any_trees(seed)
    old = trees[0]
    trees.append(tree_of(document))
    trees[-1].yaml_set_start_comment("c9009")
    values = {"apiVersion": "v1alpha1", "kind": document.kind, "name": document.name}
    other = type(document).from_values({key: value for key, value in values.items() if value})
    try:
        merge_into(trees, other)
    except TalosRegistryError:
        return
    assert config_of(trees).documents[-1] == other
    assert "# c9009" in dumped(trees)
    assert trees[0] is old


@settings(max_examples=60)
@given(DOCUMENTS)
def test_the_tree_of_a_document_says_what_it_says(documents: list[RegistryDocument]) -> None:
    trees = [tree_of(document) for document in documents]
    assert [emit([document]) for document in config_of(trees).documents] == [emit([one]) for one in documents]


def test_what_is_refused_is_rare() -> None:
    refused = 0
    for seed in range(50):
        trees = loaded(text_of(seeded(seed)))
        try:
            merge_into(trees, NEW)
        except TalosRegistryError:
            refused += 1
    assert refused < 4
