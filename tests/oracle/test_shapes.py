"""The recorded shapes against Talos' own packages, each against the module of its release."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from talos_registry.documents.recorded import path_of
from talos_registry.versions import KINDS_SINCE, release_of
from tests.oracle.oracle import TALOS_VERSIONS, schema
from tests.oracle.shapes import shapes

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.oracle

_REGISTERS = re.compile(r"\bregistry\.Register\(")


def module(talos_version: str) -> Path:
    """The folder of the module of a release."""
    return next(parent for parent in schema(talos_version).parents if parent.name.startswith("machinery@"))


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_the_committed_file_is_what_is_recorded(talos_version: str) -> None:
    assert path_of(talos_version).read_text(encoding="utf-8") == shapes(talos_version)


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_no_kind_is_missing(talos_version: str) -> None:
    """Those of the release are as many as its source registers; a kind that it does not register stops the recording."""
    types = module(talos_version) / "config" / "types"
    paths = [path for path in types.rglob("*.go") if not path.name.endswith("_test.go")]
    registered = sum(len(_REGISTERS.findall(path.read_text(encoding="utf-8"))) for path in paths)
    known = {kind for kind, since in KINDS_SINCE.items() if since <= release_of(talos_version).number}
    recorded = json.loads(path_of(talos_version).read_bytes())["kinds"]
    assert known | {"v1alpha1"} == set(recorded)
    assert registered == len(known | {"v1alpha1"})
