from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft4Validator, FormatChecker

from talos_registry import lint, parse
from talos_registry.diagnostic import Diagnostic, Edit, Fix, Severity, Span
from talos_registry.report import FORMATS, as_github, as_junit, as_sarif, as_text, rendered
from talos_registry.report.checked import Checked
from talos_registry.report.excerpt import excerpts

SARIF = json.loads((Path(__file__).parents[2] / "data" / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))

BAD = """\
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: https://harbor.example/v2/proxy
  - url: http://a.example
  - url: http://a.example
"""


@pytest.fixture(autouse=True)
def _no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def checked(text: str, name: str = "a.yaml") -> Checked:
    config = parse(text, filename=name)
    found = lint(config)
    return Checked(name, 1, found, excerpts(config, found))


def finding(**fields: Any) -> Diagnostic:
    placed = {"line": 5, "column": 10, "end_line": 5, "end_column": 40}
    given = {"code": "doubled-v2", "severity": Severity.WARNING, "message": "It is so.", "file": "a.yaml"}
    return Diagnostic(**{**given, **placed, **fields})


def file_of(*found: Diagnostic) -> Checked:
    return Checked("a.yaml", 1, found, excerpts(parse(BAD), found))


# Text


def test_text_shows_the_line_and_how_to_fix_it() -> None:
    lines = list(as_text.render([checked(BAD)]))
    assert [re.sub(r"\]: .*", "]: ...", line) for line in lines] == [
        "a.yaml:5:10: warning[doubled-v2]: ...",
        "    5 |   - url: https://harbor.example/v2/proxy",
        "      |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "    help: Set overridePath: true (--fix --unsafe)",
        "a.yaml:7:10: warning[repeated-endpoint]: ...",
        "    7 |   - url: http://a.example",
        "      |          ^^^^^^^^^^^^^^^^",
        "    help: Remove the second one (--fix)",
    ]


def test_a_finding_without_a_line_that_may_be_shown_is_one_line() -> None:
    one = finding(line=1, column=1, end_line=1, end_column=5)
    assert list(as_text.render([Checked("a.yaml", 1, (one,), excerpts(parse("hunter2"), [one]))])) == [
        "a.yaml:1:1: warning[doubled-v2]: It is so."
    ]


def test_a_name_of_a_file_cannot_control_the_terminal() -> None:
    assert as_text.render_finding(finding(file="a\x1b[31m\n.yaml")).startswith("a\\x1b[31m\\n.yaml:5:10: ")


@pytest.mark.parametrize(
    "fix",
    [
        Fix("Write it so", safe=True, edits=(Edit(Span(5, 1, 5, 2), "https://u:hunter2@h.example"),)),
        Fix("Write https://u:hunter2@h.example", safe=True, edits=()),
    ],
)
def test_a_fix_with_a_secret_in_it_is_not_shown(fix: Fix) -> None:
    file = file_of(finding(fix=fix))
    reports = [part for output in FORMATS for part in rendered([file], output)]
    assert "hunter2" not in "".join(reports)
    (report,) = rendered([file], "json")
    assert json.loads(report)["diagnostics"][0]["fix"] is None


def named(kind: str, more: str) -> str:
    return f"apiVersion: v1alpha1\nkind: {kind}\nname: http://u:hunter2@h.example\n{more}\n"


LEGACY = """\
machine:
  registries:
    mirrors:
      http://u:hunter2@h.example: {endpoints: ['u:hunter2@h', 'http://u:hunter2@x.svc/v2/y']}
    config:
      http://u:hunter2@h.example: {auth: {username: a}, tls: {http://u:hunter2@q: 1}}
"""


