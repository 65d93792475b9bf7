from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from click.testing import CliRunner

from talos_registry import __version__
from talos_registry.cli import _cli

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
GOOD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n  - url: http://10.5.0.1:5000\n"
BAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n  - url: 10.5.0.1:5000\n"
AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: 10.5.0.1:5000\nusername: u\npassword: p4ss\n"
TLS_ON_HTTP = GOOD + "---\napiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: 10.5.0.1:5000\n"
BLOCKED = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nskipFallback: true\n"


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*args: str, stdin: str | bytes = "") -> Outcome:
    result = CliRunner().invoke(_cli, args, input=stdin, prog_name="talos-registry")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return Outcome(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to work in; ``validate`` ends its process without collecting garbage, we go on."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    gc.enable()


def write(name: str, content: str | bytes) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return name


# Exit codes


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["good.yaml"], 0),
        (["bad.yaml"], 1),
        (["good.yaml", "bad.yaml"], 1),
        (["missing.yaml"], 2),
        (["missing.yaml", "good.yaml"], 2),
        (["bad.yaml", "missing.yaml"], 2),
        (["empty"], 2),
        (["*.nothing"], 2),
        ([], 2),
    ],
)
def test_exit_code_of_validate(files: list[str], code: int) -> None:
    write("good.yaml", GOOD)
    write("bad.yaml", BAD)
    Path("empty").mkdir()
    assert run("validate", *files).code == code


def test_files_after_a_missing_one_are_still_checked() -> None:
    outcome = run("validate", "missing.yaml", write("bad.yaml", BAD))
    assert outcome.out.startswith("bad.yaml:5:10: error[endpoint-without-scheme]: ")
    assert outcome.err == ("talos-registry: missing.yaml: No such file or directory\n1 document in 1 file: 1 error\n")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["validte", "x"], "No such command 'validte'. Did you mean 'validate'?"),
        (["xyz"], "No such command 'xyz'."),
        (["validate", "--nope", "x"], "No such option '--nope'."),
        (["validate", "--talos-version", "new", "x"], "not a Talos version: 'new'"),
        (["validate", "--format", "xml", "x"], "'xml' is not one of 'text', 'json'"),
        (["resolve", "nginx"], "Missing option '-f' / '--file'."),
        (["resolve", "-f", "x"], "Missing argument 'REF...'."),
        (["resolve", "Foo:1:2", "-f", "x"], "invalid reference format"),
        (["resolve", "nginx", "-f", "x", "--puller", "docker"], "'docker' is no puller"),
        (["hosts"], "Missing option '-f' / '--file'."),
        (["schema", "NoKind"], "'NoKind' is not one of"),
    ],
)
def test_wrong_usage(args: list[str], said: str) -> None:
    outcome = run(*args)
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err.replace("Error: No such option: ", "Error: No such option ")


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", [[], ["validate"], ["lint"], ["resolve"], ["hosts"], ["explain"], ["schema"]])
def test_help(command: list[str], flag: str) -> None:
    outcome = run(*command, flag)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("Usage: talos-registry")


def test_version_says_which_yaml_parser_is_active() -> None:
    assert run("--version") in {
        Outcome(0, f"talos-registry {__version__} (YAML parser: {parser})\n", "")
        for parser in ("libyaml", "pure Python")
    }


# Files


def checked(*names: str) -> list[str]:
    """The files in which ``validate`` found something, in order."""
    return [one["file"] for one in run("validate", "--format", "json", *names).json["diagnostics"]]


def test_a_directory_is_searched_for_yaml_files_in_order() -> None:
    for name in ["d/b.yaml", "d/a.yml", "d/sub/c.yaml", "d/.git/x.yaml", "d/notes.txt", "d/a.yaml.bak"]:
        write(name, BAD)
    assert checked("d") == ["d/a.yml", "d/b.yaml", "d/sub/c.yaml"]


