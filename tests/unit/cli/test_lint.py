from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Cli, Write

ROOT = Path(__file__).parents[3]
MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n"
GOOD = MIRROR + "  - url: http://10.5.0.1:5000\n"
REPEATED = GOOD + "  - url: http://10.5.0.1:5000 # twice\n"
DOUBLED = MIRROR + "  - url: https://harbor.example/v2/proxy\n"
HINTED = GOOD.replace("docker.io", "ghcr.io") + "  - url: https://ghcr.io\n"
REFUSED = MIRROR + "  - url: 10.5.0.1:5000\n"
SECRET = "hunter2"
LEAKY = f"""\
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: registry-1.docker.io
endpoints:
  - url: https://u:{SECRET}@harbor.example/v2/proxy # {SECRET}
  - url: https://u:{SECRET}@harbor.example/v2/proxy # {SECRET}
  - url: http://u:{SECRET}@b.example/proxy
    overridePath: true
---
apiVersion: v1alpha1
kind: RegistryAuthConfig
name: https://u:{SECRET}@docker.io/v1
username: u
password: "{SECRET}"
---
machine:
  registries:
    mirrors:
      registry-1.docker.io: {{endpoints: ["u:{SECRET}@c.example"]}}
    config:
      b.example:
        auth: {{username: u, password: {SECRET}, auth: {SECRET}}}
"""
FORMATS = ["text", "json", "github", "sarif", "junit"]


@pytest.fixture
def lint(cli: Cli) -> Cli:
    """Runs ``lint``."""
    return partial(cli, "lint")


@pytest.fixture
def found(lint: Cli) -> Callable[..., list[str]]:
    """The codes that ``lint`` finds."""
    return lambda *args, **stdin: lint("--format", "json", *args, **stdin).codes


@pytest.fixture
def many(write: Write) -> Callable[[int], None]:
    """Writes files of several kinds."""
    texts = [GOOD, DOUBLED, REPEATED, REFUSED, HINTED, "a: [", ""]

    def write_all(count: int) -> None:
        for number in range(count):
            write(f"d/{number:03}.yaml", texts[number % len(texts)])

    return write_all


# What makes the exit code


@pytest.mark.parametrize(
    ("text", "option", "code"),
    [
        (GOOD, [], 0),
        (GOOD, ["--fail-on", "info"], 0),
        (HINTED, ["--fail-on", "warning"], 0),
        (HINTED, ["--fail-on", "info"], 1),
        (DOUBLED, [], 0),
        (DOUBLED, ["--fail-on", "error"], 0),
        (DOUBLED, ["--fail-on", "warning"], 1),
        (DOUBLED, ["--fail-on", "info"], 1),
        (DOUBLED, ["--fail-on", "warning", "--ignore", "doubled-v2"], 0),
        (DOUBLED, ["--fail-on", "warning", "--fail-on", "error"], 0),
        (REFUSED, [], 1),
        (REFUSED, ["--ignore", "endpoint-without-scheme"], 1),
        (b"a: \xff\xfe", [], 1),
        ("", [], 1),
    ],
)
@pytest.mark.parametrize("output", FORMATS)
def test_exit_code(lint: Cli, text: str | bytes, option: list[str], code: int, output: str) -> None:
    assert lint(*option, "--format", output, "-", stdin=text).code == code


def test_a_file_that_cannot_be_read_outweighs_findings(write: Write, lint: Cli) -> None:
    outcome = lint("missing.yaml", write("a.yaml", REFUSED))
    assert outcome.code == 2
    assert outcome.out.startswith("a.yaml:5:10: error[endpoint-without-scheme]: ")
    assert outcome.err == "talos-registry: missing.yaml: No such file or directory\n1 document in 1 file: 1 error\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--select", "doubled-v", "-"], 'there is no code "doubled-v"; did you mean "doubled-v2"?'),
        (["--ignore", "doubled-v2,xyz", "-"], 'there is no code "xyz".'),
        (["--image", "Foo:1:2", "-"], '"Foo:1:2": invalid reference format'),
        (["--fail-on", "bad", "-"], "'bad' is not one of 'error', 'warning', 'info'"),
        (["--unsafe", "-"], "--unsafe goes with --fix or --diff."),
        (["--fix", "-", "a"], "--fix writes standard input, fixed, to standard output"),
        (["--fix", "--merge", "a", "b"], "--fix and --diff fix files one by one"),
        (["--diff", "--format", "json", "a"], "--diff is text"),
        (["--jobs", "-1", "a"], "-1 is not in the range"),
        ([], "Missing argument 'FILES...'."),
    ],
)
def test_wrong_usage(lint: Cli, args: list[str], message: str) -> None:
    outcome = lint(*args)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


