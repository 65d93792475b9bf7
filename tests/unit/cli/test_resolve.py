from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.cli.samples import AUTH, BAD, BLOCKED, GOOD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write


def attempts(cli: Cli, *args: str, stdin: str = "") -> dict[str, list[str]]:
    """The URLs each puller tries for the only reference."""
    plans = cli("resolve", "--format", "json", *args, stdin=stdin).json["plans"]
    return {plan["puller"]: [attempt["manifest_url"] for attempt in plan["attempts"]] for plan in plans}


TLS_ON_HTTP = f"{GOOD}---\napiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: 10.5.0.1:5000\n"
CACHE = "http://10.5.0.1:5000/v2/library/nginx/manifests/latest?ns=docker.io"
HUB = "https://registry-1.docker.io/v2/library/nginx/manifests/latest"
CACHE_LAYER = "http://10.5.0.1:5000/v2/library/nginx/blobs/<layer-digest>?ns=docker.io"
HUB_LAYER = "https://registry-1.docker.io/v2/library/nginx/blobs/<layer-digest>"


def test_json_of_resolve(cli: Cli) -> None:
    answer = cli("resolve", "nginx", "-f", "-", "--format", "json", "--puller", "talos", stdin=GOOD).json
    plain = {"path": "/v2", "override_path": False, "auth": None, "tls": None, "skip_verify": False}
    rest = {"https_first": False, "capabilities": ["pull", "resolve", "referrers"]}
    assert answer == {
        "version": 1,
        "talos_version": "1.14",
        "plans": [
            {
                "reference": "docker.io/library/nginx:latest",
                "registry_host": "docker.io",
                "repository": "library/nginx",
                "puller": "talos",
                "mirror": "docker.io",
                "error": None,
                "attempts": [
                    {
                        "role": "mirror", "endpoint": "http://10.5.0.1:5000", "scheme": "http",
                        "host": "10.5.0.1:5000", **plain, **rest, "manifest_url": CACHE,
                    },
                    {
                        "role": "fallback", "endpoint": "https://registry-1.docker.io", "scheme": "https",
                        "host": "registry-1.docker.io", **plain, **rest, "manifest_url": HUB,
                    },
                ],
            }
        ],
    }  # fmt: skip
    assert list(answer["plans"][0]["attempts"][0]) == [
        "role", "endpoint", "scheme", "host", "path", "override_path", "auth", "tls", "skip_verify", "https_first",
        "capabilities", "manifest_url",
    ]  # fmt: skip


def test_what_talos_asks_for_where_it_is_another_reference(cli: Cli) -> None:
    outcome = cli("resolve", "registry-1.docker.io/library/nginx", "-f", "-", stdin=GOOD)
    assert outcome.out.startswith("registry-1.docker.io/library/nginx:latest\n")
    assert f"    1. {CACHE}\n" in outcome.out
    assert "    - talos asks for docker.io/library/nginx:latest\n" in outcome.out
    refused = cli("resolve", "Foo/x", "-f", "-", stdin=GOOD)
    assert refused.code == 1
    assert 'cannot pull: failed to parse image reference "Foo/x:latest": invalid reference format' in refused.out
    assert "    - only cri can pull\n" in refused.out


@pytest.mark.parametrize(("version", "asked"), [("1.12", []), ("1.13", []), ("1.14", ["referrers"])])
def test_capabilities_of_talos_are_those_of_the_version(cli: Cli, version: str, asked: list[str]) -> None:
    options = ("--format", "json", "--puller", "talos", "--talos-version", version)
    (plan,) = cli("resolve", "nginx", "-f", "-", *options, stdin=GOOD).json["plans"]
    assert [attempt["capabilities"] for attempt in plan["attempts"]] == [["pull", "resolve", *asked]] * 2


def test_capabilities_of_containerd_keep_the_order_of_the_contract(cli: Cli) -> None:
    (plan,) = cli("resolve", "nginx", "-f", "-", "--format", "json", "--puller", "cri", stdin=GOOD).json["plans"]
    assert [attempt["capabilities"] for attempt in plan["attempts"]] == [
        ["pull", "resolve"],
        ["pull", "resolve", "push", "referrers"],
    ]


@pytest.mark.parametrize(
    ("option", "pullers"),
    [
        ([], ["talos", "cri"]),
        (["--puller", "talos"], ["talos"]),
        (["--puller", "cri"], ["cri"]),
        (["--puller", "cri,talos"], ["talos", "cri"]),
    ],
)
def test_pullers(cli: Cli, option: list[str], pullers: list[str]) -> None:
    assert list(attempts(cli, "nginx", "-f", "-", *option, stdin=GOOD)) == pullers


def test_image_cache_comes_first(cli: Cli) -> None:
    cached = "http://127.0.0.1:3172/v2/library/nginx/manifests/latest?ns=docker.io"
    assert attempts(cli, "nginx", "-f", "-", "--image-cache", stdin=GOOD) == {
        "talos": [cached, CACHE, HUB],
        "cri": [cached, CACHE, HUB],
    }


