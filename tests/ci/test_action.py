"""The GitHub Action and the set-ups of the example, as far as they run without GitHub and GitLab."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
import yaml

from talos_registry import __version__
from talos_registry.linting.pages import PROJECT
from tests.ci.offline import ROOT, offer
from tests.kinds_of_files import CARRIERS, FOREIGN

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "examples/07-ci"
SOURCE = f"git+{PROJECT}@v{__version__}"
ACTION = f"{PROJECT.removeprefix('https://github.com/')}@v{__version__}"
SETTINGS = {"fail-on": "warning", "talos-version": "", "images": "", "merge": "false"}


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Done(NamedTuple):
    code: int
    out: str
    err: str


class Runner:
    """What GitHub does with a composite action: it fills in expressions and runs the scripts with bash.

    There is no network: what the requirements name is there before, and what is not can only come from ``wheels``.
    """

    def __init__(self, folder: Path, *missing: str) -> None:
        self.action = loaded(ROOT / "action.yml")
        self.folder = folder
        self.wheels = folder / "wheels"
        self.wheels.mkdir()
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        self.packages = folder / "talos-registry/lib" / python / "site-packages"
        self.packages.mkdir(parents=True)
        offer(self.packages, *missing)
        self.environment = {
            **os.environ,
            "RUNNER_TEMP": str(folder),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def install(self, work: Path) -> Done:
        return self.script("Install talos-registry", {}, work)

    def script(self, name: str, inputs: dict[str, str], work: Path) -> Done:
        (step,) = [step for step in self.action["runs"]["steps"] if step.get("name") == name]
        values = {
            "github.action_path": str(ROOT),
            "steps.python.outputs.python-path": sys.executable,
            **{f"inputs.{key}": value for key, value in inputs.items()},
        }
        filled = {
            key: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: values[found[1]], text)
            for key, text in step["env"].items()
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],  # noqa: S607 - as GitHub does
            cwd=work,
            env={**self.environment, **filled},
            capture_output=True,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def lint(self, work: Path, **inputs: str) -> Done:
        given = {key.replace("_", "-"): value for key, value in inputs.items()}
        defaults = {key: value.get("default", "") for key, value in self.action["inputs"].items()}
        return self.script("Lint", {**defaults, **given}, work)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner on which the action has installed the tool."""
    runner = Runner(tmp_path_factory.mktemp("runner"))
    done = runner.install(ROOT)
    assert done.code == 0, done.err
    return runner


def test_no_input_gets_into_a_script_but_by_a_variable() -> None:
    steps = loaded(ROOT / "action.yml")["runs"]["steps"]
    assert [step for step in steps if "${{" in step.get("run", "")] == []


def test_the_action_annotates_and_fails(runner: Runner) -> None:
    done = runner.lint(EXAMPLE, files="talos")
    assert done.code == 1
    (line,) = done.out.splitlines()
    assert line.startswith("::warning file=talos/harbor.yaml,line=5,endLine=5,col=12,")


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"files": "talos/ghcr.yaml"}, 0),
        ({"files": "talos/ghcr.yaml\ntalos/harbor.yaml\n"}, 1),
        ({"files": "talos", "fail_on": "error"}, 0),
        ({"files": "talos", "talos_version": "1.11"}, 1),
        ({"files": "talos", "talos_version": "x"}, 2),
        ({"files": "nowhere"}, 2),
        ({"files": "--help"}, 2),
        ({"files": "talos/ghcr.yaml\ntalos/ghcr.yaml", "merge": "true"}, 1),
        ({"files": "talos/ghcr.yaml", "images": "nginx\nghcr.io/a/b:1"}, 0),
        ({"files": "talos/ghcr.yaml", "images": "Not:A:Reference"}, 2),
    ],
)
def test_inputs_of_the_action(runner: Runner, inputs: dict[str, str], code: int) -> None:
    assert runner.lint(EXAMPLE, **inputs).code == code


def test_the_action_passes_over_files_of_all_other_kinds(runner: Runner, tmp_path: Path) -> None:
    for number, text in enumerate((*FOREIGN, *CARRIERS)):
        (tmp_path / f"{number:02}.yaml").write_text(text, encoding="utf-8")
    done = runner.lint(tmp_path, files=".")
    assert (done.code, done.out) == (0, "")
    assert f"skipped {len(FOREIGN)} files that are not Talos configs" in done.err
    alone = runner.lint(tmp_path, files="00.yaml")
    assert (alone.code, alone.out) == (0, "")


# What is executed


def test_actions_of_others_are_named_by_commit() -> None:
    used = [step["uses"] for step in loaded(ROOT / "action.yml")["runs"]["steps"] if "uses" in step]
    assert [action for action in used if re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)] == used != []