# Which rules, which images, which version


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ([], ["doubled-v2", "repeated-endpoint"]),
        (["--select", "doubled-v2"], ["doubled-v2"]),
        (["--select", "doubled-v2,self-mirror", "--select", "repeated-endpoint"], ["doubled-v2", "repeated-endpoint"]),
        (["--ignore", "doubled-v2"], ["repeated-endpoint"]),
        (["--select", "doubled-v2", "--ignore", "doubled-v2"], []),
    ],
)
def test_select_and_ignore(found: Callable[..., list[str]], options: list[str], codes: list[str]) -> None:
    assert found(*options, "-", stdin=DOUBLED + "  - url: http://a\n  - url: http://a\n") == codes


def test_an_image_that_passes_by_its_mirror(found: Callable[..., list[str]]) -> None:
    near = GOOD.replace("docker.io", "registry-1.docker.io")
    assert found("--select", "unmatched-image", "-", stdin=near) == []
    assert found("--select", "unmatched-image", "--image", "nginx", "-", stdin=near) == ["unmatched-image"]


def test_the_target_version(found: Callable[..., list[str]]) -> None:
    legacy = "machine:\n  registries:\n    mirrors:\n      docker.io: {endpoints: [http://a]}\n"
    assert "no-talos-fallback" not in found("-", stdin=legacy)
    assert "no-talos-fallback" in found("--talos-version", "1.8", "-", stdin=legacy)


def test_a_comment_suppresses(found: Callable[..., list[str]]) -> None:
    text = DOUBLED.replace("proxy", "proxy # talos-registry: ignore[doubled-v2] the registry is at /v2/proxy/v2")
    assert found("-", stdin=text) == []


# Several files


def test_files_are_judged_alone_unless_they_are_merged(write: Write, found: Callable[..., list[str]]) -> None:
    write("base.yaml", DOUBLED)
    write("patch.yaml", DOUBLED.replace("  - url", "  - overridePath: true\n    url"))
    assert found("base.yaml", "patch.yaml") == ["doubled-v2"]
    assert "repeated-after-merge" in found("--merge", "base.yaml", "patch.yaml")


def test_findings_of_merged_files_are_in_the_file_they_are_about(write: Write, lint: Cli) -> None:
    write("base.yaml", GOOD)
    outcome = lint("--merge", "--fail-on", "warning", "base.yaml", write("patch.yaml", GOOD))
    assert outcome.code == 1
    assert "patch.yaml:5:10: warning[repeated-after-merge]: " in outcome.out
    assert outcome.err.startswith("2 documents in 2 files: ")


def test_nothing_is_known_of_merged_files_when_one_cannot_be_read(write: Write, lint: Cli) -> None:
    outcome = lint("--merge", write("base.yaml", REFUSED), "missing.yaml")
    assert outcome == (2, "", "talos-registry: missing.yaml: No such file or directory\n")


@pytest.mark.parametrize("output", FORMATS)
def test_several_processes_say_the_same_in_the_same_order(
    write: Write, lint: Cli, many: Callable[[int], None], output: str
) -> None:
    many(30)
    write("d/sops.yaml", SOPS)
    alone = lint("--format", output, "d", "missing.yaml")
    assert alone.code == 2
    assert lint("--format", output, "d", "missing.yaml", "--jobs", "3") == alone
    assert lint("--format", output, "d", "missing.yaml", "--jobs", "0") == alone


def test_several_processes_fix_files(lint: Cli, many: Callable[[int], None]) -> None:
    many(14)
    assert lint("--fix", "--jobs", "2", "d").code == 1
    assert Path("d/002.yaml").read_text(encoding="utf-8") == GOOD


def test_standard_input_among_files(write: Write, found: Callable[..., list[str]]) -> None:
    write("a.yaml", DOUBLED)
    assert found("--jobs", "2", "a.yaml", "-", stdin=DOUBLED) == ["doubled-v2", "doubled-v2"]


# What is not rendered yet


SOPS = """\
apiVersion: v1alpha1
kind: RegistryAuthConfig
name: ghcr.io
password: ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]
sops:
    age: []
    lastmodified: "2026-01-01T00:00:00Z"
    mac: ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]
    version: 3.9.0
"""
SOPS_JSON = json.dumps({"kind": "RegistryAuthConfig", "sops": {"mac": "ENC[AES256_GCM,data:abc]"}}, indent=2)