@pytest.mark.parametrize(
    "args",
    [
        ["nginx", "-f", "mirror.yaml", "-f", "auth.yaml"],
        ["nginx", "-f", "mirror.yaml", "auth.yaml"],
        ["-f", "mirror.yaml", "auth.yaml", "--puller", "talos", "nginx"],
        ["--file", "mirror.yaml", "auth.yaml", "--", "nginx"],
        ["nginx", "-f", "."],
        ["nginx", "-f", "*.yaml"],
    ],
)
def test_several_files_are_one_config(cli: Cli, write: Write, args: list[str]) -> None:
    write("mirror.yaml", GOOD)
    write("auth.yaml", AUTH)
    plans = cli("resolve", "--format", "json", *args).json["plans"]
    assert {plan["attempts"][0]["auth"] for plan in plans} == {"10.5.0.1:5000"}


def test_references_before_and_after_the_files(cli: Cli, write: Write) -> None:
    write("mirror.yaml", GOOD)
    plans = cli("resolve", "nginx", "-f", "mirror.yaml", "ghcr.io/a/b", "--format", "json", "--puller", "cri").json
    assert [plan["reference"] for plan in plans["plans"]] == ["docker.io/library/nginx:latest", "ghcr.io/a/b:latest"]


@pytest.mark.parametrize("command", [["resolve", "nginx"], ["hosts"]])
def test_a_document_in_two_files(cli: Cli, write: Write, command: list[str]) -> None:
    outcome = cli(*command, "-f", write("a.yaml", GOOD), write("b.yaml", GOOD))
    assert outcome.code == 0
    assert outcome.err.splitlines() == [
        "talos-registry: one config, merged in this order: a.yaml, b.yaml",
        'talos-registry: RegistryMirrorConfig "docker.io" is in a.yaml and in b.yaml; Talos merges the second into the first',
    ]


@pytest.mark.parametrize("command", [["resolve", "nginx"], ["hosts"]])
@pytest.mark.parametrize(
    ("files", "code", "message"),
    [
        (["bad.yaml"], 1, "bad.yaml:5:10: error[endpoint-without-scheme]: "),
        (["missing.yaml"], 2, "talos-registry: missing.yaml: No such file or directory"),
        (["bad.yaml", "-f", "missing.yaml"], 2, "talos-registry: missing.yaml: No such file or directory"),
    ],
)
def test_no_plan_for_a_config_that_talos_refuses(
    cli: Cli, write: Write, command: list[str], files: list[str], code: int, message: str
) -> None:
    write("bad.yaml", BAD)
    outcome = cli(*command, "-f", *files)
    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.err


@pytest.mark.parametrize(
    ("config", "code"), [(GOOD, 0), (TLS_ON_HTTP, 1), (BLOCKED, 1)], ids=["can pull", "error", "no host"]
)
def test_exit_code_of_resolve_says_whether_all_pullers_can_pull(cli: Cli, config: str, code: int) -> None:
    assert cli("resolve", "nginx", "-f", "-", stdin=config).code == code


def test_json_of_requests(cli: Cli) -> None:
    asked = ["resolve", "nginx", "-f", "-", "--format", "json", "--puller", "cri", "--requests"]
    (plan,) = cli(*asked, "--missing", "10.5.0.1:5000", stdin=GOOD).json["plans"]
    assert plan["requests"][:2] == [
        {
            "method": "HEAD", "url": CACHE, "attempt": 0, "host": "10.5.0.1:5000",
            "purpose": "resolve", "outcome": "missing", "seconds": None,
        },
        {
            "method": "HEAD", "url": HUB, "attempt": 1, "host": "registry-1.docker.io",
            "purpose": "resolve", "outcome": "found", "seconds": None,
        },
    ]  # fmt: skip
    assert [request["outcome"] for request in plan["requests"]] == ["missing", "found"] * 5


def test_json_without_them(cli: Cli) -> None:
    (plan,) = cli("resolve", "nginx", "-f", "-", "--format", "json", "--puller", "cri", stdin=GOOD).json["plans"]
    assert "requests" not in plan


def test_text_of_requests(cli: Cli) -> None:
    failures = ["--down", "10.5.0.1:5000", "--failing", "registry-1.docker.io"]
    outcome = cli("resolve", "nginx", "-f", "-", "--requests", *failures, stdin=GOOD)
    assert outcome.out.splitlines()[6:] == [
        "    requests of a first pull:",
        f"      refused HEAD {CACHE}",
        f"      503     HEAD {HUB}",
        f"      503     HEAD {HUB}",
        "    the pull fails",
    ]
    assert outcome.code == 1


