from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

LEGACY = "# why\nmachine:\n  registries:\n    mirrors:\n      docker.io: {endpoints: [http://a]}\n"
DOCUMENT = "# why\napiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n  - url: http://a\n"
BAD = "      bad: {endpoints: [b:1]}\n"
STAYS = 'a.yaml:6:25: error[endpoint-without-scheme]: mirrors.bad stays: The endpoint "b:1" has no scheme; write https://b:1 or http://b:1.\n'


def content(name: str) -> str:
    return Path(name).read_bytes().decode()


def test_the_migrated_file_is_printed(cli: Cli, write: Write) -> None:
    assert cli("migrate", write("a.yaml", LEGACY)) == (0, DOCUMENT, "")
    assert cli("migrate", "-", stdin=LEGACY) == (0, DOCUMENT, "")
    assert content("a.yaml") == LEGACY


def test_what_stays_is_named(cli: Cli, write: Write) -> None:
    code, out, err = cli("migrate", write("a.yaml", LEGACY + BAD))
    assert (code, err) == (1, STAYS)
    assert BAD in out
    assert DOCUMENT.removeprefix("# why\n") in out


def test_in_place(cli: Cli, write: Write) -> None:
    path = Path(write("a.yaml", LEGACY))
    path.chmod(0o600)
    assert cli("migrate", "a.yaml", "--in-place") == (0, "", "")
    assert content("a.yaml") == DOCUMENT
    assert path.stat().st_mode & 0o777 == 0o600
    assert cli("migrate", "a.yaml", "--in-place") == (0, "", "talos-registry: a.yaml: nothing is migrated\n")
    assert cli("migrate", write("a.yaml", LEGACY + BAD), "--in-place") == (1, "", STAYS)
    assert BAD in content("a.yaml")
    assert "RegistryMirrorConfig" in content("a.yaml")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_in_place_keeps_the_encoding(cli: Cli, write: Write, encoding: str) -> None:
    write("a.yaml", LEGACY.replace("why", "wäre").encode(encoding))
    assert cli("migrate", "a.yaml", "--in-place").code == 0
    assert Path("a.yaml").read_bytes() == DOCUMENT.replace("why", "wäre").encode(encoding)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--patch", "--in-place"], "--in-place and --patch exclude each other"),
        (["--in-place", "--diff"], "--diff and --in-place exclude each other"),
        (["--diff", "--patch"], "--diff and --patch exclude each other"),
    ],
)
def test_forms_exclude_each_other(cli: Cli, write: Write, options: list[str], message: str) -> None:
    code, out, err = cli("migrate", *options, write("a.yaml", LEGACY))
    assert (code, out) == (2, "")
    assert message in err
    assert content("a.yaml") == LEGACY


def test_diff(cli: Cli, write: Write) -> None:
    text = f"debug: no\n{LEGACY}".removesuffix("\n")
    code, out, err = cli("migrate", write("a.yaml", text), "--diff")
    assert (code, err, content("a.yaml")) == (0, "", text)
    assert (
        out
        == """\
--- a.yaml
+++ a.yaml
@@ -1,6 +1,8 @@
 debug: no
+---
 # why
-machine:
-  registries:
-    mirrors:
-      docker.io: {endpoints: [http://a]}
\\ No newline at end of file
+apiVersion: v1alpha1
+kind: RegistryMirrorConfig
+name: docker.io
+endpoints:
+  - url: http://a
\\ No newline at end of file
"""
    )


@pytest.mark.parametrize("entry", ["      b: {}\n", "      b:\n"])
def test_diff_shows_no_secret_also_where_talos_refuses_the_file(cli: Cli, write: Write, entry: str) -> None:
    auth = "    config:\n      a: {auth: {username: u, password: s3cret}}\n"
    outcome = cli("migrate", write("a.yaml", LEGACY + entry + auth), "--diff")
    assert "+kind: RegistryAuthConfig\n" in outcome.out
    assert "s3cret" not in outcome.out + outcome.err


def test_patch(cli: Cli, write: Write) -> None:
    out = DOCUMENT.replace("# why", "machine:\n    registries:\n        $patch: delete\n---").replace("  - ", "    - ")
    assert cli("migrate", write("a.yaml", LEGACY), "--patch") == (0, out, "")
    assert cli("migrate", write("a.yaml", DOCUMENT), "--patch") == (
        0,
        "",
        "talos-registry: a.yaml: nothing is migrated\n",
    )


def test_back(cli: Cli, write: Write) -> None:
    code, out, err = cli("migrate", write("a.yaml", DOCUMENT), "--to", "legacy")
    assert (code, err) == (0, "")
    assert cli("migrate", "-", stdin=out) == (0, DOCUMENT, "")


def test_notes_change_no_exit_code(cli: Cli, write: Write) -> None:
    code, _, err = cli("migrate", write("a.yaml", LEGACY + "    config:\n      a: {tls: {}}\n"))
    assert code == 0
    assert "a.yaml:7:16: info[empty-tls]: config.a has an empty tls" in err


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["a.yaml", "--talos-version", "1.11"], 1, "talos-registry: a.yaml: Documents for registries need Talos 1.12; the target is 1.11.\n"),
        (["broken.yaml"], 1, "talos-registry: broken.yaml: A file that cannot be read as a whole is not changed (line 1: "),
        (["missing.yaml"], 2, "talos-registry: missing.yaml: No such file or directory\n"),
        (["."], 2, ". stands for 2 files; name one"),
        (["-", "--in-place"], 2, "--in-place needs files"),
        (["a.yaml", "--patch", "--to", "legacy"], 2, "--patch goes with --to documents only"),
        ([], 2, "Missing argument 'FILES...'"),
    ],
)  # fmt: skip
def test_refusals(cli: Cli, write: Write, args: list[str], code: int, message: str) -> None:
    write("a.yaml", LEGACY)
    write("broken.yaml", "a: ]\n")
    outcome = cli("migrate", *args)
    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.err
