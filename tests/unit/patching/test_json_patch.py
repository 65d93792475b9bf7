from __future__ import annotations

import json
from typing import Any

import pytest

from talos_registry.go.json import read_json, to_json, to_plain
from talos_registry.patching.json_patch import JsonPatchError, patched


def result(document: Any, *operations: dict[str, Any]) -> Any:
    made = to_json(document)
    assert isinstance(made, dict)
    steps = tuple({key: to_json(value) for key, value in one.items()} for one in operations)
    return to_plain(patched(made, steps))


def op(kind: str, path: str, **members: Any) -> dict[str, Any]:
    return {"op": kind, "path": path, **members}


@pytest.mark.parametrize(
    ("document", "operation", "expected"),
    [  # RFC 6902, appendix A
        ({"foo": "bar"}, op("add", "/baz", value="qux"), {"baz": "qux", "foo": "bar"}),
        ({"foo": ["bar", "baz"]}, op("add", "/foo/1", value="qux"), {"foo": ["bar", "qux", "baz"]}),
        ({"baz": "qux", "foo": "bar"}, op("remove", "/baz"), {"foo": "bar"}),
        ({"foo": ["bar", "qux", "baz"]}, op("remove", "/foo/1"), {"foo": ["bar", "baz"]}),
        ({"baz": "qux", "foo": "bar"}, op("replace", "/baz", value="boo"), {"baz": "boo", "foo": "bar"}),
        ({"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}}, op("move", "/qux/thud", **{"from": "/foo/waldo"}), {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}}),
        ({"foo": ["all", "grass", "cows", "eat"]}, op("move", "/foo/3", **{"from": "/foo/1"}), {"foo": ["all", "cows", "eat", "grass"]}),
        ({"foo": "bar"}, op("add", "/child", value={"grandchild": {}}), {"foo": "bar", "child": {"grandchild": {}}}),
        ({"/": 9, "~1": 10}, op("test", "/~01", value=10), {"/": 9, "~1": 10}),
        ({"foo": ["bar"]}, op("add", "/foo/-", value=["abc", "def"]), {"foo": ["bar", ["abc", "def"]]}),
        ({"a": {"b": 1}}, op("copy", "/c", **{"from": "/a"}), {"a": {"b": 1}, "c": {"b": 1}}),
        # and the library's liberties
        ({"foo": ["a", "b"]}, op("add", "/foo/-1", value="c"), {"foo": ["a", "b", "c"]}),
        ({"foo": ["a", "b"]}, op("remove", "/foo/-2"), {"foo": ["b"]}),
        ({"foo": "bar"}, op("replace", "/baz", value=1), {"foo": "bar", "baz": 1}),
        ({"foo": "bar"}, op("replace", "", value={"a": None}), {"a": None}),
        ({"foo": "bar"}, op("test", "/baz"), {"foo": "bar"}),
    ],
)  # fmt: skip
def test_operations(document: Any, operation: dict[str, Any], expected: Any) -> None:
    assert result(document, operation) == expected


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        (op("test", "/foo", value="x"), "testing value /foo failed: test failed"),
        (op("test", "/foo/0/x", value="x"), "test operation does not apply: is missing path: /foo/0/x: missing value"),
        (op("add", "/baz/bat", value="qux"), 'add operation does not apply: doc is missing path: "/baz/bat": missing value'),
        (op("add", "/foo/9", value="x"), "error in add for path: '/foo/9': Unable to access invalid index: 9: invalid index referenced"),
        (op("add", "/foo/x", value="x"), "error in add for path: '/foo/x': value was not a proper array index: 'x': strconv.Atoi: parsing \"x\": invalid syntax"),
        (op("remove", "/foo/x"), "error in remove for path: '/foo/x': strconv.Atoi: parsing \"x\": invalid syntax"),
        (op("replace", "/foo/7", value=1), "replace operation does not apply: doc is missing key: /foo/7: missing value"),
        (op("replace", "", value="x"), "replace operation value must be object or array: %!w(<nil>)"),
        (op("move", "/a"), "move operation failed to decode from: operation, missing from field: missing value"),
        (op("move", "/a", **{"from": "/x"}), "error in move for path: 'x': Unable to remove nonexistent key: x: missing value"),
        ({"op": "add"}, "add operation failed to decode path: missing value"),
        ({"op": "test", "path": 1}, "test operation failed to decode path: json: cannot unmarshal number into Go value of type string"),
        ({"path": "/a"}, "Unexpected kind: unknown"),
        (op("put", "/a"), "Unexpected kind: put"),
    ],
)  # fmt: skip
def test_failures(operation: dict[str, Any], text: str) -> None:
    with pytest.raises(JsonPatchError) as caught:
        result({"foo": ["bar"]}, op("test", "/foo/0", value="bar"), operation)
    assert str(caught.value) == text
    assert caught.value.index == 1


def test_values_are_compared_to_the_letter() -> None:
    document = to_json({"url": "http://a?x&y"})
    assert isinstance(document, dict)
    as_written = read_json(b'"http://a?x&y"')
    with pytest.raises(JsonPatchError, match="test failed"):  # Go escapes the & when it writes JSON
        patched(document, ({"op": '"test"', "path": '"/url"', "value": as_written},))
    assert result({"url": "http://a?x&y"}, op("test", "/url", value="http://a?x&y")) == {"url": "http://a?x&y"}


def test_json_round_trip() -> None:
    data = {"a": [1, 2.5, 'x\u2028"<&>', True, False, None, {"b": {}}], "": []}
    assert to_plain(to_json(data)) == data
    assert to_plain(read_json(json.dumps(data).encode())) == data


def test_a_null_of_yaml_is_an_object_that_holds_nothing() -> None:
    steps = (op("add", "/a", value="v"), op("add", "/x", value=None), op("test", "/x/y"))
    as_yaml = [{key: "null" if value is None else to_json(value) for key, value in one.items()} for one in steps]
    assert to_plain(patched({}, tuple(as_yaml))) == {"a": "v", "x": None}
    for path, text in (("/x/y", "Unable to remove nonexistent key"), ("/x/y/z", "doc is missing path")):
        with pytest.raises(JsonPatchError, match=text):
            patched({}, (*as_yaml, {"op": '"remove"', "path": f'"{path}"'}))
    with pytest.raises(JsonPatchError, match="nil map"):
        patched({}, (*as_yaml, {"op": '"add"', "path": '"/x/y"', "value": "1"}))
