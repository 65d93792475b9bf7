from __future__ import annotations

import pytest

from talos_registry import InvalidConfigError, TalosRegistryError, parse
from talos_registry.formatting import format_config

HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\n"
AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\n"
OPAQUE = "machine:\n   install: {disk: /dev/sda}   # kept\n\n   # kept\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # order, indentation, quotes, what is empty
        ("kind: RegistryMirrorConfig\nskipFallback: yes\nname: 'a'\napiVersion: v1alpha1\n", f"{HEAD}name: a\nskipFallback: true\n"),
        (f"{HEAD}name: a\nendpoints:\n- url: HTTP://a/b c\n", f"{HEAD}name: a\nendpoints:\n    - url: http://a/b%20c\n"),
        (f"{HEAD}name: a\nendpoints: []\nskipFallback: ~\n", f"{HEAD}name: a\n"),
        (f"{HEAD}name: a\nendpoints: [null, {{url: http://a}}]\n", f"{HEAD}name: a\nendpoints:\n    - url: http://a\n"),
        (f"{HEAD}name: a", f"{HEAD}name: a\n"),
        (f"\n\n{HEAD}\nname: a\n\n\n", f"{HEAD}\nname: a\n"),
        # comments beside keys and values
        (f"{HEAD}name: a # b\n", f"{HEAD}name: a # b\n"),
        (f"{HEAD}name:   # key\n  a   # value\n", f"{HEAD}# key\nname: a # value\n"),
        (f"{HEAD}name: a\nendpoints:   # list\n- url: http://a\n", f"{HEAD}name: a\nendpoints: # list\n    - url: http://a\n"),
        (f"{HEAD}name: a\nendpoints: [{{url: http://a}}, # 1\n  # 2\n  {{url: http://b}}] # 3\n",
         f"{HEAD}name: a\nendpoints:\n    - url: http://a # 1\n    # 2\n    - url: http://b # 3\n"),
        (f"{HEAD}name: a\nendpoints:\n- # dash\n  url: http://a\n", f"{HEAD}name: a\nendpoints:\n    # dash\n    - url: http://a\n"),
        # comments above
        ("# file\nkind: RegistryMirrorConfig\n# version\napiVersion: v1alpha1\n# name\nname: a\n",
         f"# file\n# version\n{HEAD}# name\nname: a\n"),
        (f"{HEAD}name: a\nendpoints:\n- overridePath: true\n  # url\n  url: http://a\n",
         f"{HEAD}name: a\nendpoints:\n    # url\n    - url: http://a\n      overridePath: true\n"),
        (f"{HEAD}name: a\n# gone\nskipFallback:  # empty\n", f"{HEAD}name: a\n# gone\n# empty\n"),
        # comments below
        (f"{HEAD}name: a\nendpoints:\n  - url: http://a\n  # - url: http://b\n# flag\nskipFallback: true\n",
         f"{HEAD}name: a\nendpoints:\n    - url: http://a\n    # - url: http://b\n# flag\nskipFallback: true\n"),
        (f"{HEAD}name: a\nendpoints:\n  - url: http://a\n    # item\n  # list\n# end",
         f"{HEAD}name: a\nendpoints:\n    - url: http://a\n      # item\n    # list\n# end\n"),
        # blocks
        (f"{AUTH}name: a\npassword: |2 # block\n    a\n   b\n\n# after\n", f"{AUTH}name: a\npassword: |4 # block\n      a\n     b\n\n# after\n"),
        (f"{AUTH}name: a\npassword: |+\n  a\n\nusername: u\n", f"{AUTH}name: a\nusername: u\npassword: |+\n    a\n\n"),
        (f"{AUTH}password: |+\n  a\n\nusername: u\n\nname: a\n\n---\n{HEAD}name: b\n",
         f"{AUTH}\nname: a\nusername: u\npassword: |+\n    a\n\n---\n{HEAD}name: b\n") ,
        # anchors
        (f"{AUTH}name: &n  a\nusername: *n   # same\n", f"{AUTH}name: &n a\nusername: *n # same\n"),
        (f"{HEAD}name: a\nendpoints:\n- &e {{url: &u 'http://a'}}\n- *e\n- url: *u\n",
         f"{HEAD}name: a\nendpoints:\n    - &e\n      url: &u 'http://a'\n    - *e\n    - url: *u\n"),
        (f"username: &u u\npassword: *u\n{AUTH}name: *u\n", f"username: &u u\npassword: *u\n{AUTH}name: *u\n"),
        (f"--- &root\n{HEAD}name:  a\n", f"&root\n{HEAD}name: a\n"),
        # streams
        (f"---\n{HEAD}name: a\n...\n---\n{HEAD}name: b\n...\n", f"{HEAD}name: a\n---\n{HEAD}name: b\n"),
        (f"# file\n--- # one\n# head\n{HEAD}name: a\n\n--- # two\n{HEAD}name: b\n",
         f"# file\n# one\n# head\n{HEAD}name: a\n\n--- # two\n{HEAD}name: b\n"),
        (f"{HEAD}name: a\n---\n# nothing\n---\n{HEAD}name: b\n--- # end\n", f"{HEAD}name: a\n# nothing\n---\n{HEAD}name: b\n# end\n"),
        (f"---\n{OPAQUE}---\n{HEAD}name:  a\n", f"{OPAQUE}---\n{HEAD}name: a\n"),
        (f"# file\n---\n{OPAQUE}", f"# file\n---\n{OPAQUE}"),
        (f"{HEAD}name:  a\n--- # opaque\n{OPAQUE}...\n# rest\n", f"{HEAD}name: a\n--- # opaque\n{OPAQUE}---\n# rest\n"),
        (f"%YAML 1.1\n---\n{HEAD}name:  a\n", f"%YAML 1.1\n---\n{HEAD}name:  a\n"),
        (f"\ufeff{HEAD}name:  a\n", f"{HEAD}name: a\n"),
        (f"{HEAD}name:  a # c\n".replace("\n", "\r\n"), f"{HEAD}name: a # c\n".replace("\n", "\r\n")),
        (f"---\r\n# file\n{OPAQUE}---\r\n{HEAD}name:  a\r\n", f"# file\n{OPAQUE}---\n{HEAD}name: a\n"),
    ],
)  # fmt: skip
def test_canonical_form(before: str, after: str) -> None:
    assert format_config(parse(before)) == after
    assert format_config(parse(after)) == after