def test_json_of_waits(cli: Cli) -> None:
    asked = ["resolve", "nginx", "-f", "-", "--format", "json", "--requests", "--silent", "10.5.0.1:5000"]
    talos, cri = cli(*asked, stdin=GOOD).json["plans"]
    assert [request["seconds"] for request in talos["requests"]] == [90.0, None] * 5
    assert [request["seconds"] for request in cri["requests"]] == [30.0, None] * 5
    assert {request["outcome"] for request in cri["requests"]} == {"silent", "found"}


def test_text_of_waits(cli: Cli) -> None:
    silent = ["--silent", "10.5.0.1:5000", "--silent", "registry-1.docker.io"]
    outcome = cli("resolve", "nginx", "-f", "-", "--requests", *silent, stdin=GOOD)
    lines = outcome.out.splitlines()
    assert lines[6:14] == [
        "    requests of a first pull:",
        f"      silent  HEAD {CACHE}  (waits 90 s)",
        *[f"      silent  HEAD {HUB}  (waits 10 s)"] * 5,
        "    the pull fails after at least 140 s of waiting",
    ]
    assert lines[-3:] == [
        "    the pull fails after at least 80 s of waiting",
        "  the pullers differ:",
        "    - talos waits 140 s, cri 80 s",
    ]
    assert outcome.code == 1


def test_waits_that_do_not_end_a_pull(cli: Cli) -> None:
    asked = ["resolve", "nginx", "-f", "-", "--requests", "--puller", "cri", "--silent", "10.5.0.1:5000"]
    outcome = cli(*asked, stdin=GOOD)
    assert outcome.out.splitlines()[-3:] == [
        f"      silent  GET  {CACHE_LAYER}  (once for each layer, waits 30 s)",
        f"      200     GET  {HUB_LAYER}  (once for each layer)",
        "    the pull succeeds after at least 150 s of waiting",
    ]
    assert outcome.code == 0


def test_waits_of_an_older_talos(cli: Cli) -> None:
    asked = ["resolve", "nginx", "-f", "-", "--requests", "--puller", "cri", "--silent", "10.5.0.1:5000"]
    outcome = cli(*asked, "--talos-version", "1.13", stdin=GOOD)
    assert outcome.out.splitlines()[-2:] == [
        f"      silent  HEAD {CACHE}  (waits 300 s)",
        "    the pull fails after at least 300 s of waiting",
    ]
    assert outcome.code == 1


def test_pullers_that_wait_alike_are_shown_once(cli: Cli) -> None:
    silent = ["--silent", "registry-1.docker.io", "--missing", "10.5.0.1:5000"]
    outcome = cli("resolve", "nginx", "-f", "-", "--requests", *silent, stdin=GOOD)
    assert "  talos and cri try the same URLs in the same way" in outcome.out.splitlines()
    assert outcome.out.splitlines()[-1] == "    the pull fails after at least 50 s of waiting"


def test_text_of_a_pull_that_succeeds(cli: Cli) -> None:
    outcome = cli("resolve", "nginx", "-f", "-", "--requests", stdin=GOOD)
    assert outcome.out.splitlines()[-2:] == [
        "      200     GET  http://10.5.0.1:5000/v2/library/nginx/blobs/<layer-digest>?ns=docker.io  (once for each layer)",
        "    the pull succeeds",
    ]
    assert outcome.code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--down", "10.5.0.1:5000"], "--down needs --requests"),
        (["--silent", "10.5.0.1:5000"], "--silent needs --requests"),
        (["--requests", "--silent", "cache"], "--silent: no attempt goes to 'cache'"),
        (["--requests", "--format", "mermaid"], "--requests is shown as text or json, not as mermaid"),
        (
            ["--requests", "--missing", "10.5.0.1"],
            "--missing: no attempt goes to '10.5.0.1'; the hosts are 10.5.0.1:5000, registry-1.docker.io",
        ),
    ],
)
def test_options_that_make_no_sense(cli: Cli, options: list[str], message: str) -> None:
    outcome = cli("resolve", "nginx", "-f", "-", *options, stdin=GOOD)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_mermaid(cli: Cli) -> None:
    outcome = cli("resolve", "nginx", "-f", "-", "--format", "mermaid", "--puller", "cri", stdin=GOOD)
    assert outcome.out.splitlines() == [
        "flowchart LR",
        '    p1["docker.io/library/nginx:latest, puller cri"]',
        f'    p1 --> p1a1["mirror: {CACHE}"]',
        f'    p1a1 -. not there .-> p1a2["fallback: {HUB}"]',
    ]


@pytest.mark.parametrize(
    "options", ["", "--requests", "--format json", "--format json --requests", "--format mermaid", "--format curl"]
)
def test_a_password_in_the_path_of_an_endpoint_is_not_shown(cli: Cli, write: Write, options: str) -> None:
    write("a.yaml", GOOD.replace("http://10.5.0.1:5000", "https://https://user:hunter2@cache.example"))
    outcome = cli("resolve", "nginx", "-f", "a.yaml", *options.split())
    assert "cache.example" in outcome.out
    assert "hunter2" not in outcome.out + outcome.err