@pytest.mark.parametrize("command", ["validate", "lint"])
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("d/a.yaml", SOPS, "encrypted with SOPS; decrypt it first"),
        ("d/a.yaml", SOPS.replace("\n", "\r\n"), "encrypted with SOPS; decrypt it first"),
        ("d/a.yaml", GOOD + "---\n" + SOPS, "encrypted with SOPS; decrypt it first"),
        ("d/a.yaml", SOPS.replace("mac: ENC[AES256_GCM", "mac: ENC[OTHER"), "encrypted with SOPS; decrypt it first"),
        ("d/a.yaml", "a: 1\nsops: {age: [], mac: 'ENC[x]'}\n", "encrypted with SOPS; decrypt it first"),
        ("d/a.yaml", SOPS_JSON, "encrypted with SOPS; decrypt it first"),
        ("d/a.yaml.j2", "{{ x", "a template; render it first"),
        ("d/a.tpl", "{{ x", "a template; render it first"),
        ("d/a.yaml.tftpl", "a: ${x}", "a template; render it first"),
    ],
)
def test_what_is_skipped(cli: Cli, write: Write, command: str, name: str, content: str, reason: str) -> None:
    write(name, content)
    assert cli(command, name) == (0, "", f"talos-registry: {name}: skipped: {reason}\n")
    assert cli(command, "d/*", write("d/b.yaml", REFUSED)).code == 1


@pytest.mark.parametrize("command", ["validate", "lint"])
def test_what_is_skipped_in_a_directory(cli: Cli, write: Write, command: str) -> None:
    write("d/a.yaml", SOPS)
    write("d/b.yaml", GOOD)
    message = "talos-registry: d/a.yaml: skipped: encrypted with SOPS; decrypt it first\n"
    assert cli(command, "d") == (0, "", f"{message}1 document in 1 file: nothing found\n")


@pytest.mark.parametrize(
    "text",
    [
        SOPS[: SOPS.index("sops:")],
        GOOD + "sops:\n  a: b\n",
        GOOD + "# sops:\n# mac: x\n",
        GOOD.replace("docker.io", "sops"),
    ],
    ids=["values alone", "no metadata", "comments", "a name"],
)
def test_what_is_not_encrypted_is_judged(cli: Cli, text: str) -> None:
    assert "skipped" not in cli("validate", "-", stdin=text).err


# --fix and --diff


def test_fix_makes_safe_changes_only(write: Write, lint: Cli, found: Callable[..., list[str]]) -> None:
    text = "# ours\n" + REPEATED + "  - url: https://harbor.example/v2/proxy\n"
    outcome = lint("--fix", "--fail-on", "warning", write("a.yaml", text))
    assert outcome.code == 1
    assert Path("a.yaml").read_text(encoding="utf-8") == text.replace("  - url: http://10.5.0.1:5000 # twice\n", "")
    assert outcome.err == "talos-registry: a.yaml: fixed: repeated-endpoint (1)\n1 document in 1 file: 1 warning\n"
    assert outcome.out.startswith("a.yaml:7:10: warning[doubled-v2]: ")
    again = lint("--fix", "--unsafe", "--fail-on", "warning", "a.yaml")
    assert (again.code, again.out) == (0, "")
    assert found("a.yaml") == []


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")],
)
def test_fix_keeps_encoding_and_line_ends(write: Write, lint: Cli, encoding: str, mark: bytes) -> None:
    def spelled(text: str) -> bytes:
        return mark + ("# gr\u00fc\u00df\n" + text).replace("\n", "\r\n").encode(encoding)

    assert lint("--fix", write("a.yaml", spelled(REPEATED))).code == 0
    assert Path("a.yaml").read_bytes() == spelled(GOOD)


def test_fix_leaves_a_clean_file_alone(write: Write, lint: Cli) -> None:
    write("a.yaml", GOOD)
    os.utime("a.yaml", (1, 1))
    assert lint("--fix", "a.yaml") == (0, "", "1 document in 1 file: nothing found\n")
    assert Path("a.yaml").stat().st_mtime == 1


