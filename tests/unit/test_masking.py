from __future__ import annotations

import pytest

from talos_registry import parse
from talos_registry.masking import SECRET_KEYS, mask_quoted, mask_secrets, mask_url, may_be_secret
from talos_registry.redaction.places import Form, places

WITH_SECRETS = """\
machine:
  token: x
  ca: {crt: x, key: x}
  registries: {config: {h: {auth: {password: x, auth: x, identityToken: x}, tls: {clientIdentity: {key: x}}}}}
  network: {interfaces: [{wireguard: {privateKey: x}, vip: {hcloud: {apiToken: x}}}]}
  systemDiskEncryption: {state: {keys: [{static: {passphrase: x}}]}}
cluster: {secret: x, token: x, aescbcEncryptionSecret: x, secretboxEncryptionSecret: x, serviceAccount: {key: x}}
---
{apiVersion: v1alpha1, kind: DiscoveryIdentityConfig, clusterSecret: x}
---
{apiVersion: v1alpha1, kind: SideroLinkConfig, uniqueToken: x}
---
{apiVersion: v1alpha1, kind: WireguardConfig, name: w, privateKey: x, peers: [{presharedKey: x}]}
"""


def test_the_keys_of_secrets_are_those_that_are_redacted() -> None:
    config = parse(WITH_SECRETS)
    found = {place.path[-1] for place in places(config, config.roots.items()) if place.form in {Form.TEXT, Form.KEY}}
    assert found == SECRET_KEYS


@pytest.mark.parametrize(
    "key",
    [*sorted(SECRET_KEYS), "pasword", "PASSWORD", "pwd", "tokn", "tokenFile", "credentials", "priv", "clientIdentity"],
)
def test_values_of_keys_like_those_of_secrets_may_be_secret(key: str) -> None:
    assert may_be_secret(key)


@pytest.mark.parametrize("key", ["name", "url", "username", "skipFallback", "insecureSkipVerify", "image", "hostname"])
def test_values_of_other_keys_may_not(key: str) -> None:
    assert not may_be_secret(key)


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://m.example/v2/p", "https://m.example/v2/p"),
        ("https://u:p@m.example/v2/p", "https://***@m.example/v2/p"),
        ("https://token@m.example:5000", "https://***@m.example:5000"),
        ("https://u:p@q@m.example", "https://***@m.example"),
        ("https://m.example/p@q", "https://m.example/p@q"),
        ("https://m.example?a@b", "https://m.example?a@b"),
        ("//u:p@m.example", "//***@m.example"),
        ("https://u:p@https://t@m.example", "https://***@https://***@m.example"),
        ("https://m.example/?from=https://u:p@n.example", "https://m.example/?from=https://***@n.example"),
        ("https://https/u:p@m.example/v2", "https://https/***@m.example/v2"),
        ("HTTP://Http/u:p@m.example", "HTTP://Http/***@m.example"),
        ("https://https.example/u:p@m", "https://https.example/u:p@m"),
        ("u:p@m.example", "***@m.example"),
        ("", ""),
    ],
)
def test_credentials_in_a_url_are_masked(url: str, masked: str) -> None:
    assert mask_url(url) == masked


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ('parse "http://u:p@m x": invalid', 'parse "http://***@m x": invalid'),
        ('parse "http://u:\\"p@m": for "h"', 'parse "http://***@m": for "h"'),
        ('parse "http://u:it\'s@m": for "h"', 'parse "http://***@m": for "h"'),
        ('parse "http://u:a b/c@m": for "h"', 'parse "http://***@m": for "h"'),
        ("[host.'http://u:p\\@m']\n  ca = '/x'", "[host.'http://***@m']\n  ca = '/x'"),
        ('no secret in "http://m" here', 'no secret in "http://m" here'),
    ],
)
def test_credentials_in_quoted_urls_are_masked(said: str, masked: str) -> None:
    assert mask_quoted(said) == masked


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "unknown keys found during decoding:\npasword: hunter2\n",
            "unknown keys found during decoding:\npasword: ***",
        ),
        (
            'unknown keys found during decoding:\na:\n    - "b c": x\n      d: |\n        hunter2\n    - hunter2\n',
            'unknown keys found during decoding:\na:\n    - "b c": ***\n      d: ***\n        ***\n    ***',
        ),
        ("cannot construct !!timestamp `2001-01-01` into string", "cannot construct !!timestamp `***` into string"),
        ("cannot construct !!str `maybe` into bool", "cannot construct !!str `***` into bool"),
        ("cannot construct !!str `a` b` as a !!int", "cannot construct !!str `***` as a !!int"),
        (
            "L1: cannot construct !!str `a\nb` into bool\nL2: cannot construct !!str `c` into bool",
            "L1: cannot construct !!str `***` into bool\nL2: cannot construct !!str `***` into bool",
        ),
        ("at L2.C1: unknown anchor 'hunter2' referenced", "at L2.C1: unknown anchor '***' referenced"),
        ('anchor "hunter2" value contains itself', 'anchor "***" value contains itself'),
        (
            "not a proper array index: 'hunter2': strconv.Atoi: parsing \"hunter2\": invalid syntax",
            "not a proper array index: '***': strconv.Atoi: parsing \"***\": invalid syntax",
        ),
        (
            "index: 'a'b': strconv.Atoi: parsing \"a'b\": invalid",
            "index: '***': strconv.Atoi: parsing \"***\": invalid",
        ),
        ("did not find expected ',' or ']'", "did not find expected ',' or ']'"),
        ("found character '\\t' that cannot start any token", "found character '\\t' that cannot start any token"),
        (
            "patch delete: path 'machine.a' in document 'v1alpha1': cannot delete an inner key in 'machine.a'",
            "patch delete: path 'machine.a' in document 'v1alpha1': cannot delete an inner key in 'machine.a'",
        ),
        ("error in add for path: '/machine/a'", "error in add for path: '/machine/a'"),
        ('parse "http://u:hunter2@a b": invalid', 'parse "http://***@a b": invalid'),
        (
            "merge field url.Userinfo.username: merge not possible, left hunter2 is not settable is not settable",
            "merge field url.Userinfo.username: merge not possible, left *** is not settable",
        ),
    ],
)
def test_texts_of_talos_are_shown_without_values(said: str, shown: str) -> None:
    assert mask_secrets(said) == shown


def test_paths_to_items_are_shown() -> None:
    text = "patch delete: path 'machine.a.[0]' in document '/v1alpha1': failed to delete path 'machine.a.[0]': lookup failed"
    assert mask_secrets(text) == text
