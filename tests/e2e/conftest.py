"""What the pulls need: the programs, a private certificate authority, a tiny image, and a scenario for each test."""

from __future__ import annotations

import itertools
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.e2e.certificates import Authority
from tests.e2e.components import Components, find_components
from tests.e2e.image import Image, make_image
from tests.e2e.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def components() -> Components:
    return find_components()


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """An index with one manifest, a config and one layer."""
    return make_image(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="session")
def storage(
    components: Components, authority: Authority, image: Image, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """What a registry stores that holds the image."""
    with ExitStack() as stack:
        scenario = Scenario(stack, components, authority, lambda: tmp_path_factory.mktemp("storage"))
        return scenario.registry("127.0.0.2", image).storage


@pytest.fixture
def scenarios(
    components: Components, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Scenario]]:
    """Makes scenarios that know nothing of each other, to be proven side by side."""
    numbers = itertools.count()
    with ExitStack() as stack:
        # Short names: the path of a socket has room for 107 characters.
        yield lambda: Scenario(stack, components, authority, lambda: tmp_path_factory.mktemp(f"e{next(numbers)}-"))


@pytest.fixture
def scenario(scenarios: Callable[[], Scenario]) -> Scenario:
    return scenarios()
