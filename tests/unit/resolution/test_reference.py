from __future__ import annotations

import pytest

from talos_registry.diagnostic import InvalidReferenceError
from talos_registry.resolution import Reference

HEX64 = "a" * 64
SHA256 = f"sha256:{HEX64}"
INVALID = "invalid reference format"
LOWERCASE = "invalid reference format: repository name ({}) must be lowercase"
TOO_LONG = "repository name must not be more than 255 characters"


@pytest.mark.parametrize(
    ("text", "registry_host", "repository", "tag"),
    [
        ("nginx", "docker.io", "library/nginx", "latest"),
        ("index.docker.io/nginx", "docker.io", "library/nginx", "latest"),
        ("index.docker.io/a/b:c", "docker.io", "a/b", "c"),
        ("registry-1.docker.io/library/nginx", "registry-1.docker.io", "library/nginx", "latest"),
        ("foo/bar", "docker.io", "foo/bar", "latest"),
        ("foo.bar/baz", "foo.bar", "baz", "latest"),
        ("foo:5000/bar", "foo:5000", "bar", "latest"),
        ("foo:5000", "docker.io", "library/foo", "5000"),
        ("foo.bar:5000", "docker.io", "library/foo.bar", "5000"),
        ("localhost/x", "localhost", "x", "latest"),
        ("localhost:5000/x", "localhost:5000", "x", "latest"),
        ("localhost", "docker.io", "library/localhost", "latest"),
        ("LOCALHOST/x", "LOCALHOST", "x", "latest"),
        ("Foo/bar", "Foo", "bar", "latest"),
        ("Foo.io/bar:T", "Foo.io", "bar", "T"),
        ("[::1]:5000/x", "[::1]:5000", "x", "latest"),
        ("[::1]/x", "[::1]", "x", "latest"),
        ("ghcr.io/a__b", "ghcr.io", "a__b", "latest"),
        ("ghcr.io/a--b", "ghcr.io", "a--b", "latest"),
        ("a_b.c/d", "a_b.c", "d", "latest"),
        ("a_b.c", "docker.io", "library/a_b.c", "latest"),
        ("h:99999/x", "h:99999", "x", "latest"),
        (f"sha256:{HEX64}", "docker.io", "library/sha256", HEX64),
        (f"ghcr.io/a:{'t' * 128}", "ghcr.io", "a", "t" * 128),
        (f"ghcr.io/{'a' * 255}", "ghcr.io", "a" * 255, "latest"),
    ],
)
def test_a_tagged_reference_is_normalised(text: str, registry_host: str, repository: str, tag: str) -> None:
    reference = Reference.parse(text)
    assert reference == (registry_host, repository, tag, None)
    assert str(reference) == f"{registry_host}/{repository}:{tag}"


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        (f"nginx@{SHA256}", f"docker.io/library/nginx@{SHA256}"),
        (f"ghcr.io/a:tag@{SHA256}", f"ghcr.io/a@{SHA256}"),
        (f"ghcr.io/a:TAG@sha384:{'b' * 96}", f"ghcr.io/a@sha384:{'b' * 96}"),
        (f"ghcr.io/a@sha512:{'c' * 128}", f"ghcr.io/a@sha512:{'c' * 128}"),
        (f"a_b.c/d:tag@{SHA256}", f"a_b.c/d@{SHA256}"),
    ],
)
def test_a_digest_replaces_the_tag(text: str, normalised: str) -> None:
    reference = Reference.parse(text)
    assert str(reference) == normalised
    assert reference.tag is None
    assert reference.digest == normalised.partition("@")[2]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", INVALID),
        (" nginx", INVALID),
        ("nginx\n", INVALID),
        ("/a/b", INVALID),
        ("ghcr.io//a", INVALID),
        ("ghcr.io/a/", INVALID),
        ("ghcr.io/a:", INVALID),
        ("ghcr.io/a@", INVALID),
        ("ghcr.io:/a", INVALID),
        ("example.com./a", INVALID),
        ("a-.b/c", INVALID),
        ("user@ghcr.io/a", INVALID),
        ("http://ghcr.io/a/b", INVALID),
        ("[fe80::1%eth0]/x", INVALID),
        ("[abc]/x", INVALID),
        ("::1/x", INVALID),
        ("ghcr.io/a___b", INVALID),
        ("a..b", INVALID),
        ("a._b", INVALID),
        ("-a", INVALID),
        ("a-", INVALID),
        ("über.io/a", INVALID),
        (f"ghcr.io/a:{'t' * 129}", INVALID),
        ("ghcr.io/a@sha256:abc", INVALID),
        ("Foo/Bar", LOWERCASE.format("Bar")),
        ("ghcr.io/Org/img", LOWERCASE.format("Org/img")),
        ("gcr.io/a%2Fb", LOWERCASE.format("a%2Fb")),
        ("A:1", LOWERCASE.format("library/A")),
        ("a\udcff", LOWERCASE.format("library/a\udcff")),
        (f"a@SHA256:{HEX64}", LOWERCASE.format("library/a@SHA256")),
        ("A_b.c/d", "repository name must be lowercase"),
        (HEX64, f"invalid repository name ({HEX64}), cannot specify 64-byte hexadecimal strings"),
        (f"ghcr.io/{'a' * 256}", TOO_LONG),
        ("a" * 248, TOO_LONG),
        (f"a_b.c/{'d' * 250}", TOO_LONG),
        (f"ghcr.io/{'a' * 256}@md5:{'d' * 32}", TOO_LONG),
        (f"ghcr.io/a@sha256:{'a' * 63}", "invalid checksum digest length"),
        (f"ghcr.io/a@sha256:{'A' * 64}", "invalid checksum digest format"),
        (f"ghcr.io/a:t@SHA256:{HEX64}", "invalid checksum digest format"),
        (f"ghcr.io/a@md5:{'d' * 32}", "unsupported digest algorithm"),
        (f"ghcr.io/a@sha256+b64:{HEX64}", "unsupported digest algorithm"),
    ],
)
def test_what_is_no_reference_is_refused_in_upstreams_words(text: str, error: str) -> None:
    with pytest.raises(InvalidReferenceError) as caught:
        Reference.parse(text)
    assert str(caught.value) == error


@pytest.mark.parametrize("text", ["nginx", "a_b.c/d", "[::1]:5000/x", f"ghcr.io/a:tag@{SHA256}", "Foo/bar"])
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = Reference.parse(text)
    assert Reference.parse(str(once)) == once