@pytest.mark.parametrize(
    "texts",
    [
        [named("RegistryMirrorConfig", "endpoints: [{url: 'http://u:hunter2@x.svc/v2/y'}, {url: 'u:hunter2@x'}]")],
        [named("RegistryTLSConfig", "ca: x\nhttp://u:hunter2@q: 1")],
        [named("RegistryAuthConfig", "---\n") + named("RegistryAuthConfig", "")],
        [named("http://u:hunter2@kind", "")],
        [LEGACY],
        ["machine: {}\n", "- {op: test, path: '/http:~1~1u:hunter2@h', value: a}\n"],
        ["machine: {}\n", "- {op: 'http://u:hunter2@x', path: /a}\n"],
        [LEGACY.replace(", tls: {http://u:hunter2@q: 1}", ""), named("RegistryMirrorConfig", "$patch: delete")],
    ],
)
def test_no_report_and_no_repr_shows_user_and_password_of_a_name(texts: list[str]) -> None:
    configs = [parse(text, filename=f"{at}.yaml") for at, text in enumerate(texts)]
    found = lint(configs)
    assert found
    assert "hunter2" not in repr(found)
    for config in configs:
        own = tuple(one for one in found if one.file == config.filename)
        file = Checked(config.filename, 1, own, excerpts(config, own))
        assert "hunter2" not in "".join(part for output in FORMATS for part in rendered([file], output))


# GitHub


@pytest.mark.parametrize(
    ("fields", "command"),
    [
        ({}, "::warning file=a.yaml,line=5,endLine=5,col=10,endColumn=39,title=doubled-v2::It is so."),
        (
            {"severity": Severity.ERROR, "end_line": 6},
            "::error file=a.yaml,line=5,endLine=6,title=doubled-v2::It is so.",
        ),
        ({"severity": Severity.INFO, "line": None}, "::notice file=a.yaml,title=doubled-v2::It is so."),
        (
            {"message": "100%\r\nno: x, y", "file": "a,b:c%.yaml", "line": None},
            "::warning file=a%2Cb%3Ac%25.yaml,title=doubled-v2::100%25%0D%0Ano: x, y",
        ),
        ({"end_column": 10}, "::warning file=a.yaml,line=5,endLine=5,col=10,endColumn=10,title=doubled-v2::It is so."),
    ],
)
def test_commands_of_github(fields: dict[str, Any], command: str) -> None:
    assert list(as_github.render([file_of(finding(**fields))])) == [command]


@pytest.mark.parametrize(
    ("name", "shown"), [("./d/a.yaml", "d/a.yaml"), ("../a.yaml", "../a.yaml"), ("-", "-"), ("/x/a.yaml", "/x/a.yaml")]
)
def test_names_are_relative_to_where_the_command_runs(name: str, shown: str) -> None:
    (command,) = as_github.render([file_of(finding(file=name))])
    assert f"file={shown}," in command


def test_an_absolute_name_below_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (command,) = as_github.render([file_of(finding(file=str(tmp_path / "d" / "a.yaml")))])
    assert "file=d/a.yaml," in command


# SARIF


def sarif(*files: Checked) -> Any:
    log = json.loads(*as_sarif.render(files))
    Draft4Validator(SARIF, format_checker=FormatChecker()).validate(log)
    (run,) = log["runs"]
    return run


@pytest.mark.parametrize(
    "files",
    [
        [],
        [Checked("clean.yaml", 1, ())],
        [checked(BAD), checked(BAD, "b c/ü:d.yaml"), checked(BAD, "/x/a.yaml")],
        [file_of(finding(line=None, column=None, end_line=None, end_column=None))],
        [checked("a: [")],
        [checked("")],
    ],
    ids=["nothing", "clean", "findings", "no place", "broken", "empty"],
)
def test_sarif_is_what_its_schema_says(files: list[Checked]) -> None:
    assert sarif(*files)["columnKind"] == "unicodeCodePoints"


def test_the_schema_would_refuse_what_is_no_sarif() -> None:
    log = json.loads(*as_sarif.render([checked(BAD)]))
    del log["runs"][0]["results"][0]["message"]
    assert not Draft4Validator(SARIF).is_valid(log)


