"""The pre-commit hooks as another repository uses them: pre-commit clones this one and installs it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from talos_registry import __version__
from talos_registry.linting.pages import PROJECT
from tests.ci.offline import ROOT, offline
from tests.kinds_of_files import CARRIERS, FOREIGN

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: ghcr.io\nendpoints:\n  - url: http://10.5.0.1:5000\n"
DOUBLED = GOOD.replace("http://10.5.0.1:5000", "https://harbor.example/v2/proxy")
REFUSED = GOOD.replace("http://", "")
SOPS = GOOD + "sops:\n  mac: ENC[AES256_GCM,data:abc]\n"
EXAMPLE: dict[str, Any] = yaml.safe_load((ROOT / "examples/07-ci/pre-commit-config.yml").read_text(encoding="utf-8"))


class Stranger(NamedTuple):
    """Another repository, in which pre-commit is to be run."""

    folder: Path
    environment: dict[str, str]

    def commit(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        git(self.folder, "add", "--all")

    def run(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *identity, *arguments],  # noqa: S607 - the git of the machine
        cwd=folder,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository as it is now, committed."""
    folder = tmp_path_factory.mktemp("ours")
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "now")
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    settings = offline(tmp_path_factory.mktemp("packages"))
    return {**settings, "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("store"))}


@pytest.fixture
def stranger(tmp_path: Path, ours: Path, environment: dict[str, str]) -> Stranger:
    """A repository that uses both hooks, the one for lint as the example shows it."""
    (example,) = EXAMPLE["repos"]
    hooks = [*example["hooks"], {"id": "talos-registry-validate"}]
    config = {"repos": [{"repo": str(ours), "rev": git(ours, "rev-parse", "HEAD"), "hooks": hooks}]}
    git(tmp_path, "init", "--quiet")
    repository = Stranger(tmp_path, environment)
    repository.commit({".pre-commit-config.yaml": yaml.safe_dump(config)})
    return repository


def test_hooks_pass_over_what_is_no_config(stranger: Stranger) -> None:
    stranger.commit({
        "talos/good.yaml": GOOD,
        "talos/talconfig.yaml": "clusterName: x\nendpoint: https://a.example\nnodes: [{hostname: a}]\n",
        "talos/schematic.yaml": "customization: {}\n",
        "talos/patch.json": '[{"op": "remove", "path": "/machine/registries"}]',
        "talos/package.json": '{"name": "x"}',
        "talos/notes.txt": REFUSED,
        "kubernetes/deployment.yaml": "kind: Deployment\n",
    })  # fmt: skip
    code, said = stranger.run("talos-registry-validate", "--verbose")
    assert code == 0, said
    assert "skipped 2 files that are not Talos configs" in said
    assert "2 documents in 3 files: nothing found" in said
    stranger.commit({"talos/good.yaml": "customization: {}\n"})
    assert stranger.run("talos-registry-validate")[0] == 0


def test_hooks_pass_over_files_of_all_other_kinds(stranger: Stranger) -> None:
    kinds = {f"talos/{number:02}.yaml": text for number, text in enumerate((*FOREIGN, *CARRIERS))}
    stranger.commit({**kinds, "talos/good.yaml": GOOD, "talos/secret.yaml": SOPS})
    for hook in ("talos-registry-validate", "talos-registry-lint"):
        code, said = stranger.run(hook, "--verbose")
        assert code == 0, said
        assert f"skipped {len(FOREIGN)} files that are not Talos configs" in said


def test_hooks_see_the_patches_in_files_of_other_tools(stranger: Stranger) -> None:
    patch = "".join(f"    {line}\n" for line in DOUBLED.splitlines())
    talhelper = f"clusterName: x\nendpoint: https://a.example\nnodes: [{{hostname: a}}]\npatches:\n  - |\n{patch}"
    stranger.commit({"talos/talconfig.yaml": talhelper})
    code, said = stranger.run("talos-registry-lint")
    assert code == 1
    assert "talos/talconfig.yaml:10:14: warning[doubled-v2]: " in said


def test_hooks_fail_on_what_they_find(stranger: Stranger) -> None:
    stranger.commit({"talos/doubled.yaml": DOUBLED, "talos/good.yaml": GOOD, "talos/secret.yaml": SOPS})
    code, said = stranger.run("talos-registry-lint")
    assert code == 1
    assert "talos/doubled.yaml:5:10: warning[doubled-v2]: " in said
    assert "talos-registry: talos/secret.yaml: skipped: encrypted with SOPS; decrypt it first" in said
    code, said = stranger.run("talos-registry-validate")
    assert code == 0, said
    stranger.commit({"talos/refused.yaml": REFUSED})
    code, said = stranger.run("talos-registry-validate")
    assert code == 1
    assert "talos/refused.yaml:5:10: error[endpoint-without-scheme]: " in said


def test_arguments_of_the_example_are_used(stranger: Stranger) -> None:
    stranger.commit({"talos/cache.yaml": "apiVersion: v1alpha1\nkind: ImageCacheConfig\n"})
    code, said = stranger.run("talos-registry-lint")
    assert code == 1
    assert "error[kind-needs-newer-talos]" in said or "error[unknown-kind]" in said


def test_the_example_names_this_repository_and_its_version() -> None:
    (example,) = EXAMPLE["repos"]
    assert (example["repo"], example["rev"]) == (PROJECT, f"v{__version__}")
