from __future__ import annotations

import pytest

from talos_registry.placeholders import has_placeholder, holds_no_secret, without_placeholders


@pytest.mark.parametrize(
    "text",
    [
        "${X}",
        "$PASSWORD",
        "{{ .X }}",
        "{% if x %}",
        "<REGISTRY_PASSWORD>",
        "<secret-key>",
        "ENC[AES256_GCM,data:x]",
        "op://a/b c/d",
        "ref+vault://x#/y",
        "secretref+env://x",
        "vault://secret/data/registry#password",
        "awssm://registry",
        "env://REGISTRY_PASSWORD",
        "__PASSWORD__",
        "%REGISTRY_PASSWORD%",
        "CHANGEME",
        "change-me",
    ],
)
def test_placeholders_and_references_hold_no_secret(text: str) -> None:
    assert holds_no_secret(text)
    assert has_placeholder(text)


@pytest.mark.parametrize("text", ["anystore://a/b", "******", "**REDACTED**", ""])
def test_other_texts_that_hold_no_secret(text: str) -> None:
    assert holds_no_secret(text)
    assert not has_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "s3cr3t",
        "${X}s3cr3t",
        "s3cr3t$PASSWORD",
        "$ecret",
        "__s3cr3t__",
        "%s3cr3t%",
        "p%C3%A4ss",
        "<a",
        "vault://user:s3cr3t@store",
        "https://host/path?token=s3cr3t",
        "changeme1",
    ],
)
def test_what_can_be_a_secret(text: str) -> None:
    assert not holds_no_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        *("htps://cache.example", "oci://cache.example", "https://u:p%C3%A4ss@h", "a_b__c__d"),
        *("", "a.b:5000", "pa$$", "5$", "a<b", "http://op://"),
    ],
)
def test_values_that_are_what_they_will_be(text: str) -> None:
    assert not has_placeholder(text)
    assert without_placeholders(text) == text


@pytest.mark.parametrize("text", ["a-${x-y:-z}", "$HOME", "{{ .X }}", "http://<host>/v2", "%s", "${A:-${B}}"])
def test_values_that_are_filled_in_in_part(text: str) -> None:
    assert has_placeholder(text)