def test_a_glob_the_shell_has_left() -> None:
    for name in ["a/1.yaml", "a/2.yaml", "b/1.yaml", "a/deep/3.yaml"]:
        write(name, BAD)
    assert checked("a/*.yaml") == ["a/1.yaml", "a/2.yaml"]
    assert checked("**/1.yaml") == ["a/1.yaml", "b/1.yaml"]


def test_a_file_with_a_wildcard_in_its_name_is_that_file() -> None:
    write("[a].yaml", BAD)
    write("a.yaml", BAD)
    assert checked("[a].yaml") == ["[a].yaml"]


def test_standard_input() -> None:
    outcome = run("validate", "-", stdin=BAD)
    assert outcome.code == 1
    assert outcome.out.startswith("-:5:10: error[endpoint-without-scheme]: ")


def test_one_bad_file_among_many() -> None:
    for number in range(20):
        write(f"d/{number:02}.yaml", BAD if number == 7 else GOOD)
    outcome = run("validate", "d")
    assert outcome.code == 1
    assert outcome.out.startswith("d/07.yaml:5:10: ")
    assert outcome.err == "20 documents in 20 files: 1 error\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a: \xff\xfe\n", "yaml-syntax"),
        (bytes(range(256)) * 8, "yaml-syntax"),
        (b"\x00\x01\x02", "yaml-syntax"),
        (b"a" * (16 * 1024 * 1024 + 1), "limit-exceeded"),
        (b"[" * 100_000, "limit-exceeded"),
        (b"", "empty-config"),
    ],
    ids=["invalid UTF-8", "binary", "control characters", "too large", "too deep", "empty"],
)
def test_what_is_wrong_inside_a_file_is_one_finding(content: bytes, code: str) -> None:
    outcome = run("validate", write("bad.yaml", content))
    assert outcome.code == 1
    first, *excerpt = outcome.out.splitlines()
    assert first.startswith("bad.yaml:")
    assert f" error[{code}]: " in first
    assert len(excerpt) in {0, 2}
    assert all(line.isprintable() for line in (first, *excerpt))


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("docker.io", "{{ registry }}"),
        GOOD.replace("name: docker.io", "{% if mirror %}"),
        GOOD.replace("  - url", "{{- range .mirrors }}\n  - url"),
    ],
)
def test_a_template_is_to_be_rendered_first(text: str) -> None:
    found = run("validate", "--format", "json", "-", stdin=text).json["diagnostics"]
    assert "template-not-rendered" in [one["code"] for one in found]
    assert "yaml-syntax" not in [one["code"] for one in found]


# validate


def test_text_of_validate() -> None:
    write("bad.yaml", BAD)
    assert run("validate", "bad.yaml") == Outcome(
        1,
        'bad.yaml:5:10: error[endpoint-without-scheme]: The endpoint "10.5.0.1:5000" has no scheme; '
        "write https://10.5.0.1:5000 or http://10.5.0.1:5000.\n"
        "    5 |   - url: 10.5.0.1:5000\n"
        "      |          ^^^^^^^^^^^^^\n",
        "1 document in 1 file: 1 error\n",
    )
    write("good.yaml", GOOD)
    assert run("validate", "good.yaml") == Outcome(0, "", "1 document in 1 file: nothing found\n")


def test_json_of_validate() -> None:
    answer = run("validate", "--format", "json", write("bad.yaml", BAD), write("good.yaml", GOOD)).json
    message = answer["diagnostics"][0].pop("message")
    assert '"10.5.0.1:5000"' in message
    assert answer == {
        "version": 1,
        "diagnostics": [
            {
                "code": "endpoint-without-scheme",
                "severity": "error",
                "file": "bad.yaml",
                "line": 5,
                "column": 10,
                "end_line": 5,
                "end_column": 23,
                "kind": "RegistryMirrorConfig",
                "name": "docker.io",
                "path": "endpoints[0].url",
                "fix": None,
            }
        ],
        "summary": {"files": 2, "documents": 2, "errors": 1, "warnings": 0, "infos": 0},
    }


