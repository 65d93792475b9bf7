"""Files made to hang, crash or flood the tool: each is a diagnostic, soon, in little memory, and never a traceback."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MIB = 1024 * 1024
ADDRESS_SPACE = 1024 * MIB
RESIDENT = 150 * MIB
SECONDS = 20  # far above what any of these takes: it ends a hang, it measures nothing

MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"


class Outcome(NamedTuple):
    code: int
    output: str
    resident: int


LAUNCHER = """
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_AS, ({address_space}, {address_space}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
done = subprocess.run([sys.executable, "-m", "talos_registry", *sys.argv[3:], sys.argv[1]])
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, file=open(sys.argv[2], "w"))
"""
"""Runs the tool from a small process: a process counts the memory of the one it was forked from as its own."""


@pytest.fixture
def validate(tmp_path: Path) -> Callable[..., Outcome]:
    def run(data: str | bytes, *arguments: str) -> Outcome:
        file, measured = tmp_path / "config.yaml", tmp_path / "measured"
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        launcher = LAUNCHER.format(address_space=ADDRESS_SPACE, seconds=SECONDS)
        command = [sys.executable, "-S", "-c", launcher, str(file), str(measured), *(arguments or ("validate",))]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=4 * SECONDS
        )
        code, resident = map(int, measured.read_text().split())
        return Outcome(code, done.stdout.decode(errors="replace"), resident)

    return run


def alias_bomb(levels: int) -> str:
    lines = ["l0: &l0 [x]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines) + f"\nendpoints: *l{levels - 1}\n"


def followed_bomb(levels: int) -> str:
    """Merge keys behind an alias, in a place where both are followed."""
    lines = ["x0: &x0 {url: http://a}"]
    lines += [f"x{n}: &x{n} {{<<: [{', '.join([f'*x{n - 1}'] * 9)}]}}" for n in range(1, levels)]
    return "\n".join(lines) + f"\nendpoints: [*x{levels - 1}]\n"


def merge_bomb() -> str:
    """429 bytes that cost a loader that executes merge keys many seconds."""
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 8)}]}}" for n in range(1, 8)]
    return "\n".join(lines) + "\n<<: *a7\n"


GO_ESCAPE = r"\'"
OTHER = "apiVersion: v1alpha1, kind: VolumeConfig"
BROKEN = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: [\n"

ACCEPTED = {
    "1M comment lines": lambda: "# x\n" * 1_000_000 + MIRROR,
    "1M comment lines inside": lambda: MIRROR.encode() + b"# x\n" * 1_000_000 + b"skipFallback: true\n",
    "1M line breaks": lambda: "\n" * 1_000_000 + MIRROR,
    "5 MB scalar": lambda: f"{MIRROR}endpoints: [{{url: 'http://h/{'a' * 5_000_000}'}}]\n",
    "5 MB scalar in double quotes": lambda: f'{MIRROR}endpoints: [{{url: "http://h/{"a" * 5_000_000}"}}]\n',
    "300k empty documents": lambda: "---\n" * 300_000 + MIRROR,
    "5,000 documents": lambda: b"".join(f"---\n{MIRROR}".replace("docker", f"d{n}").encode() for n in range(5_000)),
    "8 MiB and an astral character": lambda: f"# \U0001f600 {'x' * 8 * MIB}\n{MIRROR}",
    "16 MiB and a control character": lambda: f"{MIRROR}# \x7f {'x' * (16 * MIB - 100 - len(MIRROR))}\n",
    "50 escapes of go-yaml": lambda: MIRROR + "endpoints:\n" + '- url: "http://a\\\'b"\n' * 50,
    "UTF-16": lambda: MIRROR.encode("utf-16"),
}

REFUSED: dict[str, tuple[str, Callable[[], str | bytes]]] = {
    "flow depth 100,000": ("limit-exceeded", lambda: b"a: " + b"[" * 100_000),
    "closed flow depth 100,000": ("limit-exceeded", lambda: b"a: " + b"[" * 100_000 + b"]" * 100_000),
    "flow mapping depth 100,000": ("limit-exceeded", lambda: b"{a: " * 100_000),
    "block mapping depth": ("limit-exceeded", lambda: "".join(f"{' ' * n}a:\n" for n in range(2_000))),
    "block sequence depth": ("limit-exceeded", lambda: b"- " * 100_000 + b"a\n"),
    "depth in a later document": ("limit-exceeded", lambda: MIRROR.encode() + b"---\n" + b"[" * 100_000),
    "alias bomb": ("wrong-type", lambda: (MIRROR + alias_bomb(12))),
    "merge bomb behind an alias": ("limit-exceeded", lambda: (MIRROR + followed_bomb(12))),
    "429-byte merge bomb": ("limit-exceeded", lambda: (MIRROR + merge_bomb())),
    "list that holds itself": ("wrong-type", lambda: (MIRROR + "endpoints: &e [*e]\n")),
    "mapping that merges itself": ("yaml-syntax", lambda: (MIRROR + "endpoints:\n- &e {url: http://a, <<: *e}\n")),
    "unknown key that holds itself": ("unknown-key", lambda: (MIRROR + "x: &x [*x]\n")),
    "100k anchors": ("limit-exceeded", lambda: (MIRROR + "endpoints:\n" + "- url: &a http://h\n" * 100_000)),
    "200k keys": ("limit-exceeded", lambda: (MIRROR + "".join(f"k{n}: v\n" for n in range(200_000)))),
    "49k keys": ("unknown-key", lambda: (MIRROR + "".join(f"k{n}: v\n" for n in range(49_000)))),
    "49k keys that nearly fit": ("unknown-key", lambda: (MIRROR + "".join(f"name{n}: v\n" for n in range(49_000)))),
    "200k equal keys": ("limit-exceeded", lambda: (MIRROR + "k: v\n" * 200_000)),
    "49k equal keys": ("limit-exceeded", lambda: (MIRROR + "k: v\n" * 49_000)),
    "100 equal keys": ("duplicate-key", lambda: (MIRROR + "k: v\n" * 100)),
    "500k items in flow style": ("limit-exceeded", lambda: (MIRROR + f"k: [{'a,' * 500_000}]\n")),
    "more than 16 MiB": ("limit-exceeded", lambda: b"# " + b"x" * (16 * MIB)),
    "20 MB of documents": ("limit-exceeded", lambda: f"{MIRROR}---\n".encode() * 300_000),
    "binary": ("yaml-syntax", lambda: bytes(range(256)) * 4096),
    "an executable": ("yaml-syntax", lambda: b"\x7fELF\x02\x01\x01" + bytes(100_000)),
    "NULs": ("yaml-syntax", lambda: bytes(1_000_000)),
    "NUL in a value": ("yaml-syntax", lambda: MIRROR.encode() + b"x: a\0b\n"),
    "invalid UTF-8": ("yaml-syntax", lambda: MIRROR.encode() + b"x: \xff\xfe\n"),
    "UTF-16 without a byte order mark": ("yaml-syntax", lambda: MIRROR.encode("utf-16-le")),
    "UTF-16 cut short": ("yaml-syntax", lambda: MIRROR.encode("utf-16")[:-1]),
    "UTF-32": ("yaml-syntax", lambda: MIRROR.encode("utf-32")),
    "nothing": ("empty-config", lambda: b""),
    "300k empty documents alone": ("empty-config", lambda: b"---\n" * 300_000),
    "5,000 broken documents": ("yaml-syntax", lambda: f"---\n{BROKEN}".encode() * 5_000),
    "16 MB and 20 broken documents": ("yaml-syntax", lambda: b"# x\n" * 4_000_000 + f"---\n{BROKEN}".encode() * 20),
    "4 MB and 64 escapes of go-yaml": ("limit-exceeded", lambda: (MIRROR + f"k: \"{'x' * 4_000_000}{GO_ESCAPE * 64}\"\n")),
    "5,000 documents of one name": ("duplicate-document", lambda: f"{MIRROR}---\n".encode() * 5_000),
    "5,000 lists": ("not-a-talos-config", lambda: b"--- [a]\n" * 5_000),
    "5,000 lists beside a config": ("not-a-mapping", lambda: MIRROR.encode() + b"--- [a]\n" * 5_000),
    "unrendered Jinja": ("template-not-rendered", lambda: f"{MIRROR}{{% for e in endpoints %}}\n- url: {{{{ e }}}}\n"),
    "unrendered Helm": ("template-not-rendered", lambda: f"{MIRROR}endpoints: {{{{ .Values.endpoints | toYaml }}}}\n"),
    "1M documents of templates": ("template-not-rendered", lambda: MIRROR + "--- {{ x }}\n" * 1_000_000),
    "2M lists": ("limit-exceeded", lambda: MIRROR + "--- [a]\n" * 2_000_000),
    "400k documents": ("limit-exceeded", lambda: MIRROR + "--- {kind: x, machine: {}}\n" * 400_000),
    "100k other documents": ("limit-exceeded", lambda: "".join(f"--- {{{OTHER}, name: n{n}}}\n" for n in range(100_000))),
    "100k open template markers": ("yaml-syntax", lambda: b"a: {{ x\n" * 100_000),
    "1M dashes": ("not-a-talos-config", lambda: b"-" * 1_000_000),
    "1M dashes beside a config": ("not-a-mapping", lambda: f"{MIRROR}--- {'-' * 1_000_000}"),
    "2M lists alone": ("not-a-talos-config", lambda: "--- [a]\n" * 2_000_000),
    "1M tabs": ("yaml-syntax", lambda: b"\t" * 1_000_000 + b"a"),
    "99,999 single quotes": ("yaml-syntax", lambda: b"a: '" + b"'" * 99_998),
    "100k anchors on nothing": ("yaml-syntax", lambda: b"&a " * 100_000),
    "5,000 punctuated anchors": ("limit-exceeded", lambda: (MIRROR + "".join(f"k{n}: &a.{n} v\n" for n in range(5_000)))),
}  # fmt: skip


@pytest.mark.parametrize("data", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_large_but_good(validate: Callable[..., Outcome], data: Callable[[], str | bytes]) -> None:
    outcome = validate(data())
    assert (outcome.code, outcome.output.rpartition(": ")[2]) == (0, "nothing found\n")
    assert outcome.resident <= RESIDENT, f"{outcome.resident // MIB} MiB"


@pytest.mark.parametrize(("code", "data"), REFUSED.values(), ids=REFUSED.keys())
def test_hostile(validate: Callable[..., Outcome], code: str, data: Callable[[], str | bytes]) -> None:
    outcome = validate(data())
    assert outcome.code == 1, outcome.output[-2000:]
    assert f"error[{code}]" in outcome.output
    assert "Traceback" not in outcome.output
    assert outcome.resident <= RESIDENT, f"{outcome.resident // MIB} MiB"


@pytest.mark.parametrize("command", [("redact",), ("redact", "--check"), ("fmt", "--check")], ids=" ".join)
@pytest.mark.parametrize(
    "name",
    [
        "alias bomb",
        "429-byte merge bomb",
        "list that holds itself",
        "flow depth 100,000",
        "more than 16 MiB",
        "20 MB of documents",
        "binary",
        "nothing",
        "5,000 broken documents",
        "1M dashes beside a config",
    ],
)
def test_what_cannot_be_read_is_neither_formatted_nor_shown(
    validate: Callable[..., Outcome], command: tuple[str, ...], name: str
) -> None:
    code, data = REFUSED[name]
    outcome = validate(data(), *command)
    assert outcome.code == 1, outcome.output[-2000:]
    assert f"error[{code}]" in outcome.output
    assert "Traceback" not in outcome.output


def test_a_file_that_is_not_there_is_usage() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "talos_registry", "validate", "missing.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)
