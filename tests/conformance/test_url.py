from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.go import InvalidURLError, parse_url

if TYPE_CHECKING:
    from tests.conformance.conftest import Disagreements, Row, Vectors


def outcome(row: Row) -> dict[str, Any]:
    try:
        url = parse_url(row["in"])
    except InvalidURLError as error:
        return {"error": str(error)}
    return {"string": str(url), "scheme": url.scheme, "host": url.host, "path": url.path}


def test_urls_are_read_as_go_reads_them(vectors: Vectors, disagreements: Disagreements) -> None:
    assert disagreements("url", vectors("url"), outcome) == []