def test_json_keys_come_in_the_order_of_the_contract() -> None:
    (one,) = run("validate", "--format", "json", "-", stdin=BAD).json["diagnostics"]
    assert list(one) == [
        "code", "severity", "message", "file", "line", "column", "end_line", "end_column", "kind", "name", "path", "fix",
    ]  # fmt: skip


def test_json_is_all_there_is_on_stdout_and_talk_is_on_stderr() -> None:
    outcome = run("validate", "--format", "json", "missing.yaml")
    assert outcome.json["summary"] == {"files": 0, "documents": 0, "errors": 0, "warnings": 0, "infos": 0}
    assert outcome.err == "talos-registry: missing.yaml: No such file or directory\n"


def test_a_path_in_the_legacy_section_begins_at_machine() -> None:
    legacy = "machine:\n  registries:\n    mirrors:\n      docker.io:\n        endpoints: x\n"
    (one,) = run("validate", "--format", "json", "-", stdin=legacy).json["diagnostics"]
    assert one["path"] == 'machine.registries.mirrors["docker.io"].endpoints'


@pytest.mark.parametrize(("version", "code"), [("1.11", 1), ("1.12", 0), ("1.13.2", 0), ("1.14.0-beta.1", 0)])
def test_target_version(version: str, code: int) -> None:
    assert run("validate", "--talos-version", version, "-", stdin=GOOD).code == code


# resolve


def attempts(*args: str, stdin: str = "") -> dict[str, list[str]]:
    """The URLs each puller tries for the only reference."""
    plans = run("resolve", "--format", "json", *args, stdin=stdin).json["plans"]
    return {plan["puller"]: [attempt["manifest_url"] for attempt in plan["attempts"]] for plan in plans}


CACHE = "http://10.5.0.1:5000/v2/library/nginx/manifests/latest?ns=docker.io"
HUB = "https://registry-1.docker.io/v2/library/nginx/manifests/latest"


