"""Files that people wrote and this tool once got wrong: each stands for a kind of input, and is judged right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from talos_registry import Severity, lint, parse, resolve
from talos_registry.linting import fix
from talos_registry.redaction import find_secrets

Report = dict[str, Any]
FILE = Path(__file__).parent / "reports.jsonl"
REPORTS: list[Report] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("report", [pytest.param(report, id=report["id"]) for report in REPORTS])
def test_what_is_expected_is_found_and_nothing_else(report: Report) -> None:
    config = parse(report["text"])
    images = [report["image"]] if report["image"] else []
    found = find_secrets(config) if report["command"] == "redact" else lint(config, images=images)
    assert sorted(one.code for one in found if one.severity is not Severity.INFO) == report["expect"]


@pytest.mark.parametrize(
    ("id_", "url"),
    [
        (
            "P21",
            "https://gitlab.example/v2/group/dependency_proxy/containers/library/nginx/manifests/latest?ns=docker.io",
        ),
        ("P61", "https://ghcr.io/v2/team/mirror/pause/manifests/3.10?ns=registry.k8s.io"),
        ("P64", "http://cache.example:5000/v2/a/b/manifests/1?ns=ghcr.io"),
        ("Q07", "https://registry-1.docker.io/v2/library/nginx/manifests/latest"),
    ],
)
def test_after_all_fixes_nodes_request_what_is_there(id_: str, url: str) -> None:
    (text,) = (report["text"] for report in REPORTS if report["id"] == id_)
    image = {"P61": "registry.k8s.io/pause:3.10", "P64": "ghcr.io/a/b:1"}.get(id_, "nginx")
    mended = fix(parse(text), unsafe=True).config
    for puller in ("talos", "cri"):
        assert resolve(image, mended.registries, puller=puller).attempts[0].manifest_url == url
    assert [one.code for one in lint(mended) if one.severity is not Severity.INFO] == []
