"""What a node does by its registry settings, against Talos' internal packages: its puller, and what it writes for containerd.

Run with ``pytest -m oracle``; needs Go. ``ORACLE_CASES`` and ``ORACLE_SEED`` set how many inputs are generated, and which.
"""

from __future__ import annotations

import binascii
import os
import re
from base64 import b64decode, b64encode
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import (
    HostsError,
    InvalidReferenceError,
    parse,
    render_cri_auth,
    render_hosts,
    request_sequence,
    resolve,
)
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.strings import go_quote, text_bytes
from talos_registry.resolution.hosts import directory_name
from tests.conformance.outcome import Difference
from tests.oracle.nodes import nodes
from tests.oracle.oracle import INTERNALS, ask, build
from tests.oracle.shrink import shrunk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talos_registry import Attempt, Plan, RegistryAuthConfig, RegistrySet

pytestmark = pytest.mark.oracle

Row = dict[str, Any]
CASES = int(os.environ.get("ORACLE_CASES", "2000"))
SEED = int(os.environ.get("ORACLE_SEED", "1"))
BITS = {"pull": 1, "resolve": 2, "push": 4, "referrers": 8}
RENDERINGS = 40
"""How often files are rendered where chance says which document gets a directory, or which mistake is met first."""


def asked(row: Row, release: str) -> Row:
    registries = settings(row, release)
    wanted = [*map(directory_name, registries.mirrors)], [*map(directory_name, registries.tls)]
    is_chance = "error" in hosts_files(registries, release) or any(len({*names}) < len(names) for names in wanted)
    return {**row, "renderings": RENDERINGS if is_chance else 1}


def settings(row: Row, release: str) -> RegistrySet:
    registries = parse(row["in"], talos_version=release).registries
    return registries.with_image_cache() if row["image_cache"] else registries


def differences(row: Row, release: str) -> list[Difference]:
    """In what the two differ; nothing where Talos does not load the config."""
    theirs = row["expect"]
    if "load_error" in theirs:
        return []
    if "panic" in theirs:
        return [Difference("panic", theirs["panic"], None)]
    registries = settings(row, release)
    return [*files(theirs, registries, release), *plans(row, registries, release)]


def files(theirs: Row, registries: RegistrySet, release: str) -> Iterator[Difference]:
    rendered = hosts_files(registries, release)
    if rendered not in theirs["hosts"]:
        yield Difference("hosts", theirs["hosts"], rendered)
    part = {"part": b64encode(text_bytes(render_cri_auth(registries, talos_version=release))).decode()}
    if part != theirs["auth"]:
        yield Difference("auth", theirs["auth"], part)


def hosts_files(registries: RegistrySet, release: str) -> Row:
    try:
        rendered = render_hosts(registries, talos_version=release)
    except HostsError as error:
        return {"error": str(error)}
    return {"files": {path: b64encode(content).decode() for path, content in rendered.items()}}


def plans(row: Row, registries: RegistrySet, release: str) -> Iterator[Difference]:
    for image, said in zip(row["images"], row["expect"]["plans"], strict=True):
        ours = ours_of(image, registries, release)
        for aspect in sorted({*said, *ours}):
            if said.get(aspect) != ours.get(aspect):
                yield Difference(f"plan: {aspect}", said.get(aspect), ours.get(aspect))


def ours_of(image: str, registries: RegistrySet, release: str) -> Row:
    try:
        plan = resolve(image, registries, puller="talos", talos_version=release)
    except InvalidReferenceError as error:
        return {"reference_error": str(error)}
    refused = f"failed to parse image reference {go_quote(image)}: "
    if plan.error is not None and plan.error.startswith(refused):
        return {"reference_error": plan.error.removeprefix(refused)}
    if plan.error is not None and plan.error.startswith("rpc error: "):
        return {"reference": str(plan.reference), "verify_error": plan.error}
    if plan.error is not None and plan.error.startswith('parse "dummy://'):
        return {"reference": str(plan.reference), "host_error": plan.error, "requests": []}
    said = {"reference": str(plan.reference), "registry_host": plan.reference.registry_host}
    if plan.error is not None:
        return {**said, "hosts_error": plan.error, "requests": []}
    return {
        **said,
        "hosts": [host(attempt, registries) for attempt in plan.attempts],
        "requests": requests(plan, registries),
    }


def host(attempt: Attempt, registries: RegistrySet) -> Row:
    tls = registries.tls[attempt.tls] if attempt.tls is not None else None
    return {
        "scheme": attempt.scheme,
        "host": attempt.host,
        "path": attempt.path,
        "capabilities": sum(BITS[capability] for capability in attempt.capabilities),
        "skip_verify": attempt.skip_verify,
        "client_certs": int(tls is not None and tls.client_identity is not None),
        "custom_roots": bool(tls and tls.ca),
    }