def test_json_of_resolve() -> None:
    answer = run("resolve", "nginx", "-f", "-", "--format", "json", "--puller", "talos", stdin=GOOD).json
    plain = {"path": "/v2", "override_path": False, "auth": None, "tls": None, "skip_verify": False}
    rest = {"https_first": False, "capabilities": ["pull", "resolve", "referrers"]}
    assert answer == {
        "version": 1,
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


def test_capabilities_of_containerd_keep_the_order_of_the_contract() -> None:
    (plan,) = run("resolve", "nginx", "-f", "-", "--format", "json", "--puller", "cri", stdin=GOOD).json["plans"]
    assert [one["capabilities"] for one in plan["attempts"]] == [
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
def test_pullers(option: list[str], pullers: list[str]) -> None:
    assert list(attempts("nginx", "-f", "-", *option, stdin=GOOD)) == pullers


def test_image_cache_comes_first() -> None:
    cached = "http://127.0.0.1:3172/v2/library/nginx/manifests/latest?ns=docker.io"
    assert attempts("nginx", "-f", "-", "--image-cache", stdin=GOOD) == {
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
def test_several_files_are_one_config(args: list[str]) -> None:
    write("mirror.yaml", GOOD)
    write("auth.yaml", AUTH)
    plans = run("resolve", "--format", "json", *args).json["plans"]
    assert {plan["attempts"][0]["auth"] for plan in plans} == {"10.5.0.1:5000"}


def test_references_before_and_after_the_files() -> None:
    write("mirror.yaml", GOOD)
    plans = run("resolve", "nginx", "-f", "mirror.yaml", "ghcr.io/a/b", "--format", "json", "--puller", "cri").json
    assert [plan["reference"] for plan in plans["plans"]] == ["docker.io/library/nginx:latest", "ghcr.io/a/b:latest"]


@pytest.mark.parametrize("command", [["resolve", "nginx"], ["hosts"]])
def test_a_document_in_two_files(command: list[str]) -> None:
    outcome = run(*command, "-f", write("a.yaml", GOOD), write("b.yaml", GOOD))
    assert (outcome.code, outcome.out) == (1, "")
    assert 'RegistryMirrorConfig "docker.io" is in a.yaml and in b.yaml' in outcome.err


@pytest.mark.parametrize("command", [["resolve", "nginx"], ["hosts"]])
@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        (["bad.yaml"], 1, "bad.yaml:5:10: error[endpoint-without-scheme]: "),
        (["missing.yaml"], 2, "talos-registry: missing.yaml: No such file or directory"),
        (["bad.yaml", "-f", "missing.yaml"], 2, "talos-registry: missing.yaml: No such file or directory"),
    ],
)
def test_no_plan_for_a_config_that_talos_refuses(command: list[str], files: list[str], code: int, said: str) -> None:
    write("bad.yaml", BAD)
    outcome = run(*command, "-f", *files)
    assert (outcome.code, outcome.out) == (code, "")
    assert said in outcome.err


@pytest.mark.parametrize(
    ("config", "code"), [(GOOD, 0), (TLS_ON_HTTP, 1), (BLOCKED, 1)], ids=["can pull", "error", "no host"]
)
def test_exit_code_of_resolve_says_whether_all_pullers_can_pull(config: str, code: int) -> None:
    assert run("resolve", "nginx", "-f", "-", stdin=config).code == code


# resolve --requests


def test_json_of_requests() -> None:
    asked = ["resolve", "nginx", "-f", "-", "--format", "json", "--puller", "cri", "--requests"]
    (plan,) = run(*asked, "--missing", "10.5.0.1:5000", stdin=GOOD).json["plans"]
    assert plan["requests"][:2] == [
        {
            "method": "HEAD", "url": CACHE, "attempt": 0, "host": "10.5.0.1:5000",
            "purpose": "resolve", "outcome": "missing",
        },
        {
            "method": "HEAD", "url": HUB, "attempt": 1, "host": "registry-1.docker.io",
            "purpose": "resolve", "outcome": "found",
        },
    ]  # fmt: skip
    assert [request["outcome"] for request in plan["requests"]] == ["missing", "found"] * 5


def test_json_without_them() -> None:
    (plan,) = run("resolve", "nginx", "-f", "-", "--format", "json", "--puller", "cri", stdin=GOOD).json["plans"]
    assert "requests" not in plan


def test_text_of_requests() -> None:
    failures = ["--down", "10.5.0.1:5000", "--failing", "registry-1.docker.io"]
    outcome = run("resolve", "nginx", "-f", "-", "--requests", *failures, stdin=GOOD)
    assert outcome.out.splitlines()[6:] == [
        "    requests of a first pull:",
        f"      refused HEAD {CACHE}",
        f"      503     HEAD {HUB}",
        f"      503     HEAD {HUB}",
        "    the pull fails",
    ]
    assert outcome.code == 1


def test_text_of_a_pull_that_succeeds() -> None:
    outcome = run("resolve", "nginx", "-f", "-", "--requests", stdin=GOOD)
    assert outcome.out.splitlines()[-2:] == [
        "      200     GET  http://10.5.0.1:5000/v2/library/nginx/blobs/<layer-digest>?ns=docker.io  (once for each layer)",
        "    the pull succeeds",
    ]
    assert outcome.code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--down", "10.5.0.1:5000"], "--down needs --requests"),
        (["--requests", "--format", "mermaid"], "--requests is shown as text or json, not as mermaid"),
        (
            ["--requests", "--missing", "10.5.0.1"],
            "--missing: no attempt goes to '10.5.0.1'; the hosts are 10.5.0.1:5000, registry-1.docker.io",
        ),
    ],
)
def test_options_that_make_no_sense(options: list[str], said: str) -> None:
    outcome = run("resolve", "nginx", "-f", "-", *options, stdin=GOOD)
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err


def test_mermaid() -> None:
    outcome = run("resolve", "nginx", "-f", "-", "--format", "mermaid", "--puller", "cri", stdin=GOOD)
    assert outcome.out.splitlines() == [
        "flowchart LR",
        '    p1["docker.io/library/nginx:latest, puller cri"]',
        f'    p1 --> p1a1["mirror: {CACHE}"]',
        f'    p1a1 -. not there .-> p1a2["fallback: {HUB}"]',
    ]