def test_a_file_that_cannot_be_written_outweighs_findings_and_the_others_are_fixed(write: Write) -> None:
    write("b.yaml", REPEATED)
    done = subprocess.run(
        [sys.executable, "-m", "talos_registry", "lint", "--fix", "/dev/stdin", "b.yaml"],
        input=REPEATED,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "talos-registry: /dev/stdin: not written: " in done.stderr
    assert Path("b.yaml").read_text(encoding="utf-8") == GOOD


def test_diff_shows_the_change_and_writes_nothing(write: Write, lint: Cli) -> None:
    write("a.yaml", REPEATED)
    changed = (
        "--- a.yaml\n+++ a.yaml\n@@ -3,4 +3,3 @@\n name: docker.io\n endpoints:\n   - url: http://10.5.0.1:5000\n"
        "-  - url: http://10.5.0.1:5000 # twice\n"
    )
    outcome = lint("--diff", "a.yaml")
    assert outcome == (0, changed, "1 document in 1 file: 1 change shown\n")
    assert Path("a.yaml").read_text(encoding="utf-8") == REPEATED
    assert lint("--diff", "--fail-on", "warning", "a.yaml").code == 1
    assert lint("--diff", "--fix", "a.yaml") == outcome


def test_diff_is_for_the_target(write: Write, lint: Cli) -> None:
    write("a.yaml", f"{REPEATED}---\n!\n")
    assert "\n !" in lint("--diff", "--talos-version", "1.13", "a.yaml").out
    assert "\n !" not in lint("--diff", "a.yaml").out


@pytest.mark.parametrize("other", ["note: it's\n", "a: 'b\n", "- [\n", "machine: {token: x, registries: it's}\n"])
def test_a_document_with_strange_text_hides_no_line_of_another(write: Write, lint: Cli, other: str) -> None:
    write("a.yaml", f"{other}---\n{REPEATED}")
    url = "  - url: http://10.5.0.1:5000"
    assert f"\n    {other.count(chr(10)) + 7} | {url} # ...\n" in lint("a.yaml").out
    difference = lint("--diff", "a.yaml").out
    assert f"\n name: docker.io\n endpoints:\n {url}\n-{url} # " in difference


def test_diff_of_standard_input(lint: Cli) -> None:
    assert lint("--diff", "-", stdin=REPEATED).out.startswith("--- -\n+++ -\n@@ -3,4 +3,3 @@\n")


# Secrets


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize("change", ["", "name:", "endpoints:", "kind", "\n---", "machine:", '"', "url: "])
def test_no_secret_is_printed(write: Write, lint: Cli, output: str, change: str) -> None:
    outcome = lint("--format", output, write("a.yaml", LEAKY.replace(change, "")))
    assert "Traceback" not in outcome.err
    assert SECRET not in outcome.out + outcome.err
    if not change:
        assert outcome.out.count("doubled-v2") > 0


def test_no_secret_is_printed_in_a_diff(write: Write, lint: Cli) -> None:
    outcome = lint("--diff", "--unsafe", write("a.yaml", LEAKY))
    assert outcome.out.startswith("--- a.yaml\n")
    assert SECRET not in outcome.out + outcome.err


# Progress


def on_a_terminal(*args: str) -> str:
    """What the command writes to stderr when that is a terminal."""
    import pty

    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "talos_registry", *args],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    while chunk := _read(main):
        shown += chunk
    os.close(main)
    process.wait()
    return shown.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # how Linux says that the other end is closed
        return b""


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_progress_is_shown_on_a_terminal(many: Callable[[int], None]) -> None:
    many(100)
    shown = on_a_terminal("validate", "d")
    assert "Checking" in shown
    assert "100/100" in shown
    assert shown.endswith("skipped 28 files that are not Talos configs\r\n72 documents in 72 files: 14 errors\r\n")


def test_there_is_no_progress_of_a_few_files(many: Callable[[int], None]) -> None:
    many(3)
    assert on_a_terminal("validate", "d") == "3 documents in 3 files: nothing found\r\n"


def test_there_is_no_progress_elsewhere(lint: Cli, many: Callable[[int], None]) -> None:
    many(100)
    assert "Checking" not in lint("d").err


def test_json_of_lint_has_the_fix(lint: Cli) -> None:
    answer: Any = json.loads(lint("--format", "json", "-", stdin=DOUBLED).out)
    (diagnostic,) = answer["diagnostics"]
    assert diagnostic["fix"] == {
        "title": "Set overridePath: true",
        "safe": False,
        "edits": [{"line": 6, "column": 1, "end_line": 6, "end_column": 1, "text": "    overridePath: true\n"}],
    }
    assert answer["summary"] == {"files": 1, "documents": 1, "errors": 0, "warnings": 1, "infos": 0}


def test_diff_of_a_text_too_long_for_excerpts(write: Write, lint: Cli) -> None:
    comment = "# x\n" * 300_000
    assert lint("--diff", write("a.yaml", comment + REPEATED)).out.endswith("-  - url: http://10.5.0.1:5000 # twice\n")


def test_a_name_of_a_file_cannot_control_the_terminal(lint: Cli) -> None:
    assert lint("no\x1b7\nfile").err == "talos-registry: no\\x1b7\\nfile: No such file or directory\n"
