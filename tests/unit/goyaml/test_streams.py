from __future__ import annotations

import pytest

from talos_registry.goyaml.editing import with_documents


@pytest.mark.parametrize(
    ("text", "documents", "has_document", "expected"),
    [
        ("a: 1\n", ["b: 2\n"], True, "a: 1\n---\nb: 2\n"),
        ("a: 1", ["b: 2\n"], True, "a: 1\n---\nb: 2\n"),
        ("", ["b: 2\n", "c: 3"], False, "b: 2\n---\nc: 3"),
        ("# head", ["b: 2", "c: 3\n"], False, "# head\nb: 2\n---\nc: 3\n"),
        ("a: 1", [], True, "a: 1"),
    ],
)
def test_documents_come_after_what_is_there(text: str, documents: list[str], has_document: bool, expected: str) -> None:
    assert with_documents(text, documents, "\n", has_document=has_document) == expected
    crlf = [document.replace("\n", "\r\n") for document in (text, *documents)]
    assert with_documents(crlf[0], crlf[1:], "\r\n", has_document=has_document) == expected.replace("\n", "\r\n")
