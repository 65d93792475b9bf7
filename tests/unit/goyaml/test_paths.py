from __future__ import annotations

import pytest

from talos_registry.goyaml import Tree, documents
from talos_registry.goyaml.paths import Locator
from talos_registry.versions import LATEST, release_of

TEXT = """\
name: docker.io
list:
  - ~
  - a: 1
  - &x {b: 2}
  - *x
twice: 1
twice: 2
empty:
"""


@pytest.fixture(scope="module")
def locator() -> Locator:
    (tree,) = documents(TEXT, release_of(LATEST))
    assert isinstance(tree, Tree)
    return Locator(tree.root)


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 1, 1),
        (("name",), 1, 7),
        (("list",), 3, 5),
        (("list", 0), 4, 5),
        (("list", 0, "a"), 4, 8),
        (("list", 2, "b"), 5, 12),
        (("list", 3), 3, 5),
        (("list", "a"), 3, 5),
        (("twice",), 7, 8),
        (("nowhere", "else"), 1, 1),
        (("name", "below"), 1, 7),
    ],
)
def test_a_path_leads_as_far_as_the_text_has_it(
    locator: Locator, path: tuple[str | int, ...], line: int, column: int
) -> None:
    node = locator.locate(path)
    assert (node.start_mark.line + 1, node.start_mark.column + 1) == (line, column)


def test_null_items_are_skipped_and_positions_are_those_of_the_text(locator: Locator) -> None:
    *_, place = locator.walk(("list", 0))
    assert (place.position, place.key) == (1, None)
    *_, place = locator.walk(("list", 0, "a"))
    assert place.key is not None
    assert (place.position, place.key.value) == (0, "a")


def test_a_locator_can_be_asked_again(locator: Locator) -> None:
    first, second = (list(locator.walk(("list", 1, "b"))) for _ in range(2))
    assert first == second
    assert len(first) == 4


def test_an_empty_value_is_pointed_at_by_its_key(locator: Locator) -> None:
    assert locator.shown_span(("empty",))[:2] == (9, 1)
    assert locator.shown_span(("twice",))[:2] == (7, 8)
    assert locator.shown_span(()) == locator.shown_span(("name",))