# hosts


def test_hosts_on_stdout_masks_secrets() -> None:
    tls = (
        "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: m.example\nclientIdentity:\n"
        "  cert: |\n    -----BEGIN CERTIFICATE-----\n    Y2VydA==\n    -----END CERTIFICATE-----\n"
        "  key: |\n    -----BEGIN PRIVATE KEY-----\n    c2VjcmV0\n    -----END PRIVATE KEY-----\n"
    )
    outcome = run("hosts", "-f", "-", stdin=f"{GOOD}---\n{AUTH}---\n{tls}")
    assert outcome.code == 0
    assert "# docker.io/hosts.toml\n[host]\n  [host.'http://10.5.0.1:5000']\n" in outcome.out
    assert "username = 'u'\n            password = '********'\n            auth = ''\n" in outcome.out
    assert "# m.example/m.example-client.key\n(not shown)\n" in outcome.out
    assert "Y2VydA==" in outcome.out
    assert "p4ss" not in outcome.out
    assert "c2VjcmV0" not in outcome.out


def test_hosts_on_stdout_masks_private_keys_among_certificates() -> None:
    pem = (
        "-----BEGIN CERTIFICATE-----\nY2VydA==\n-----END CERTIFICATE-----\n"
        "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----\n"
    )
    both = b64encode(pem.encode()).decode()
    tls = f"ca: {both}, clientIdentity: {{crt: {both}, key: {both}}}"
    outcome = run("hosts", "-f", "-", stdin=f"machine: {{registries: {{config: {{m: {{tls: {{{tls}}}}}}}}}}}\n")
    assert outcome.code == 0
    assert outcome.out.count("Y2VydA==\n-----END CERTIFICATE-----\n(not shown)\n") == 2
    assert "c2VjcmV0" not in outcome.out


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_hosts_writes_private_files() -> None:
    old_umask = os.umask(0o022)
    try:
        outcome = run("hosts", "-f", "-", "-o", "node/hosts", stdin=f"{GOOD}---\n{AUTH}")
    finally:
        os.umask(old_umask)
    assert outcome == Outcome(0, "", "2 files written below node/hosts\n")
    written = Path("node/hosts")
    assert "password = 'p4ss'" in (written / "01-registries.part").read_text()
    assert {mode(path) for path in [written, written / "docker.io"]} == {0o700}
    assert {mode(path) for path in written.glob("**/*") if path.is_file()} == {0o600}


def test_hosts_makes_a_file_private_that_was_not() -> None:
    write("out/01-registries.part", "old")
    Path("out/01-registries.part").chmod(0o644)
    run("hosts", "-f", "-", "-o", "out", stdin=AUTH)
    assert mode(Path("out/01-registries.part")) == 0o600


@pytest.mark.parametrize("name", ["../../evil", "/evil", "a/../../../evil"])
def test_hosts_writes_nothing_outside_the_directory(name: str, folder: Path) -> None:
    outcome = run("hosts", "-f", "-", "-o", "deep/out", stdin=f"{GOOD}---\n{GOOD.replace('docker.io', name)}")
    assert (outcome.code, outcome.out) == (1, "")
    assert "is no name below deep/out; nothing is written." in outcome.err
    assert list(folder.iterdir()) == []


def test_hosts_says_what_talos_says_where_it_generates_nothing() -> None:
    tls = "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: '*'\ninsecureSkipVerify: true\n"
    assert run("hosts", "-f", "-", stdin=tls) == Outcome(
        1,
        "",
        "talos-registry: error generating CRI registry hosts: wildcard host TLS configuration is not supported\n",
    )


def test_hosts_cannot_write_over_a_file() -> None:
    write("file", "")
    assert run("hosts", "-f", "-", "-o", "file/out", stdin=GOOD).code == 2


# schema


