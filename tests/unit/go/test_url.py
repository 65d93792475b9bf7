from __future__ import annotations

import pytest

from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.url import Url, Userinfo, clean_path


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://a", Url("http", host="a")),
        ("HTTPS://A.B:443/v2", Url("https", host="A.B:443", path="/v2")),
        ("https://r.example:5000/v2/proj/", Url("https", host="r.example:5000", path="/v2/proj/")),
        ("http://a:", Url("http", host="a:")),
        ("http://[::1]:5000", Url("http", host="[::1]:5000")),
        ("http://[fe80::1%25eth%200]/", Url("http", host="[fe80::1%eth 0]", path="/")),
        ("http://[::1%25%41]", Url("http", host="[::1%A]")),
        ("http://ä.example", Url("http", host="ä.example")),
        ("http://%C3%A4.example", Url("http", host="ä.example")),
        ("http://a/%41", Url("http", host="a", path="/A", raw_path="/%41")),
        ("http://a/a%2fb", Url("http", host="a", path="/a/b", raw_path="/a%2fb")),
        ("http://a/%ff", Url("http", host="a", path="/\udcff", raw_path="/%ff")),
        ("http://a?", Url("http", host="a", force_query=True)),
        ("http://a?x=%zz?", Url("http", host="a", raw_query="x=%zz?")),
        ("http://a#", Url("http", host="a")),
        ("http://a#b%20c", Url("http", host="a", fragment="b c")),
        ("http://a#b%63", Url("http", host="a", fragment="bc", raw_fragment="b%63")),
        ("http://u@h", Url("http", user=Userinfo("u", None), host="h")),
        ("http://u:@h", Url("http", user=Userinfo("u", ""), host="h")),
        ("http://u:p%40:@@h", Url("http", user=Userinfo("u", "p@:@"), host="h")),
        ("http:a", Url("http", opaque="a")),
        ("http:/a", Url("http", path="/a", omit_host=True)),
        ("a.b:5000/x", Url("a.b", opaque="5000/x")),
        ("//a/b", Url(host="a", path="/b")),
        ("///a", Url(path="///a")),
        ("ftp://a:b:1", Url("ftp", host="a:b:1")),
        ("*", Url(path="*")),
        ("", Url()),
    ],
)
def test_a_url_is_taken_apart(text: str, url: Url) -> None:
    assert parse_url(text) == url


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("HTTP://a", "http://a"),
        ("http://", "http:"),
        ("http:/a", "http:/a"),
        ("http:a", "http:a"),
        ("//a/b", "//a/b"),
        ("http:///p", "http:///p"),
        ("http://a?", "http://a?"),
        ("http://a#", "http://a"),
        ("http://a#ä?", "http://a#%C3%A4?"),
        ("http://a?b c#d%20e", "http://a?b c#d%20e"),
        ("http://ä.example", "http://%C3%A4.example"),
        ("http://u@b@h", "http://u%40b@h"),
        ("https://user:pa%20ss@h", "https://user:pa%20ss@h"),
        ("http://a/b c", "http://a/b%20c"),
        ("http://a/b|c", "http://a/b%7Cc"),
        ("http://a/ä", "http://a/%C3%A4"),
        ("http://a/\udcff", "http://a/%FF"),
        ("http://a/%41", "http://a/%41"),
        ("http://a/[b]", "http://a/[b]"),
        ("http://a/a%2fb", "http://a/a%2fb"),
        ("http://[fe80::1%25eth0]/", "http://[fe80::1%25eth0]/"),
        ("*", "*"),
    ],
)
def test_a_url_is_written_as_go_writes_it(text: str, written: str) -> None:
    assert str(parse_url(text)) == written


def test_a_first_segment_with_a_colon_is_not_written_as_a_scheme() -> None:
    assert str(Url(path="a:b/c")) == "./a:b/c"


def test_a_path_gets_its_slash_after_a_host() -> None:
    assert str(Url("http", host="a", path="b")) == "http://a/b"


@pytest.mark.parametrize(
    ("text", "shown", "reason"),
    [
        ("http://a b", "http://a b", 'invalid character " " in host name'),
        ("http://a|b", "http://a|b", 'invalid character "|" in host name'),
        ("http://a\tb", r"http://a\tb", "net/url: invalid control character in URL"),
        ("http://a\x7f", r"http://a\x7f", "net/url: invalid control character in URL"),
        (":a", ":a", "missing protocol scheme"),
        ("127.0.0.1:5000", "127.0.0.1:5000", "first path segment in URL cannot contain colon"),
        (" http://a", " http://a", "first path segment in URL cannot contain colon"),
        ("http://::1", "http://::1", 'invalid port "::1" after host'),
        ("http://a:80:80", "http://a:80:80", 'invalid port ":80:80" after host'),
        ("ftp://a:b:c", "ftp://a:b:c", 'invalid port ":c" after host'),
        ("http://[::1", "http://[::1", "missing ']' in host"),
        ("http://[::1]a", "http://[::1]a", 'invalid port "a" after host'),
        ("http://[a]", "http://[a]", 'invalid host: ParseAddr("a"): unable to parse IP'),
        ("http://[1.2.3.4]", "http://[1.2.3.4]", "invalid IP-literal"),
        ("http://a[::1]", "http://a[::1]", "invalid IP-literal"),
        ("http://[::1%25%0a]", "http://[::1%25%0a]", 'invalid URL escape "%0a"'),
        ("http://[::1%25|]", "http://[::1%25|]", 'invalid character "|" in host name'),
        ("http://%41/", "http://%41/", 'invalid URL escape "%41"'),
        ("http://a/%zz", "http://a/%zz", 'invalid URL escape "%zz"'),
        ("http://a/%4", "http://a/%4", 'invalid URL escape "%4"'),
        ("http://a/%aé", "http://a/%aé", r'invalid URL escape "%a\xc3"'),
        ("http://u|@a", "http://u|@a", "net/url: invalid userinfo"),
        ("http://%zz@a", "http://%zz@a", 'invalid URL escape "%zz"'),
        ("http://a b#c", "http://a b", 'invalid character " " in host name'),
        ("http://a#%zz", "http://a#%zz", 'invalid URL escape "%zz"'),
        ("http://\udcff|", r"http://\xff|", 'invalid character "|" in host name'),
    ],
)
def test_what_is_no_url_is_refused_in_gos_words(text: str, shown: str, reason: str) -> None:
    with pytest.raises(InvalidURLError) as caught:
        parse_url(text)
    assert str(caught.value) == f'parse "{shown}": {reason}'


@pytest.mark.parametrize(
    ("text", "hostname", "port"),
    [
        ("http://a", "a", ""),
        ("http://a:5000", "a", "5000"),
        ("http://a:", "a", ""),
        ("http://[::1]", "::1", ""),
        ("http://[::1]:5000", "::1", "5000"),
        ("http:a", "", ""),
    ],
)
def test_a_host_has_a_name_and_a_port(text: str, hostname: str, port: str) -> None:
    url = parse_url(text)
    assert (url.hostname, url.port) == (hostname, port)


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        ("", "."),
        ("/", "/"),
        ("//", "/"),
        ("a//b/", "a/b"),
        ("/a/./b/../c", "/a/c"),
        ("/../a", "/a"),
        ("../../a", "../../a"),
        ("a/../..", ".."),
        ("a/..", "."),
        ("//x//y/../z", "/x/z"),
        ("/v2/", "/v2"),
        ("/...", "/..."),
    ],
)
def test_a_path_is_cleaned_lexically(path: str, cleaned: str) -> None:
    assert clean_path(path) == cleaned