def test_results_of_sarif() -> None:
    run = sarif(checked(BAD, "b c/ü:d.yaml"))
    first, second = run["results"]
    assert (first["ruleId"], first["level"]) == ("doubled-v2", "warning")
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "doubled-v2"
    (location,) = first["locations"]
    assert location == {
        "physicalLocation": {
            "artifactLocation": {"uri": "b%20c/%C3%BC%3Ad.yaml"},
            "region": {"startLine": 5, "startColumn": 10, "endLine": 5, "endColumn": 41},
        },
        "logicalLocations": [{"fullyQualifiedName": "endpoints[0].url"}],
    }
    (change,) = second["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 7, "startColumn": 1, "endLine": 8, "endColumn": 1},
            "insertedContent": {"text": ""},
        }
    ]


def test_each_code_has_a_page() -> None:
    for rule in sarif(checked(BAD))["tool"]["driver"]["rules"]:
        assert rule["helpUri"].endswith(f"/docs/rules/{rule['id']}.md")
        assert rule["shortDescription"]["text"][0].isupper()
        assert "``" not in json.dumps(rule)


@pytest.mark.parametrize(("severity", "level"), [("error", "error"), ("warning", "warning"), ("info", "note")])
def test_levels_of_sarif(severity: str, level: str) -> None:
    (result,) = sarif(file_of(finding(severity=Severity(severity))))["results"]
    assert result["level"] == level


def fingerprints(text: str) -> list[str]:
    return [result["partialFingerprints"]["talosRegistry/v1"] for result in sarif(checked(text))["results"]]


def test_fingerprints_stay_when_lines_move_and_differ_from_each_other() -> None:
    before = fingerprints(BAD)
    assert fingerprints(f"# a comment\n\n{BAD}") == before
    assert fingerprints(BAD.replace("docker.io", "ghcr.io")) != before
    twice = fingerprints(BAD + "---\n" + BAD.replace("name: docker.io", "name: ghcr.io"))
    assert len(set(twice)) == len(twice) > 4
    assert set(before) < set(twice)


def test_a_file_outside_is_named_in_full() -> None:
    (location,) = sarif(file_of(finding(file="/x y/a.yaml")))["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "file:///x%20y/a.yaml"}


# JUnit


def junit(*files: Checked) -> ET.Element:
    return ET.fromstring("".join(as_junit.render(files)))  # noqa: S314 - our own output


def test_junit_has_a_suite_for_each_file() -> None:
    root = junit(checked(BAD), Checked("clean.yaml", 1, ()))
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "3", "2")
    bad, clean = root
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in (bad, clean)] == [
        ("a.yaml", "2", "2"),
        ("clean.yaml", "1", "0"),
    ]
    assert [case.get("name") for case in bad] == ["doubled-v2 at 5:10", "repeated-endpoint at 7:10"]
    failure = bad[0][0]
    assert (failure.tag, failure.get("type")) == ("failure", "warning")
    assert (failure.text or "").startswith("a.yaml:5:10: warning[doubled-v2]: ")
    assert [(case.get("name"), len(case)) for case in clean] == [("nothing found", 0)]


def test_junit_is_xml_whatever_a_file_is_called() -> None:
    root = junit(Checked('a<&">\x01\udcff.yaml', 1, ()))
    assert root[0].get("name") == 'a<&">\\x01\\udcff.yaml'


# The same in many files


def test_what_is_the_same_in_many_files_is_shown_once() -> None:
    files = [Checked(f"{name}.yaml", 1, (finding(file=f"{name}.yaml"),)) for name in "abcd"]
    other = Checked("e.yaml", 1, (finding(file="e.yaml", message="It is not."),))
    assert list(as_text.render([*files, other])) == [
        "a.yaml:5:10: warning[doubled-v2]: It is so.",
        "    the same 4 times in 4 files, also at:",
        "      b.yaml:5:10",
        "      c.yaml:5:10",
        "      d.yaml:5:10",
        "e.yaml:5:10: warning[doubled-v2]: It is not.",
    ]


def test_what_is_the_same_in_a_few_files_or_often_in_one_is_shown_each_time() -> None:
    files = [Checked(f"{name}.yaml", 1, (finding(file=f"{name}.yaml"),) * 5) for name in "abc"]
    assert len(list(as_text.render(files))) == 15