@pytest.mark.parametrize(
    "kind", ["RegistryMirrorConfig", "RegistryAuthConfig", "RegistryTLSConfig", "ImageCacheConfig"]
)
def test_schema_of_a_kind(kind: str) -> None:
    outcome = run("schema", kind)
    assert (outcome.code, outcome.json["title"], outcome.err) == (0, kind, "")


def test_schema_of_a_stream() -> None:
    assert run("schema").json["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("schema", ["missing.json", "broken.json", "no-schema.json"])
def test_a_schema_that_cannot_be_used(schema: str) -> None:
    write("broken.json", "{")
    write("no-schema.json", '{"type": 1}')
    outcome = run("validate", "--schema", schema, write("good.yaml", GOOD))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"talos-registry: {schema}: ")


def test_the_schema_is_for_the_target() -> None:
    schema = write("schema.json", json.dumps({"properties": {"size": {"type": "integer"}}}))
    file = write("a.yaml", "apiVersion: v1alpha1\nkind: HostnameConfig\nsize: ! 5\n")
    codes = [run("validate", "--schema", schema, file, "--talos-version", version).code for version in ("1.13", "1.14")]
    assert codes == [0, 1]


# What is never printed

SECRET = "S3CR3T"
_AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a.example\nusername: u\n"
_TLS = "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: a.example\n"
_MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a.example\nendpoints:\n"
_LEGACY = "machine:\n  registries:\n"
_LEGACY_MIRROR = f"{_LEGACY}    mirrors:\n      a.example:\n        endpoints:\n"
_LEGACY_CONFIG = f"{_LEGACY}    config:\n      a.example:\n"
LEAKY = [
    f"{_AUTH}password: {SECRET}\n",
    f"{_AUTH}password: {SECRET}\npassword: {SECRET}\n",
    f"{_AUTH}password: [{SECRET}]\n",
    f"{_AUTH}password: {{{SECRET}: 1}}\n",
    f"{_AUTH}password: '{SECRET}\n",
    f"{_AUTH}password: @{SECRET}\n",
    f"{_AUTH}password: %{SECRET}\n",
    f"{_AUTH}password: *{SECRET}\n",
    f"{_AUTH}password: !{SECRET} x\n",
    f'{_AUTH}password: "\\{SECRET}"\n',
    f"{_AUTH}password: |{SECRET}\n",
    f"{_AUTH}password: a: {SECRET}\n",
    f"{_AUTH}password:{SECRET}\n",
    f"{{apiVersion: v1alpha1, kind: RegistryAuthConfig, name: a.example, password:{SECRET}}}\n",
    f"{_AUTH}passwrd: {SECRET}\n",
    f"{_AUTH}auth: {SECRET}\nidentityToken: {SECRET}\npassword: {SECRET}\n",
    f"kind: RegistryAuthConfig\npassword: {SECRET}\n",
    f"apiVersion: v1alpha1\nkind: RegistryAuthConfg\npassword: {SECRET}\n",
    f"password: {SECRET}\n",
    f"{_TLS}ca: {SECRET}\n",
    f"{_TLS}clientIdentity: {SECRET}\n",
    f"{_TLS}clientIdentity: {{cert: {SECRET}, key: {SECRET}}}\n",
    f"{_TLS}clientIdentity: {{crt: {SECRET}, key: {SECRET}}}\n",
    f"{_MIRROR}  - url: http://u:{SECRET}@m.example\n",
    f"{_MIRROR}  - url: http://{SECRET}@m.example\n",
    f"{_MIRROR}  - url: http://u:{SECRET}@m.ex ample\n",
    f"{_MIRROR}  - url: http://u:{SECRET}@m.example:port\n",
    f"{_MIRROR}  - url: http://u:a/{SECRET}@m.example\n",
    f"{_MIRROR}  - url: ftp://u:{SECRET}@m.example\n",
    f"{_MIRROR}  - url: u:{SECRET}@m.example\n",
    f"{_MIRROR}  - http://u:{SECRET}@m.example\n",
    f"{_MIRROR}  - {{http://u:{SECRET}@m.example}}\n",
    f"{_MIRROR}  url: http://u:{SECRET}@m.example\n",
    f"{_LEGACY_MIRROR}          - http://u:{SECRET}@m.example\n",
    f"{_LEGACY_MIRROR}          - http://u:{SECRET}@m.ex ample\n",
    f"{_LEGACY_MIRROR}          - http://u:{SECRET}@m.example:port\n",
    f"{_LEGACY_MIRROR}          - u:{SECRET}@m.example\n",
    f"{_LEGACY_CONFIG}        auth: {{username: u, password: {SECRET}, pass: {SECRET}}}\n",
    f"{_LEGACY_CONFIG}        auth: {SECRET}\n",
    f"{_LEGACY_CONFIG}        tls: {{ca: {SECRET}%, clientIdentity: {{crt: {SECRET}%, key: {SECRET}%}}}}\n",
    f"machine:\n  token: {SECRET}\n  ca: {{crt: {SECRET}, key: {SECRET}}}\n  registries: []\n",
]