SHADOWS = (
    *("venv", "pip", "sitecustomize", "usercustomize", "talos_registry", "click", "yaml", "pydantic", "encodings"),
    *("json", "site", "sysconfig", "subprocess", "ensurepip", "typing", "_yaml", "cryptography"),
)
"""Modules that the installation and the tool import, or that Python imports by itself."""


@pytest.mark.parametrize("searched", [False, True], ids=["as it is", "also named by PYTHONPATH"])
def test_nothing_of_the_checkout_is_executed(tmp_path: Path, searched: bool) -> None:
    work, executed = tmp_path / "work", tmp_path / "executed"
    work.mkdir()
    executed.mkdir()
    for name in SHADOWS:
        (work / f"{name}.py").write_text(f"open({str(executed / name)!r}, 'w').close()\n")
    (work / "talos").symlink_to(EXAMPLE / "talos")
    runner = Runner(tmp_path)
    if searched:
        runner.environment |= {"PYTHONPATH": str(work), "PYTHONUSERBASE": str(work)}
    installed = runner.install(work)
    assert installed.code == 0, installed.err
    linted = runner.lint(work, files="talos")
    assert (linted.code, linted.out.count("::warning ")) == (1, 1), linted.err
    assert list(executed.iterdir()) == []


def wheel_of_another(name: str, version: str, folder: Path) -> None:
    """A wheel by the name and version of a package that holds something else."""
    information = f"{name}-{version}.dist-info"
    with ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "raise SystemExit('executed')\n")
        wheel.writestr(f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{information}/RECORD", "")


def test_a_package_with_another_content_is_not_installed(tmp_path: Path) -> None:
    runner = Runner(tmp_path, "attr")
    wheel_of_another("attrs", version("attrs"), runner.wheels)
    done = runner.install(ROOT)
    assert done.code != 0
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.err
    assert not list(runner.packages.glob("attrs*"))


# The set-ups of the example


def test_the_workflow_of_github_gives_the_action_what_it_takes(runner: Runner) -> None:
    (job,) = loaded(EXAMPLE / "github-workflow.yml")["jobs"].values()
    (step,) = [step for step in job["steps"] if step["uses"] == ACTION]
    assert set(step["with"]) <= set(runner.action["inputs"])
    assert runner.lint(EXAMPLE, **{key.replace("-", "_"): value for key, value in step["with"].items()}).code == 1


def run_lines(lines: list[str], runner: Runner, work: Path) -> list[int]:
    """The exit codes of a script without its first line, which installs the tool that the runner has."""
    assert shlex.split(lines[0]) == ["pip", "install", SOURCE]
    programs = runner.folder / "programs"
    programs.mkdir(exist_ok=True)
    tool = programs / "talos-registry"
    tool.write_text(f'#!/bin/sh\nexec "{runner.folder}/talos-registry/bin/python" -I -m talos_registry "$@"\n')
    tool.chmod(0o700)
    environment = {**runner.environment, "PATH": f"{programs}:{runner.environment['PATH']}"}
    return [
        subprocess.run(["bash", "-c", line], cwd=work, env=environment, check=False).returncode  # noqa: S607
        for line in lines[1:]
    ]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "talos").symlink_to(EXAMPLE / "talos")
    return tmp_path


def test_the_workflow_for_code_scanning_uploads_what_it_writes(runner: Runner, work: Path) -> None:
    (job,) = loaded(EXAMPLE / "github-code-scanning.yml")["jobs"].values()
    assert run_lines([step["run"] for step in job["steps"] if "run" in step], runner, work) == [1]
    (uploaded,) = [step["with"]["sarif_file"] for step in job["steps"] if "upload-sarif" in step.get("uses", "")]
    (run,) = loaded(work / uploaded)["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["doubled-v2"]


def test_the_job_of_gitlab_reports_what_it_writes(runner: Runner, work: Path) -> None:
    (job,) = loaded(EXAMPLE / "gitlab-ci.yml").values()
    assert run_lines(job["script"], runner, work) == [1]
    report = ET.parse(work / job["artifacts"]["reports"]["junit"]).getroot()  # noqa: S314 - our own output
    assert [(suite.get("name"), suite.get("failures")) for suite in report] == [
        ("talos/ghcr.yaml", "0"),
        ("talos/harbor.yaml", "1"),
    ]


def test_the_readme_names_this_repository_and_its_version() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]
    (hooks,) = [repo for block in blocks if "repos" in block for repo in block["repos"]]
    assert (hooks["repo"], hooks["rev"]) == (PROJECT, f"v{__version__}")
    ids = {hook["id"] for hook in loaded(ROOT / ".pre-commit-hooks.yaml")}
    assert {hook["id"] for hook in hooks["hooks"]} < ids
    assert [step["uses"] for block in blocks if isinstance(block, list) for step in block] == [ACTION]