def requests(plan: Plan, registries: RegistrySet) -> list[Row]:
    """What is asked where no host has the image and each wants a token; Go sends nothing to a URL that it cannot read."""
    listed: list[Row] = []
    tokens = [token(attempt, registries) for attempt in plan.attempts]
    for number, request in enumerate(request_sequence(plan, missing={attempt.host for attempt in plan.attempts})):
        if is_url(request.url):
            listed.append({"method": request.method, "url": request.url})
            if number < len(tokens) and tokens[number] is not None:
                listed[-1]["token"] = tokens[number]
    return listed


def is_url(text: str) -> bool:
    try:
        parse_url(text)
    except InvalidURLError:
        return False
    return True


def token(attempt: Attempt, registries: RegistrySet) -> Row | None:
    """What containerd asks a token with, None where Talos cannot tell."""
    found = ("", "") if attempt.auth is None else credentials(registries.auths[attempt.auth])
    if found is None:
        return None
    user, secret = found
    if not user:
        return {"username": "", "password": "", "refresh_token": secret}
    return {"username": user if secret else "", "password": secret, "refresh_token": ""}


def credentials(auth: RegistryAuthConfig) -> tuple[str, str] | None:
    """User and secret as Talos' puller reads them."""
    identity_token, encoded = auth.identity_token.get_secret_value(), auth.auth.get_secret_value()
    if auth.username:
        return auth.username, auth.password.get_secret_value()
    if identity_token:
        return "", identity_token
    try:
        user, colon, secret = b64decode(encoded.replace("\r", "").replace("\n", ""), validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return None
    return (user.decode("utf-8", "replace"), secret.strip(b"\0").decode("utf-8", "replace")) if colon else None


# Known differences


def _asks_with_a_question_mark(difference: Difference) -> bool:
    """containerd takes what follows the mark for a query, and writes it anew when it adds to it."""
    is_marked = re.compile(r"[^?]*\?.*/(?:manifests|blobs)/").match
    theirs, ours = difference.talos or [], difference.ours or []
    pairs = zip(theirs, ours, strict=False)
    is_about_requests = difference.aspect == "plan: requests" and len(theirs) == len(ours)
    return is_about_requests and all(one == other or is_marked(other["url"]) for one, other in pairs)


KNOWN: dict[str, Callable[[Difference], bool]] = {
    "a question mark in the path of an endpoint": _asks_with_a_question_mark,
}


def reason(difference: Difference) -> str | None:
    return next((why for why, applies in KNOWN.items() if applies(difference)), None)


def unexplained(row: Row, release: str) -> list[Difference]:
    return [one for one in differences(row, release) if reason(one) is None]


def test_every_known_disagreement_is_explained() -> None:
    readme = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    assert [why for why in KNOWN if f"**{why}**" not in readme] == []


@pytest.mark.parametrize("release", INTERNALS)
def test_generated_nodes(release: str, capsys: pytest.CaptureFixture[str]) -> None:
    program = build(INTERNALS[release])
    rows = [asked(row, release) for row in islice(nodes(SEED), CASES)]
    answered = [{**row, "expect": said} for row, said in zip(rows, ask(program, rows), strict=True)]
    found = [(row, differences(row, release)) for row in answered]
    reasons = Counter(reason(one) or "?" for _, listed in found for one in listed)
    loaded = [row["expect"] for row, _ in found if "load_error" not in row["expect"]]
    number = sum(len(said.get("plans", ())) for said in loaded)
    with capsys.disabled():
        counts = f"{len(rows)} generated nodes, {len(loaded)} loaded, {number} plans, seed {SEED}"
        print(f"\nTalos {release}: {counts}, {dict(reasons)}")  # noqa: T201 - the count is the report
    wrong = [row for row, listed in found if any(reason(one) is None for one in listed)]
    assert not wrong, shown(shrunk(wrong[0], program, release, unexplained), release, len(wrong))


def shown(row: Row, release: str, number: int) -> str:
    found = "\n".join(
        f"{one.aspect}:\n  Talos: {one.talos!r}\n  ours:  {one.ours!r}" for one in unexplained(row, release)
    )
    cache = ", image cache" if row["image_cache"] else ""
    return f"{number} unexplained\n{row['id']}, Talos {release}{cache}: {row['in']!r}\nimages: {row['images']}\n{found}"
