from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry import RegistryAuthConfig, RegistryEndpoint, RegistryMirrorConfig, TalosRegistryError, parse
from talos_registry.formatting import append

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument

MIRROR = RegistryMirrorConfig(name="ghcr.io", skip_fallback=True)
WRITTEN = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: ghcr.io\nskipFallback: true\n"
FIRST = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
LEGACY = (
    "machine:\n  registries:\n    mirrors: {ghcr.io: {endpoints: [http://a]}}\n    config: {a: {auth: {username: u}}}\n"
)


@pytest.mark.parametrize(
    ("text", "between"),
    [
        (FIRST, "---\n"),
        (FIRST.removesuffix("\n"), "\n---\n"),
        (f"{FIRST}# end", "\n---\n"),
        (f"{FIRST}---\n", ""),
        (f"{FIRST}---\n# head\n", ""),
        (f"{FIRST}---", "\n"),
        (f"{FIRST}...\n", "---\n"),
        (f"{FIRST}...\n# end\n", "---\n"),
        (f"{FIRST}\n\n", "---\n"),
        ("", ""),
        ("# only a comment", "\n"),
        ("# head\n---\n", ""),
        ("machine: {}\n", "---\n"),
        (FIRST.replace("\n", "\r\n"), "---\r\n"),
    ],
)
def test_what_stands_before_the_document(text: str, between: str) -> None:
    line_break = "\r\n" if "\r" in text else "\n"
    result = append(parse(text), MIRROR)
    assert result.text == text + between + WRITTEN.replace("\n", line_break)
    assert result.documents[-1] == MIRROR


@pytest.mark.parametrize(
    ("header", "closed"), [("|", "|-"), ("|+", "|-"), (">", ">-"), ("|-", "|-"), ("|2", "|2-"), ("|+2", "|-2")]
)
def test_a_last_block_keeps_its_value(header: str, closed: str) -> None:
    text = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\nusername: {}\n  a=b"
    result = append(parse(text.format(header)), MIRROR)
    assert result.text == f"{text.format(closed)}\n---\n{WRITTEN}"


def test_the_document_is_laid_out_as_the_file_is() -> None:
    mirror = RegistryMirrorConfig(name="ghcr.io", endpoints=(RegistryEndpoint(url="http://b"),))
    text = "machine:\n  kubelet:\n    image: x\n  files:\n  - path: y\n"
    assert append(parse(text), mirror).text.endswith("endpoints:\n- url: http://b\n")


@pytest.mark.parametrize(
    ("text", "document", "said"),
    [
        (FIRST + "---\n" + WRITTEN, MIRROR, 'a.yaml: there is already a document RegistryMirrorConfig "ghcr.io"'),
        (LEGACY, MIRROR, 'a.yaml: machine.registries has an entry for "ghcr.io"'),
        (LEGACY, RegistryAuthConfig(name="a", username="v"), "RegistryAuthConfig .* would replace as a whole"),
    ],
)
def test_what_cannot_be_added(text: str, document: RegistryDocument, said: str) -> None:
    with pytest.raises(TalosRegistryError, match=said):
        append(parse(text, filename="a.yaml"), document)


def test_an_entry_of_another_kind_is_no_obstacle() -> None:
    document = RegistryMirrorConfig(name="a")
    assert append(parse(LEGACY), document).text.startswith(f"{LEGACY}---\napiVersion")
