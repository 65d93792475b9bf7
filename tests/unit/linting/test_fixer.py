from __future__ import annotations

import pytest

from talos_registry import parse
from talos_registry.linting import fix


def fixed(text: str, *, unsafe: bool = False) -> str:
    return fix(parse(text), unsafe=unsafe).config.text


MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {name}\nendpoints:\n{endpoints}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "# ours\n"
            + MIRROR.format(
                name="docker.io",
                endpoints="  - url: http://a\n  # keep\n\n  # twice\n  - url: http://a # beside\n# end\n",
            ),
            "# ours\n" + MIRROR.format(name="docker.io", endpoints="  - url: http://a\n  # keep\n\n# end\n"),
            id="block",
        ),
        pytest.param(
            MIRROR.format(name="x", endpoints="  [{url: http://a}, {url: http://a}, {url: http://b}]\n"),
            MIRROR.format(name="x", endpoints="  [{url: http://a}, {url: http://b}]\n"),
            id="flow",
        ),
        pytest.param(
            "machine:\r\n  registries:\r\n    mirrors:\r\n      x:\r\n        endpoints:\r\n        - http://a\r\n        - http://a\r\n",
            "machine:\r\n  registries:\r\n    mirrors:\r\n      x:\r\n        endpoints:\r\n        - http://a\r\n",
            id="legacy, crlf",
        ),
        pytest.param(
            "machine:\n  type: worker\n  registries:\n    mirrors:\n      x: {endpoints: [http://a]}\n---\n"
            + MIRROR.format(name="x", endpoints="  - url: http://b\n"),
            "machine:\n  type: worker\n---\n" + MIRROR.format(name="x", endpoints="  - url: http://b\n"),
            id="shadowed entry with all that holds nothing else",
        ),
        pytest.param(
            "version: v1alpha1\nmachine:\n  registries:\n    mirrors:\n      x: {endpoints: [http://a]}\n---\n"
            + MIRROR.format(name="x", endpoints="  - url: http://b\n"),
            "version: v1alpha1\nmachine: {}\n---\n" + MIRROR.format(name="x", endpoints="  - url: http://b\n"),
            id="shadowed entry that is all there is",
        ),
    ],
)
def test_safe_fixes_are_made_and_all_else_stays(text: str, expected: str) -> None:
    assert fixed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            MIRROR.format(name="registry-1.docker.io", endpoints="  - url: http://a # cache\n"),
            MIRROR.format(name="docker.io", endpoints="  - url: http://a # cache\n"),
            id="name",
        ),
        pytest.param(
            MIRROR.format(name="x", endpoints="  - url: https://h.example/v2/p # project\n  - url: http://b\n"),
            MIRROR.format(
                name="x",
                endpoints="  - url: https://h.example/v2/p # project\n    overridePath: true\n  - url: http://b\n",
            ),
            id="flag",
        ),
        pytest.param(
            MIRROR.format(name="x", endpoints="  - {url: 'https://h.example/p'}\n"),
            MIRROR.format(name="x", endpoints="  - {url: 'https://h.example/v2/p', overridePath: true}\n"),
            id="flow and quotes",
        ),
        pytest.param(
            MIRROR.format(name="a.b", endpoints="  - uri: http://a # cache\n    override_path: false\n"),
            MIRROR.format(name="a.b", endpoints="  - url: http://a # cache\n    overridePath: false\n"),
            id="keys that are nearly known",
        ),
        pytest.param(
            "machine: {registries: {mirrors: {a.b: {endpoint: [http://a]}}, configs: {}}}\n",
            "machine: {registries: {mirrors: {a.b: {endpoints: [http://a]}}, config: {}}}\n",
            id="keys of k3s",
        ),
        pytest.param(
            MIRROR.format(name="a.b", endpoints="  - url: http://a\n    urll: http://b\n"),
            MIRROR.format(name="a.b", endpoints="  - url: http://a\n    urll: http://b\n"),
            id="a key that is there already",
        ),
        pytest.param(
            MIRROR.format(name="a.b", endpoints="  - urk: http://a\n    urll: http://b\n"),
            MIRROR.format(name="a.b", endpoints="  - url: http://a\n    urll: http://b\n"),
            id="two keys for one",
        ),
        pytest.param(
            "machine: {registries: {mirrors: {x: {endpoints: [reg.example:5000]}}}}\n",
            "machine: {registries: {mirrors: {x: {endpoints: [https://reg.example:5000]}}}}\n",
            id="scheme",
        ),
        pytest.param(
            MIRROR.format(
                name="x",
                endpoints="  - url: https://h.example/v2/p\n    overridePath: false # no\n  - {url: https://h.example/v2/q, overridePath: ~}\n  - url: https://h.example/v2/r\n    overridePath:\n",
            ),
            MIRROR.format(
                name="x",
                endpoints="  - url: https://h.example/v2/p\n    overridePath: true # no\n  - {url: https://h.example/v2/q, overridePath: true}\n  - url: https://h.example/v2/r\n    overridePath: true\n",
            ),
            id="flag that is set already",
        ),
        pytest.param(
            MIRROR.format(name="x", endpoints="  - overridePath: true\n    url: https://h.example\n"),
            MIRROR.format(name="x", endpoints="  - url: https://h.example\n"),
            id="first key of an item",
        ),
    ],
)
def test_unsafe_fixes_are_made_on_request_only(text: str, expected: str) -> None:
    assert fixed(text) == text
    assert fixed(text, unsafe=True) == expected


def test_a_fix_that_touches_what_an_anchor_shares_is_not_offered() -> None:
    text = MIRROR.format(name="&n registry-1.docker.io", endpoints="  - url: http://a\n") + "---\nkind: x\nname: *n\n"
    assert fixed(text, unsafe=True) == text


def test_what_was_mended_is_told() -> None:
    text = MIRROR.format(name="docker.io", endpoints="  - url: http://a\n  - url: http://a\n")
    assert [one.code for one in fix(parse(text)).applied] == ["repeated-endpoint"]


def test_a_fix_does_not_hide_behind_that_of_an_error() -> None:
    wrong = MIRROR.format(name="docker.io", endpoints="  - uri: http://a\n")
    other = "---\n" + MIRROR.format(name="registry-1.docker.io", endpoints="  - url: http://a\n")
    assert fix(parse(wrong + other), unsafe=True).config.text == wrong.replace("uri", "url") + other


def test_a_fix_that_talos_would_refuse_is_not_made_and_told() -> None:
    text = MIRROR.format(name="docker.io", endpoints="  - nonsense: http://a\n") + "---\n"
    text += MIRROR.format(name="registry-1.docker.io", endpoints="  - url: http://a\n")
    fixed = fix(parse(text), unsafe=True)
    assert fixed.config.text == text
    assert [one.code for one in fixed.refused] == ["docker-hub-mirror-name"]
