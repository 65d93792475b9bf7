"""``talos-registry probe``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.servers import Request, Response, Talker, Web, free_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Cli, Write

DIGEST = f"sha256:{'a' * 64}"
TYPE = ("Content-Type", "application/vnd.oci.image.index.v1+json")
FOUND = Response(200, (TYPE, ("Content-Length", "5"), ("Docker-Content-Digest", DIGEST)))
MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nskipFallback: true\nendpoints:\n"
AUTH = "---\napiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: {}\nusername: user\npassword: {}\n"


@contextmanager
def web(answer: Callable[[Request], Response] = lambda _: FOUND) -> Iterator[Web]:
    server = Web(free_host(), answer)
    with server.serving():
        yield server


def mirror(*urls: str) -> str:
    return MIRROR + "".join(f"  - url: {url}\n" for url in urls)


def behind_a_password(request: Request) -> Response:
    wants = Response(401, (("WWW-Authenticate", 'Basic realm="s3cret czNjcmV0 dXNlcjpzM2NyZXQ="'),))
    return FOUND if request.headers.get("authorization") == "Basic dXNlcjpzM2NyZXQ=" else wants


def test_the_report(cli: Cli, write: Write) -> None:
    with web() as server:
        file = write("a.yaml", mirror(server.url, "http://127.0.0.1:1"))
        shown = cli("probe", "-f", file, "--image", "nginx", "--puller", "cri")
    lines = [line.strip() for line in shown.out.splitlines()]
    path = "/v2/library/nginx/manifests/latest?ns=docker.io"
    assert lines[:3] == ["docker.io/library/nginx:latest", "cri: a node pulls it", f"1. ok  {server.url}{path}"]
    assert lines[3].startswith("200, 0.0")
    assert lines[3].endswith(f" s, {DIGEST}")
    assert lines[4:6] == ["a node pulls from here", f"2. refused  http://127.0.0.1:1{path}"]
    assert lines[6].endswith(" s; nothing listens on port 1")
    assert lines[7:] == ["a node has no other host to ask"]
    assert (shown.code, shown.err) == (1, "")


def test_json(cli: Cli, write: Write) -> None:
    with web() as server:
        file = write("a.yaml", mirror(server.url))
        shown = cli("probe", "-f", file, "--image", "nginx", "--puller", "cri", "--format", "json")
    (probe,) = shown.json.pop("probes")
    assert shown.json == {"version": 1, "talos_version": "1.14"} | {"probes": shown.json["probes"]}
    (attempt,) = probe.pop("attempts")
    reference = "docker.io/library/nginx:latest"
    named = {"reference": reference, "puller": "cri", "mirror": "docker.io", "error": None, "end": "pulled"}
    assert probe == named
    assert 0 <= attempt.pop("seconds") < 3
    assert attempt == {
        "role": "mirror",
        "endpoint": server.url,
        "scheme": "http",
        "host": server.host,
        "path": "/v2",
        "override_path": False,
        "auth": None,
        "tls": None,
        "skip_verify": False,
        "https_first": False,
        "capabilities": ["pull", "resolve"],
        "manifest_url": f"{server.url}/v2/library/nginx/manifests/latest?ns=docker.io",
        "outcome": "ok",
        "status": 200,
        "digest": DIGEST,
        "detail": "",
        "node": "pulls",
    }
    assert shown.code == 0


def test_both_pullers_are_shown_once_where_they_are_the_same(cli: Cli, write: Write) -> None:
    with web(lambda _: Response(404)) as server:
        config = mirror(server.url).replace("skipFallback: true\n", "")
        shown = cli("probe", "-f", write("a.yaml", config), "--image", "nginx")
    assert "  talos and cri: whether a node pulls it cannot be told from what was asked" in shown.out
    assert shown.code == 0


def test_an_image_that_no_host_has_is_not_pulled(cli: Cli, write: Write) -> None:
    with web(lambda _: Response(404)) as server:
        shown = cli("probe", "-f", write("a.yaml", mirror(server.url)), "--image", "nginx")
    assert "talos and cri: a node cannot pull it" in shown.out
    assert shown.code == 1


@pytest.mark.parametrize(("expected", "code"), [(DIGEST, 0), (f"sha256:{'b' * 64}", 1)])
def test_a_canary_knows_what_it_expects(cli: Cli, write: Write, expected: str, code: int) -> None:
    with web() as server:
        file = write("a.yaml", mirror(server.url))
        shown = cli("probe", "-f", file, "--image", "nginx", "--expect-digest", expected)
    assert shown.code == code
    assert ("other-digest" in shown.out) == bool(code)


def test_a_canary_fails_when_a_mirror_has_lost_the_image(cli: Cli, write: Write) -> None:
    with web(lambda _: Response(404)) as server:
        config = mirror(server.url).replace("skipFallback: true\n", "")
        shown = cli("probe", "-f", write("a.yaml", config), "--image", "nginx", "--expect-digest", DIGEST)
    assert shown.code == 1


def test_a_dead_mirror_is_told_although_the_fallback_hides_it(cli: Cli, write: Write) -> None:
    with web() as server:
        upstream = server.host
        config = mirror("http://127.0.0.1:1").replace("docker.io", upstream).replace("skipFallback: true\n", "")
        shown = cli("probe", "-f", write("a.yaml", config), "--image", f"{upstream}/a", "--fallback", "--puller", "cri")
    assert f"{upstream}/a:latest" in shown.out
    assert "cri: a node pulls it" in shown.out
    assert shown.code == 1


def test_no_secret_is_shown_whatever_the_host_says(cli: Cli, write: Write) -> None:
    with web(behind_a_password) as server:
        file = write("a.yaml", mirror(server.url) + AUTH.format(server.host, "s3cret"))
        shown = cli("probe", "-f", file, "--image", "nginx", "-v", "--puller", "cri")
    assert shown.code == 0
    assert "> HEAD" in shown.err
    assert "Authorization: Basic ***" in shown.err
    for secret in ("s3cret", "dXNlcjpzM2NyZXQ="):
        assert secret not in shown.out + shown.err


def test_what_a_host_says_reaches_no_terminal_as_it_is(cli: Cli, write: Write) -> None:
    challenge = Response(401, (("WWW-Authenticate", "Basic realm=\x1b[31m"), ("WWW-Authenticate", "::error::x")))
    with web(lambda _: challenge) as server:
        shown = cli("probe", "-f", write("a.yaml", mirror(server.url)), "--image", "nginx", "-v")
    assert "\x1b" not in shown.out + shown.err
    assert not any(line.lstrip().startswith("::") for line in (shown.out + shown.err).splitlines())


@pytest.mark.parametrize(("value", "outcome"), [("s3cret", "ok"), (None, "unauthorized")])
def test_a_placeholder_is_filled_from_the_environment_or_not_sent(
    cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch, value: str | None, outcome: str
) -> None:
    if value is not None:
        monkeypatch.setenv("CACHE_PASSWORD", value)
    with web(behind_a_password) as server:
        file = write("a.yaml", mirror(server.url) + AUTH.format(server.host, "${CACHE_PASSWORD}"))
        shown = cli("probe", "-f", file, "--image", "nginx", "--puller", "cri")
    assert f"1. {outcome}  " in shown.out
    assert ("hold a placeholder, so none were sent" in shown.out) == (value is None)
    assert all("authorization" not in one.headers for one in server.requests) == (value is None)


def test_a_realm_elsewhere_is_said_or_refused(cli: Cli, write: Write) -> None:
    with web(lambda _: Response(200, (), b'{"access_token": "t"}')) as realm:
        challenge = Response(401, (("WWW-Authenticate", f'Bearer realm="{realm.url}/token"'),))
        with web(lambda one: FOUND if one.headers.get("authorization") == "Bearer t" else challenge) as server:
            file = write("a.yaml", mirror(server.url) + AUTH.format(server.host, "s3cret"))
            arguments = ("probe", "-f", file, "--image", "nginx", "--puller", "cri")
            refused, said = cli(*arguments, "--no-foreign-realm"), cli(*arguments)
    assert f"{server.host} sends logins to {realm.url}/token: the credentials go there, as a node's would" in said.err
    assert said.code == 0
    assert "--no-foreign-realm keeps the credentials here" in refused.out
    assert (refused.code, len(realm.requests)) == (1, 1)


def test_hosts_can_be_chosen(cli: Cli, write: Write) -> None:
    with web() as server:
        file = write("a.yaml", mirror("http://cache.invalid:5000", server.url))
        shown = cli("probe", "-f", file, "--image", "nginx", "--host", server.host)
        by_name = cli("probe", "-f", file, "--image", "nginx", "--host", "127.0.0.1")
        unknown = cli("probe", "-f", file, "--host", "b")
    assert "not asked: another host was wanted" in shown.out
    assert shown.code == by_name.code == 0
    assert (unknown.code, "no attempt goes to 'b'; the hosts are cache.invalid:5000" in unknown.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--expect-digest", DIGEST], "--expect-digest needs exactly one --image"),
        (["--image", "a", "--image", "b", "--expect-digest", DIGEST], "--expect-digest needs exactly one --image"),
        (["--image", "a", "--expect-digest", "a"], "'a' is no digest"),
        (["--image", "A B"], "A B"),
        (["--puller", "docker"], "'docker' is no puller"),
        (["--timeout", "0"], "--timeout"),
        (["--timeout", "nan"], "nan is no number of seconds"),
        (["--image", "quay.io/a"], "there is no host to ask"),
        (["--jobs", "0"], "--jobs"),
    ],
)
def test_wrong_usage(cli: Cli, write: Write, arguments: list[str], message: str) -> None:
    shown = cli("probe", "-f", write("a.yaml", mirror("http://127.0.0.1:1")), *arguments)
    assert (shown.code, shown.out) == (2, "")
    assert message in shown.err


def test_a_config_without_mirrors_asks_nothing(cli: Cli, write: Write) -> None:
    shown = cli("probe", "-f", write("a.yaml", AUTH.format("a", "b")))
    assert (shown.code, "there is no host to ask" in shown.err) == (2, True)


def test_a_config_that_talos_refuses_asks_nothing(cli: Cli, write: Write) -> None:
    with web() as server:
        shown = cli("probe", "-f", write("a.yaml", mirror(server.url, "bad")), "--image", "nginx")
    assert (shown.code, shown.out, server.requests) == (1, "", [])
    assert "a.yaml:7:10: error[endpoint-without-scheme]" in shown.err


def test_proxies_are_named_and_not_used(cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://user:pw@127.0.0.1:1")
    config = "version: v1alpha1\nmachine:\n  env: {HTTPS_PROXY: 'http://a:pw@b'}\n---\n"
    with web() as server:
        shown = cli("probe", "-f", write("a.yaml", config + mirror(server.url)), "--image", "nginx")
    assert shown.code == 0
    assert "http_proxy: no proxy is used here" in shown.err
    assert "the config has nodes go through a proxy (HTTPS_PROXY), which is not used here" in shown.err
    assert "pw" not in shown.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_what_is_known_when_somebody_interrupts_is_kept(tmp_path: Path) -> None:
    silent = Talker(free_host(), hangs=True)
    with web() as server, silent.serving():
        file = tmp_path / "a.yaml"
        file.write_text(mirror(server.url, silent.url))
        arguments = ["probe", "-f", str(file), "--image", "nginx", "--puller", "cri", "--timeout", "60"]
        process = subprocess.Popen(
            [sys.executable, "-m", "talos_registry", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ,
        )
        while not server.requests:
            time.sleep(0.02)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "1. ok" in out
    assert "interrupted" in out
