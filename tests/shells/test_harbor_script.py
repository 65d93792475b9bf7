"""The script for Harbor: checked by shellcheck, and run by real shells, curl and jq against a fake of Harbor's API."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from cryptography import x509

from talos_registry.caches import HarborCache
from tests.certificates import Issuer, KeyPair, certificate, certificate_pem, key_pem, new_key
from tests.servers import Response, Web, free_host
from tests.shells.harbor_server import PASSWORD, WEEK, Harbor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Request

pytestmark = pytest.mark.e2e
PROJECTS = ("proxy-docker.io", "proxy-ghcr.io", "proxy-gcr.io", "proxy-registry.k8s.io")
CA_KEY = new_key()
CA = certificate_pem(certificate(CA_KEY, extensions=[x509.BasicConstraints(ca=True, path_length=None)]))
SHELLS = ("dash", "bash")


@pytest.fixture(autouse=True, scope="module")
def _tools() -> None:
    for name in ("curl", "jq", "shellcheck", *SHELLS):
        if shutil.which(name) is None:
            pytest.fail(f"{name} is not installed: apt-get install {name}", pytrace=False)


class Ended(NamedTuple):
    code: int
    out: str
    err: str


class Site:
    """A Harbor that answers, and a folder with scripts for it."""

    def __init__(self, folder: Path, harbor: Harbor, web: Web) -> None:
        self.folder = folder
        self.harbor = harbor
        self.url = web.url
        self.web = web

    def run(
        self, shell: str = "dash", *, stdin: bool = False, variables: dict[str, str] | None = None, **described: Any
    ) -> Ended:
        script = HarborCache(**{"url": self.url} | described).setup
        (self.folder / "harbor.sh").write_text(script, encoding="utf-8")
        temporary = self.folder / "temporary"
        temporary.mkdir(exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(temporary),
            "HARBOR_ADMIN_PASSWORD": PASSWORD,
        }
        done = subprocess.run(
            [shell] if stdin else [shell, "harbor.sh"],
            cwd=self.folder,
            env=environment | (variables or {}),
            input=script if stdin else "",
            capture_output=True,
            text=True,
            umask=0,
            timeout=120,
            check=False,
        )
        assert list(temporary.iterdir()) == []
        assert list(self.folder.glob("*.new")) == []
        assert self.harbor.wrong == []
        said = done.stdout + done.stderr
        assert [secret for secret in (PASSWORD, *self.harbor.secrets) if secret in said] == []
        return Ended(done.returncode, done.stdout, done.stderr)

    @property
    def secret(self) -> Path:
        return self.folder / "harbor-talos.secret"


@contextmanager
def serving(folder: Path, harbor: Harbor, *, pair: KeyPair | None = None) -> Iterator[Site]:
    web = Web(free_host(), harbor.answer, pair=pair)
    with web.serving():
        yield Site(folder, harbor, web)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, Harbor()) as site:
        yield site


KEPT = {
    "id": 1,
    "priority": 1,
    "disabled": False,
    "action": "retain",
    "template": "always",
    "params": {},
    "tag_selectors": [{"kind": "doublestar", "decoration": "matches", "pattern": "**", "extras": '{"untagged":true}'}],
    "scope_selectors": {"repository": [{"kind": "doublestar", "decoration": "repoMatches", "pattern": "**"}]},
}
NOTHING = "All is as it should be.\n"
MAKES_ALL = "".join(
    f"{name}: endpoint made\n{name}: project made\n{name}: retention policy changed\n" for name in PROJECTS
)


def described(**changed: Any) -> HarborCache:
    return HarborCache(**{"url": "https://harbor.example"} | changed)


@pytest.mark.parametrize(
    "cache",
    [
        described(),
        described(robot="talos", retention=30, url="http://[fd00::1]"),
        described(ca=f"it's\n$(id) `id`\n{CA}"),
    ],
)
def test_shellcheck_finds_nothing(cache: HarborCache) -> None:
    done = subprocess.run(["shellcheck", "-"], input=cache.setup, capture_output=True, text=True, check=False)  # noqa: S607 - the one of the system
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_projects_are_made_once_and_keep_all_images(site: Site, shell: str) -> None:
    assert site.run(shell) == (0, MAKES_ALL, "")
    state = site.harbor.snapshot()
    assert [(one["name"], one["type"], one["url"]) for one in state["registries"].values()] == [
        ("proxy-docker.io", "docker-hub", "https://hub.docker.com"),
        ("proxy-ghcr.io", "github-ghcr", "https://ghcr.io"),
        ("proxy-gcr.io", "docker-registry", "https://gcr.io"),
        ("proxy-registry.k8s.io", "docker-registry", "https://registry.k8s.io"),
    ]
    assert [(one["name"], one["registry_id"], one["metadata"]["public"]) for one in state["projects"].values()] == [
        (name, number, "true") for number, name in enumerate(PROJECTS, start=1)
    ]
    assert [site.harbor.rules(name) for name in PROJECTS] == [[KEPT]] * 4
    assert state["robots"] == {}
    site.harbor.changes.clear()
    assert site.run(shell) == (0, NOTHING, "")
    assert (site.harbor.changes, site.harbor.snapshot()) == ([], state)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_robot_is_made_once_and_its_secret_is_for_one_alone(site: Site, shell: str) -> None:
    assert site.run(shell, robot="talos") == (
        0,
        f"{MAKES_ALL}robot$talos: robot made, its secret is in ./harbor-talos.secret\n",
        "",
    )
    assert site.secret.read_text() == site.harbor.secrets[0]
    assert site.secret.stat().st_mode & 0o777 == 0o600
    state = site.harbor.snapshot()
    assert {one["metadata"]["public"] for one in state["projects"].values()} == {"false"}
    robot = state["robots"][1]
    assert (robot["name"], robot["level"], robot["duration"]) == ("talos", "system", -1)
    assert robot["permissions"] == [
        {"kind": "project", "namespace": name, "access": [{"resource": "repository", "action": "pull"}]}
        for name in PROJECTS
    ]
    site.harbor.changes.clear()
    assert site.run(shell, robot="talos") == (0, NOTHING, "")
    assert (site.harbor.changes, site.harbor.snapshot()) == ([], state)
    assert site.secret.read_text() == site.harbor.secrets[0]


def test_other_registries_get_their_own_urls_and_days(site: Site) -> None:
    hosts = ("docker.io=https://hub.mirror", "quay.io", "reg.example:5000=http://[fd00::9]:8080")
    assert site.run(hosts=hosts, prefix="a_", retention=30).code == 0
    assert [(one["name"], one["type"], one["url"]) for one in site.harbor.state["registries"].values()] == [
        ("a_docker.io", "docker-registry", "https://hub.mirror"),
        ("a_quay.io", "docker-registry", "https://quay.io"),
        ("a_reg.example-5000", "docker-registry", "http://[fd00::9]:8080"),
    ]
    days = {"template": "nDaysSinceLastPull", "params": {"nDaysSinceLastPull": 30}}
    assert site.harbor.rules("a_quay.io") == [KEPT | days]
    assert site.run(hosts=hosts, prefix="a_", retention=30).out == NOTHING


def test_a_run_goes_on_where_another_failed(tmp_path: Path) -> None:
    harbor = Harbor(unreachable={"https://gcr.io"})
    with serving(tmp_path, harbor) as site:
        code, out, err = site.run(robot="talos")
        assert (code, err) == (1, "harbor.sh: POST /registries: 400: the registry is unhealthy\n")
        assert "proxy-ghcr.io: retention policy changed" in out
        assert [one["name"] for one in harbor.state["projects"].values()] == ["proxy-docker.io", "proxy-ghcr.io"]
        assert not site.secret.exists()
        harbor.unreachable = ()
        harbor.changes.clear()
        code, out, err = site.run(robot="talos")
        assert (code, err) == (0, "")
        assert harbor.changes == [*["POST /registries", "POST /projects", "PUT /retentions/3"],
            *["POST /registries", "POST /projects", "PUT /retentions/4", "POST /robots"]]  # fmt: skip
        assert site.run(robot="talos").out == NOTHING


@pytest.mark.parametrize(
    "rules",
    [
        WEEK,
        [],
        [KEPT | {"disabled": True}],
        [KEPT, *WEEK],
        [KEPT | {"tag_selectors": [KEPT["tag_selectors"][0] | {"extras": '{"untagged":false}'}]}],  # type: ignore[index]
    ],
)
def test_rules_that_somebody_changed_are_set_again_and_nothing_else_of_the_policy(
    site: Site, rules: list[dict[str, Any]]
) -> None:
    site.run(hosts=("quay.io",))
    site.harbor.state["retentions"][1] |= {
        "rules": rules,
        "trigger": {"kind": "Schedule", "settings": {"cron": "5 0 0 * * *"}},
    }
    site.harbor.changes.clear()
    assert site.run(hosts=("quay.io",)) == (0, "proxy-quay.io: retention policy changed\n", "")
    assert site.harbor.changes == ["PUT /retentions/1"]
    assert site.harbor.rules("proxy-quay.io") == [KEPT]
    assert site.harbor.state["retentions"][1]["trigger"]["settings"] == {"cron": "5 0 0 * * *"}


def test_rules_that_differ_in_their_ids_alone_are_left(site: Site) -> None:
    site.run(hosts=("quay.io",))
    site.harbor.state["retentions"][1]["rules"] = [KEPT | {"id": 7, "priority": 3}]
    assert site.run(hosts=("quay.io",)).out == NOTHING


def test_a_policy_that_was_deleted_is_made_again(site: Site) -> None:
    site.run(hosts=("quay.io",))
    before = site.harbor.state["retentions"].pop(1)
    del site.harbor.project("proxy-quay.io")["metadata"]["retention_id"]
    assert site.run(hosts=("quay.io",)) == (0, "proxy-quay.io: retention policy made\n", "")
    assert site.harbor.state["retentions"][1] == before
    assert site.run(hosts=("quay.io",)).out == NOTHING


def test_a_project_that_is_no_proxy_is_left_alone(site: Site) -> None:
    site.harbor.add("projects", name="proxy-quay.io", metadata={"public": "true"})
    code, out, err = site.run(hosts=("quay.io",))
    assert (code, out) == (1, "proxy-quay.io: endpoint made\n")
    assert (
        err
        == "harbor.sh: project proxy-quay.io is no proxy, and cannot become one: delete it, or take another prefix\n"
    )
    assert site.harbor.state["projects"] == {1: {"id": 1, "name": "proxy-quay.io", "metadata": {"public": "true"}}}


def test_a_project_for_another_endpoint_is_left_alone(site: Site) -> None:
    site.harbor.add("registries", name="other", type="docker-registry", url="https://other.example")
    site.harbor.add("projects", name="proxy-quay.io", registry_id=1, metadata={"public": "true"})
    assert site.run(hosts=("quay.io",)).err == (
        "harbor.sh: project proxy-quay.io is a proxy of endpoint 1, not of 2, for good: delete it, or take another prefix\n"
    )


def test_an_endpoint_of_another_type_is_left_alone(site: Site) -> None:
    site.harbor.add("registries", name="proxy-quay.io", type="quay", url="https://quay.io")
    assert site.run(hosts=("quay.io",)) == (
        1,
        "",
        "harbor.sh: endpoint proxy-quay.io is of type quay, not docker-registry, for good: rename it, or delete it\n",
    )
    assert site.harbor.changes == []


def test_an_endpoint_gets_its_url_and_keeps_the_rest(site: Site) -> None:
    own = {"insecure": True, "credential": {"type": "basic", "access_key": "me"}}
    site.harbor.add("registries", name="proxy-quay.io", type="docker-registry", url="https://old.example", **own)
    code, out, err = site.run(hosts=("quay.io",))
    assert (code, err) == (0, "")
    assert out.startswith("proxy-quay.io: endpoint changed from https://old.example to https://quay.io\n")
    assert site.harbor.state["registries"][1] | own == site.harbor.state["registries"][1]
    assert site.harbor.state["registries"][1]["url"] == "https://quay.io"
    assert site.run(hosts=("quay.io",)).out == NOTHING


def test_who_may_pull_can_be_changed(site: Site) -> None:
    site.run(hosts=("quay.io",))
    assert site.run(hosts=("quay.io",), robot="talos").out == (
        "proxy-quay.io: public set to false\nrobot$talos: robot made, its secret is in ./harbor-talos.secret\n"
    )
    assert site.run(hosts=("quay.io",)).out == "proxy-quay.io: public set to true\n"


def test_a_robot_gets_the_permissions_of_the_moment_and_keeps_its_secret(site: Site) -> None:
    site.run(hosts=("quay.io",), robot="talos")
    site.harbor.changes.clear()
    assert site.run(hosts=("quay.io", "ghcr.io"), robot="talos").out.endswith("\nrobot$talos: robot changed\n")
    robot = site.harbor.state["robots"][1]
    assert [one["namespace"] for one in robot["permissions"]] == ["proxy-quay.io", "proxy-ghcr.io"]
    assert site.harbor.changes[-1] == "PUT /robots/1"
    assert site.secret.read_text() == robot["secret"] == site.harbor.secrets[0]


@pytest.mark.parametrize("changed", [{"disable": True}, {"duration": 30}])
def test_a_robot_that_would_not_let_nodes_in_is_set_right(site: Site, changed: dict[str, Any]) -> None:
    site.run(hosts=("quay.io",), robot="talos")
    before = site.harbor.snapshot()["robots"]
    site.harbor.state["robots"][1] |= changed
    assert site.run(hosts=("quay.io",), robot="talos").out == "robot$talos: robot changed\n"
    assert site.harbor.state["robots"] == before


@pytest.mark.parametrize("left", [None, ""])
def test_a_secret_that_was_lost_is_replaced(site: Site, left: str | None) -> None:
    site.run(hosts=("quay.io",), robot="talos")
    site.secret.unlink()
    if left is not None:
        site.secret.write_text(left)
        site.secret.chmod(0o644)
    assert site.run(hosts=("quay.io",), robot="talos") == (
        0,
        "robot$talos: a new secret is in ./harbor-talos.secret\n",
        "",
    )
    assert site.secret.read_text() == site.harbor.state["robots"][1]["secret"] == site.harbor.secrets[1]
    assert site.secret.stat().st_mode & 0o777 == 0o600


def test_only_the_robot_of_that_very_name_is_changed(site: Site) -> None:
    for name in ("my-talos", "talos2"):
        site.harbor.add("robots", name=name, level="system", editable=True, permissions=[])
    others = site.harbor.snapshot()["robots"]
    assert "robot$talos: robot made" in site.run(hosts=("quay.io",), robot="talos").out
    assert {number: site.harbor.state["robots"][number] for number in others} == others


def test_the_name_is_said_as_harbor_has_it(tmp_path: Path) -> None:
    with serving(tmp_path, Harbor(prefix="bot-")) as site:
        renamed = "harbor.sh: put bot-talos into talos.yaml as the username\n"
        made, again = (site.run(hosts=("quay.io",), robot="talos") for _ in range(2))
        assert "bot-talos: robot made" in made.out
        assert (made.err, again.err, again.out) == (renamed, renamed, NOTHING)
        site.secret.unlink()
        assert site.run(hosts=("quay.io",), robot="talos").out.startswith("bot-talos: a new secret")


def test_the_file_of_the_secret_can_be_chosen(site: Site) -> None:
    variables = {"HARBOR_SECRET_FILE": "secrets of mine"}
    site.run(hosts=("quay.io",), robot="talos", variables=variables)
    assert (site.folder / "secrets of mine").read_text() == site.harbor.secrets[0]
    assert not site.secret.exists()


def test_no_robot_is_made_whose_secret_cannot_be_kept(site: Site) -> None:
    code, _, err = site.run(hosts=("quay.io",), robot="talos", variables={"HARBOR_SECRET_FILE": "missing/secret"})
    assert (code, err.splitlines()[-1]) == (1, "harbor.sh: missing/secret cannot be written")
    assert site.harbor.state["robots"] == {}


def test_the_script_can_be_piped_into_a_shell(site: Site) -> None:
    assert site.run(hosts=("quay.io",), robot="talos", stdin=True).code == 0
    assert site.secret.read_text() == site.harbor.secrets[0]


def test_no_password_is_an_argument_of_a_process(site: Site) -> None:
    log = site.folder / "log"
    programs = site.folder / "bin"
    programs.mkdir()
    for name in ("curl", "jq", "mv", "rm", "dirname", "mktemp"):
        program = programs / name
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "{name} $*" >>{log}\nexec {shutil.which(name)} "$@"\n')
        program.chmod(0o755)
    variables = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    assert site.run(hosts=("quay.io",), robot="talos", variables=variables).code == 0
    header = dict(site.web.requests[0].headers)["authorization"].removeprefix("Basic ")
    arguments = log.read_text(encoding="utf-8")
    assert arguments.count("curl -q --silent") == len(site.web.requests)
    assert [secret for secret in (PASSWORD, header, *site.harbor.secrets) if secret in arguments] == []


def test_another_administrator_can_be_named(site: Site) -> None:
    site.harbor.login = ("robot$ops", PASSWORD)
    assert site.run(hosts=("quay.io",), variables={"HARBOR_USERNAME": "robot$ops"}).code == 0


@pytest.mark.parametrize("shell", SHELLS)
def test_a_wrong_password(site: Site, shell: str) -> None:
    assert site.run(shell, variables={"HARBOR_ADMIN_PASSWORD": "wrong"}) == (
        1,
        "",
        "harbor.sh: GET /registries?q=name%3Dproxy-docker.io: 401: unauthorized\n",
    )
    assert site.harbor.changes == []


@pytest.mark.parametrize("variables", [{"HARBOR_ADMIN_PASSWORD": ""}])
def test_a_password_has_to_be_there(site: Site, variables: dict[str, str]) -> None:
    assert site.run(variables=variables).err == (
        "harbor.sh: set HARBOR_ADMIN_PASSWORD to the password of Harbor's administrator\n"
    )
    assert site.web.requests == []


@pytest.mark.parametrize("missing", ["curl", "jq"])
def test_a_tool_that_is_missing_is_named(site: Site, missing: str) -> None:
    programs = site.folder / "bin"
    programs.mkdir()
    for name in {"curl", "jq", "mktemp", "rm"} - {missing}:
        (programs / name).symlink_to(str(shutil.which(name)))
    shell = str(shutil.which("dash"))
    assert site.run(shell, variables={"PATH": str(programs)}) == (
        1,
        "",
        f"harbor.sh: {missing} is needed, and not installed\n",
    )


def test_a_harbor_that_does_not_answer(site: Site) -> None:
    code, out, err = site.run(url=f"http://{free_host()}")
    assert (code, out) == (1, "")
    first, last = err.splitlines()
    assert first.startswith("curl: (7) Failed to connect to 127.0.0.1 port ")
    assert last == "harbor.sh: GET /registries?q=name%3Dproxy-docker.io: no answer"


PAGE = b"<html><title>\x1b[2JHarbor</title></html>"


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (Response(200, (("Content-Type", "text/html"),), PAGE), "the answer is not one of Harbor's; is {url} right?"),
        (Response(200, (), b'{"a": 1}'), "the answer is not one of Harbor's; is {url} right?"),
        (Response(404, (("Content-Type", "text/html"),), PAGE), "404: no reason given"),
        (Response(308, (("Location", "https://harbor.example/"),), b""), "308: no reason given"),
        (Response(500, (), b'{"errors": [{"message": "a\\u001b[2J"}, {"message": "b"}]}'), "500: a[2J; b"),
    ],
)
def test_something_that_is_no_harbor(tmp_path: Path, response: Response, said: str) -> None:
    def answer(request: Request) -> Response:  # noqa: ARG001 - whatever is asked
        return response

    web = Web(free_host(), answer)
    with web.serving():
        site = Site(tmp_path, Harbor(), web)
        assert site.run() == (
            1,
            "",
            f"harbor.sh: GET /registries?q=name%3Dproxy-docker.io: {said.format(url=web.url)}\n",
        )
    assert {request.method for request in web.requests} == {"GET"}


def test_a_request_that_fails_later_names_method_path_status_and_reason(site: Site) -> None:
    site.run(hosts=("quay.io",))
    del site.harbor.state["retentions"][1]
    assert site.run(hosts=("quay.io",)) == (1, "", "harbor.sh: GET /retentions/1: 404: retentions 1 not found\n")


def test_curl_trusts_the_ca(tmp_path: Path) -> None:
    key = new_key()
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    issued = certificate(key, subject="127.0.0.1", extensions=[names], issuer=Issuer("Test CA", CA_KEY))
    with serving(tmp_path, Harbor(), pair=KeyPair(certificate_pem(issued), key_pem(key))) as site:
        assert site.run(hosts=("quay.io",), ca=CA).code == 0
        assert site.run(hosts=("quay.io",), ca=f"of it's owner, $(id)\n{CA}").out == NOTHING
        code, _, err = site.run(hosts=("quay.io",))
        assert code == 1
        assert err.startswith("curl: (60) SSL certificate problem")
