from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli


@pytest.mark.parametrize(
    "kind", ["RegistryMirrorConfig", "RegistryAuthConfig", "RegistryTLSConfig", "ImageCacheConfig"]
)
def test_schema_of_a_kind(cli: Cli, kind: str) -> None:
    outcome = cli("schema", kind)
    assert (outcome.code, outcome.json["title"], outcome.err) == (0, kind, "")


def test_schema_of_a_stream(cli: Cli) -> None:
    assert cli("schema").json["$schema"] == "https://json-schema.org/draft/2020-12/schema"