@pytest.mark.parametrize("config", LEAKY)
@pytest.mark.parametrize(
    "command",
    [
        ["validate", "-"],
        ["validate", "-", "--format", "json"],
        ["resolve", "a.example/x", "-f", "-"],
        ["resolve", "a.example/x", "-f", "-", "--format", "json"],
        ["resolve", "a.example/x", "-f", "-", "--format", "mermaid"],
        ["hosts", "-f", "-"],
    ],
    ids=" ".join,
)
def test_no_secret_is_printed(command: list[str], config: str) -> None:
    outcome = run(*command, stdin=config)
    assert outcome.out + outcome.err != ""
    assert SECRET not in outcome.out
    assert SECRET not in outcome.err


# The process


def process(*args: str, environment: dict[str, str] | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "talos_registry", *args],
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_process_ends_with_the_exit_code() -> None:
    done = process("validate", "-", stdin=BAD)
    assert (done.returncode, done.stderr) == (1, "1 document in 1 file: 1 error\n")


def test_no_colour_where_there_is_no_terminal() -> None:
    assert "\x1b" not in process("validate", "-", stdin=BAD).stdout


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_on_a_terminal(environment: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(_cli, ["resolve", "nginx", "-f", "-"], input=GOOD, color=True)
    assert ("\x1b[" in result.stdout) is coloured


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of a POSIX shell")
def test_a_reader_that_stops_reading_is_no_traceback() -> None:
    for number in range(300):
        write(f"d/{number}.yaml", BAD * 3)
    command = f"'{sys.executable}' -m talos_registry validate d | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command],  # noqa: S607 - the shell of a console
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "BrokenPipeError" not in done.stderr


@pytest.mark.parametrize("name", ["a\\0b", "a/../../b"])
def test_hosts_writes_no_name_that_is_none(name: str, folder: Path) -> None:
    text = f'apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: "{name}"\n'
    outcome = run("hosts", "-f", "-", "-o", "out", stdin=text)
    assert (outcome.code, outcome.out) == (1, "")
    assert list(folder.iterdir()) == []


ODD_NAME = '"https://u:S3CR3T@h\\e[31m\\n"'


@pytest.mark.parametrize(
    "text",
    [
        f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {ODD_NAME}\n",
        f"apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: {ODD_NAME}\nusername: u\npassword: S3CR3T\n",
        f"apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: {ODD_NAME}\nusernam: u\n",
        f"machine: {{registries: {{config: {{{ODD_NAME}: null}}}}}}\n",
    ],
)
@pytest.mark.parametrize(
    "command",
    ["validate -", "validate - --format json", "hosts -f -", "resolve a.example/x -f -"],
)
def test_names_bring_neither_secrets_nor_control_characters_to_the_terminal(command: str, text: str) -> None:
    outcome = run(*command.split(), stdin=text)
    shown = outcome.out + outcome.err
    assert "S3CR3T" not in shown
    assert "\x1b" not in shown