@pytest.mark.parametrize(("version", "name"), [("1.13", '"yes"'), ("1.14", "'yes'")])
def test_quotes_are_those_of_the_talos_version(version: str, name: str) -> None:
    config = parse(f"{HEAD}name: !!str yes\n", talos_version=version)
    assert format_config(config) == f"{HEAD}name: {name}\n"


@pytest.mark.parametrize(
    "text", ["", "a: [", f"{HEAD}name: a\nendpoint: []\n", f"{HEAD}endpoints: [{{url: 'ftp://a'}}]\n"]
)
def test_what_talos_refuses_is_not_formatted(text: str) -> None:
    with pytest.raises(InvalidConfigError):
        format_config(parse(text))


def test_what_would_change_by_being_written_is_not_formatted() -> None:
    """Talos itself writes text that begins with a tab as a block that it cannot read again."""
    with pytest.raises(TalosRegistryError, match=r"a\.yaml: not formatted"):
        format_config(parse(f'{AUTH}name: a\nusername: "\\ta\\nb"\n', filename="a.yaml"))


def test_legacy_section_stays_as_it_is() -> None:
    text = "machine: {registries: {mirrors: {docker.io: {endpoints: ['http://a']}}}}  # legacy\n"
    assert format_config(parse(text)) == text


def test_a_comment_between_an_anchor_and_its_value_is_not_dropped() -> None:
    config = parse("apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: &a # note\n  b\nusername: c\n")
    with pytest.raises(TalosRegistryError, match="more than its layout"):
        format_config(config)


@pytest.mark.parametrize("version", ["1.12", "1.13"])
@pytest.mark.parametrize("text", ["!\n---\n{}", "{}---\n!\n", "{}---\n! # a\n---\n{}"])
def test_a_lone_tag_is_no_document_where_it_is_no_tag(text: str, version: str) -> None:
    before = text.replace("{}", f"{HEAD}name: a\n", 1).replace("{}", f"{HEAD}name: b\n")
    after = format_config(parse(before, talos_version=version))
    wanted, result = (parse(one, talos_version=version).documents for one in (before, after))
    assert result == wanted
    assert "!" not in after
    assert after.count("# a") == before.count("# a")


@pytest.mark.parametrize(("header", "closed"), [("|", "|-"), ("|+", "|-"), (">", ">-"), ("|-", "|-")])
def test_a_last_block_of_a_document_that_is_carried_keeps_its_value(header: str, closed: str) -> None:
    other = f"{HEAD}name: a\n---\napiVersion: v1alpha1\nkind: HostnameConfig\nhostname: {{}}\n  a=b"
    assert format_config(parse(other.format(header))) == f"{other.format(closed)}\n"


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nmachine:   {type: worker}   # x\n\n\n",
        "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: |\n  a=b",
        "# only\n---\nmachine:   {}\r\n",
    ],
)
def test_a_text_without_a_document_of_the_typed_kinds_stays_as_it_is(text: str) -> None:
    assert format_config(parse(text)) == text
