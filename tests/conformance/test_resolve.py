from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import parse
from talos_registry.diagnostic import HostsError
from talos_registry.resolution import Attempt, Plan, Reference, render_cri_auth, render_hosts, resolve
from talos_registry.resolution.containerd import HostsDirectory, read_hosts
from talos_registry.resolution.hosts import BASE_PATH, directories

if TYPE_CHECKING:
    from talos_registry.documents import RegistrySet
    from tests.conformance.conftest import Disagreements, Row, Vectors

BITS = {"pull": 1, "resolve": 2, "push": 4, "referrers": 8}
CERTIFICATES = {"client_certs", "custom_roots"}


@pytest.fixture
def rows(vectors: Vectors) -> list[Row]:
    """The rows that load; where Talos refuses or crashes there is nothing to resolve."""
    return [row for row in vectors("resolve") if "results" in row["expect"]]


@lru_cache(maxsize=1)
def parsed(text: str, *, image_cache: bool) -> RegistrySet:
    registries = parse(text).registries
    return registries.with_image_cache() if image_cache else registries


def registries(row: Row) -> RegistrySet:
    return parsed(row["in"], image_cache=bool(row.get("image_cache")))


def cases(rows: list[Row], puller: str) -> list[Row]:
    """One row for each registry host of a row, what is expected reduced to one puller."""
    return [
        {**row, "id": f"{row['id']} {result['registry_host']}", "registry_host": result["registry_host"], "expect": result[puller]}
        for row in rows
        for result in row["expect"]["results"]
    ]  # fmt: skip


def plan_talos(row: Row) -> Plan:
    """Of a release that takes every registry host as it is written, as the recorded resolver does."""
    reference = Reference(row["registry_host"], "x/y", "latest", None)
    return resolve(reference, registries(row), puller="talos", talos_version="1.12")


def plan_cri(row: Row) -> Plan:
    return resolve(Reference(row["registry_host"], "x/y", "latest", None), registries(row), puller="cri")


def hosts_directory(row: Row) -> str | dict[str, str]:
    try:
        return {path: content.decode() for path, content in render_hosts(registries(row)).items()}
    except HostsError as error:
        return str(error)


def test_hosts_directory(rows: list[Row], disagreements: Disagreements) -> None:
    written = [{**row, "expect": row["expect"].get("hosts_error", row["expect"].get("files"))} for row in rows]
    assert disagreements("hosts directory", written, hosts_directory) == []


def test_cri_auth(rows: list[Row], disagreements: Disagreements) -> None:
    written = [{**row, "expect": row["expect"]["cri_toml"]} for row in rows]
    assert disagreements("cri auth", written, lambda row: render_cri_auth(registries(row))) == []


def talos_host(attempt: Attempt) -> dict[str, Any]:
    return {
        "scheme": attempt.scheme,
        "host": attempt.host,
        "path": attempt.path,
        "endpoint": attempt.endpoint,
        "override_path": attempt.override_path,
        "tls": attempt.tls == attempt.host,
        "auth": attempt.auth == attempt.host,
    }


def test_talos_plans(rows: list[Row], disagreements: Disagreements) -> None:
    def outcome(row: Row) -> dict[str, Any]:
        plan = plan_talos(row)
        return {"error": plan.error} if plan.error else {"hosts": [talos_host(attempt) for attempt in plan.attempts]}

    expected = cases(rows, "talos")
    for row in expected:
        if "hosts" in row["expect"]:
            row["expect"] = {"hosts": [{**host, "auth": "auth" in host} for host in row["expect"]["hosts"]]}
    assert disagreements("talos plans", expected, outcome) == []


def cri_host(attempt: Attempt) -> dict[str, Any]:
    return {
        "scheme": attempt.scheme,
        "host": attempt.host,
        "path": attempt.path,
        "capabilities": sum(BITS[capability] for capability in attempt.capabilities),
        **({"http_fallback": True} if attempt.https_first else {"skip_verify": attempt.skip_verify}),
    }


def test_cri_plans(rows: list[Row], disagreements: Disagreements) -> None:
    def outcome(row: Row) -> dict[str, Any]:
        plan = plan_cri(row)
        return {"error": plan.error} if plan.error else {"hosts": [cri_host(attempt) for attempt in plan.attempts]}

    expected = cases(rows, "cri")
    for row in expected:
        expect = row["expect"]
        if "hosts" in expect:
            row["expect"] = {"hosts": [without_certificates(host) for host in expect["hosts"]]}
        elif "generate_error" in expect:
            row["expect"] = {"error": expect["generate_error"]}
    assert disagreements("cri plans", expected, outcome) == []


def without_certificates(host: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in host.items() if key not in CERTIFICATES}


def test_certificates_that_containerd_loads(rows: list[Row], disagreements: Disagreements) -> None:
    def outcome(row: Row) -> list[tuple[int, bool]]:
        found = read_hosts(HostsDirectory.of(directories(registries(row)), BASE_PATH), row["registry_host"])
        return [(len(host.client), bool(host.ca)) for host in found if not host.https_first]

    expected = [row for row in cases(rows, "cri") if "hosts" in row["expect"]]
    for row in expected:
        hosts = [host for host in row["expect"]["hosts"] if "http_fallback" not in host]
        row["expect"] = [(host["client_certs"], host["custom_roots"]) for host in hosts]
    assert disagreements("containerd certificates", expected, outcome) == []
