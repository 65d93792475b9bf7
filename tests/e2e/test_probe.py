"""What ``probe`` says of an endpoint is what a node does there."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

import pytest

from talos_registry import parse, probe
from talos_registry.resolution import resolve
from tests.e2e.documents import mirror
from tests.e2e.scenario import REPOSITORY
from tests.e2e.situations import SITUATIONS, Situation, Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from talos_registry import Probe
    from tests.e2e.image import Image
    from tests.e2e.node import Pull
    from tests.e2e.scenario import Scenario
    from tests.servers import Asked

pytestmark = pytest.mark.e2e
log = logging.getLogger(__name__)


@pytest.fixture
def stage(scenario: Scenario, image: Image, tmp_path: Path, storage: Path) -> Stage:
    return Stage(scenario, image, storage, tmp_path)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_probe_says_what_a_node_does(stage: Stage, situation: Situation) -> None:
    url, documents = situation.make(stage)
    config = mirror("docker.io", url, stage.second.url, skip_fallback=True) + documents
    registries = parse(config).registries
    reference = f"docker.io/{REPOSITORY}" + (f"@{stage.image.top}" if situation.by_digest else ":1.0")
    node = stage.scenario.node_of(registries)
    for puller in situation.pullers:
        plan = resolve(reference, registries, puller=puller)
        assert plan.error is None
        pull = pulled(stage, situation, puller, partial(node.pull, plan, reference))
        if puller == "talos":
            pulled(stage, situation, "Talos' own packages", partial(node.begin_as_talos, config, reference))
        compare(situation, probe(registries, [reference], pullers=[puller])[0], pull)


def pulled(stage: Stage, situation: Situation, puller: str, pulls: Callable[[], Pull]) -> Pull:
    """A pull in which the node must do what the situation says."""
    before = len(stage.second.asked())
    pull = pulls()
    did = what_the_node_did(pull, stage.second.asked()[before:])
    sent = [f"{one.method} {one.host}" for one in pull.sent]
    log.info("%s | %s | %s | %s | %s", situation.name, puller, did, sent, pull.error.splitlines()[:1])
    assert did == situation.node, (puller, pull)
    return pull


def compare(situation: Situation, probed: Probe, pull: Pull) -> None:
    """Outcome and next step at the first endpoint, and how it ends."""
    first, second = probed.attempts
    said = situation.said or situation.node
    assert (first.outcome, first.node) == (situation.outcome, said), (probed.puller, first.detail, first, pull)
    assert (second.outcome, second.node) == ("ok", "pulls")
    assert situation.said or (probed.end == "pulled") == (not pull.error)


def what_the_node_did(pull: Pull, by_second: list[Asked]) -> str:
    """Whether the second endpoint was asked for the name too, or else what came of asking the first."""
    if any(one.method == "HEAD" for one in by_second):
        assert not pull.error
        return "next"
    return "stops" if pull.error else "pulls"
