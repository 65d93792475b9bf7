"""The recorded default images against Talos' own packages, each against the modules of its exact release."""

from __future__ import annotations

import pytest

from talos_registry.documents.images import RELEASES, path_of
from tests.oracle import oracle
from tests.oracle.images import listed

pytestmark = pytest.mark.oracle


def test_every_release_that_can_be_listed_is_recorded() -> None:
    assert set(RELEASES) == set(oracle.RELEASES)


@pytest.mark.parametrize("release", oracle.RELEASES)
def test_the_committed_file_is_what_is_recorded(release: str) -> None:
    assert path_of(release).read_text(encoding="utf-8") == listed(release)
