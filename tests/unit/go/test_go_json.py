from __future__ import annotations

import pytest

from talos_registry.go.json import JsonError, read_json


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "unexpected end of JSON input"),
        ("[1", "unexpected end of JSON input"),
        ('"a', "unexpected end of JSON input"),
        ("-", "unexpected end of JSON input"),
        ("[1] x", "invalid character 'x' after top-level value"),
        ("x", "invalid character 'x' looking for beginning of value"),
        ("[,]", "invalid character ',' looking for beginning of value"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("[1 2]", "invalid character '2' after array element"),
        ("[01]", "invalid character '1' after array element"),
        ("{1}", "invalid character '1' looking for beginning of object key string"),
        ('{"a":1,}', "invalid character '}' looking for beginning of object key string"),
        ('{"a" 1}', "invalid character '1' after object key"),
        ('{"a":1;}', "invalid character ';' after object key:value pair"),
        ('"a\tb"', r"invalid character '\t' in string literal"),
        ('"\\x"', "invalid character 'x' in string escape code"),
        ('"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"),
        ("nul1", "invalid character '1' in literal null (expecting 'l')"),
        ("tru}", "invalid character '}' in literal true (expecting 'e')"),
        ("-x", "invalid character 'x' in numeric literal"),
        ("1.x", "invalid character 'x' after decimal point in numeric literal"),
        ("1ex", "invalid character 'x' in exponent of numeric literal"),
        ("1e+x", "invalid character 'x' in exponent of numeric literal"),
        ("['a']", r"invalid character '\'' looking for beginning of value"),
        ("[\u00e9]", "invalid character '\u00c3' looking for beginning of value"),
    ],
)
def test_error_texts_are_those_of_go(text: str, said: str) -> None:
    with pytest.raises(JsonError) as caught:
        read_json(text.encode())
    assert str(caught.value) == said


def test_scalars_keep_their_text() -> None:
    assert read_json(b' { "a" : [ 1.50 , "\\u0061", true, null, -0, 1E5 ] } ') == {
        "a": ["1.50", '"\\u0061"', "true", None, "-0", "1E5"]
    }
    assert read_json(b'{"a": 1, "a": 2}') == {"a": "2"}
