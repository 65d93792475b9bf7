"""Safe fixes change no pull that works, and no fixes together make one that cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talos_registry import Attempt, MachineConfig, Severity, lint, parse, resolve
from talos_registry.linting import fix

if TYPE_CHECKING:
    from talos_registry.resolution import Puller

NAMES = ("docker.io", "ghcr.io", "reg.example:5000", "*", "registry-1.docker.io")
URLS = (
    "http://10.5.0.1:5000",
    "https://reg.example:5000",
    "https://harbor.example/v2/p",
    "https://harbor.example/p",
    "https://registry-1.docker.io",
    "https://mirror.gcr.io",
)
IMAGES = ("nginx", "ghcr.io/a/b:1", "reg.example:5000/a/b", "quay.io/a/b", "registry-1.docker.io/a/b")


def flag(name: str, indent: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", f"{indent}{name}: true\n", f"{indent}{name}: false\n"])


@st.composite
def legacy_mirror(draw: Any, name: str) -> str:
    urls = draw(st.lists(st.sampled_from(URLS), max_size=4))
    listed = "".join(f"          - {url}\n" for url in urls) or "          []\n"
    flags = draw(flag("overridePath", " " * 8)) + draw(flag("skipFallback", " " * 8))
    return str(f'      "{name}": # mirror\n        endpoints: # listed\n{listed}{flags}')


@st.composite
def document(draw: Any, name: str) -> str:
    urls = draw(st.lists(st.sampled_from(URLS), max_size=4))
    items = [f"  - url: {url}\n{draw(flag('overridePath', '    '))}" for url in urls]
    listed = "".join(items) or "  []\n"
    head = f'---\napiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: "{name}" # mirror\nendpoints:\n{listed}'
    return head + str(draw(flag("skipFallback", "")))


@st.composite
def configs(draw: Any) -> MachineConfig:
    legacy = [draw(legacy_mirror(name)) for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))]
    documents = [draw(document(name)) for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))]
    section = "machine:\n  type: worker\n  registries:\n    mirrors:\n" + "".join(legacy) if legacy else ""
    return parse(section + "".join(documents) or "{}")


def attempts(config: MachineConfig, image: str, puller: Puller) -> list[Attempt]:
    """The attempts of a pull that works, without repetitions.

    None work where containerd cannot read the hosts.toml of a mirror and passes by it.
    """
    plan = resolve(image, config.registries, puller=puller)
    host = plan.reference.registry_host
    mirror = config.registries.mirrors.get(host) or config.registries.mirrors.get("*")
    is_passed_by = mirror and mirror.endpoints and all(one.role == "fallback" for one in plan.attempts)
    return [] if is_passed_by else list(dict.fromkeys(plan.attempts))


@pytest.mark.parametrize("puller", ["talos", "cri"])
@given(config=configs())
def test_a_safe_fix_changes_no_pull_that_works(puller: Puller, config: MachineConfig) -> None:
    mended = fix(config).config
    for image in IMAGES:
        before = attempts(config, image, puller)
        assert not before or attempts(mended, image, puller) == before


@given(configs())
def test_what_can_be_mended_safely_is_gone_afterwards(config: MachineConfig) -> None:
    mended = fix(config).config
    assert not [one for one in lint(mended) if one.fix and one.fix.safe]


@given(configs())
def test_no_fix_drops_a_comment_of_what_stays_or_makes_talos_refuse_more(config: MachineConfig) -> None:
    mended = fix(config, unsafe=True).config
    errors = [one for one in mended.diagnostics if one.severity is Severity.ERROR]
    assert len(errors) <= len(config.diagnostics)
    assert mended.text.count("# mirror") == len(mended.registries.mirrors) + sum(
        one.code == "shadowed-legacy" for one in lint(mended)
    )


AT_ROOT_ONLY = (
    *("registry-1.docker.io", "docker.io", "hub.docker.com", "ghcr.io", "registry.gitlab.com"),
    "europe-docker.pkg.dev",
)
"""Hosts that serve the registry API below ``/v2/`` alone, and web sites that are taken for one."""
STEPS = ("v2", "V2", "library", "team", "dependency_proxy/containers", "")


@st.composite
def mirrors_at_root_only(draw: Any) -> MachineConfig:
    name = draw(st.sampled_from(["docker.io", "quay.io", "*", "reg.example:5000"]))
    paths = st.lists(st.sampled_from(STEPS), max_size=4).map(lambda steps: "".join(f"/{step}" for step in steps))
    urls = st.builds(lambda host, path: f"https://{host}{path}", st.sampled_from(AT_ROOT_ONLY), paths)
    listed = draw(st.lists(urls, min_size=1, max_size=3, unique=True))
    if draw(st.booleans()):
        items = "".join(f"          - {url}\n" for url in listed)
        flags = draw(flag("overridePath", " " * 8))
        return parse(f'machine:\n  registries:\n    mirrors:\n      "{name}":\n        endpoints:\n{items}{flags}')
    items = "".join(f"  - url: {url}\n{draw(flag('overridePath', '    '))}" for url in listed)
    return parse(f'apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: "{name}"\nendpoints:\n{items}')


def is_served(attempt: Attempt, mirror: str | None) -> bool:
    """Whether such a host serves what is asked, as far as one can tell without asking it."""
    path = attempt.manifest_url.partition("?")[0].removeprefix(f"https://{attempt.host}")
    if attempt.host.endswith(("docker.io", "docker.com")) and mirror == "docker.io":
        return attempt.host == "registry-1.docker.io" and path in OF_DOCKER_HUB
    is_doubled = path.count("/v2/") > 1 and not attempt.endpoint.rstrip("/").endswith("/v2")
    is_web_site = attempt.host in {"docker.io", "hub.docker.com"}
    return path.startswith("/v2/") and not is_web_site and (attempt.override_path or not is_doubled)


OF_DOCKER_HUB = {"/v2/library/nginx/manifests/latest", "/v2/a/b/manifests/latest"}
"""What the API asks for, of the images that are on Docker Hub by any of its names."""

ABOUT_PATHS = {
    *("docker-hub-endpoint", "doubled-v2", "mixed-override", "override-without-path", "override-without-v2"),
    "path-without-v2",
}


@given(mirrors_at_root_only())
def test_unsafe_fixes_together_make_no_endpoint_that_cannot_work(config: MachineConfig) -> None:
    mended = fix(config, unsafe=True).config
    plans = [resolve(image, mended.registries, puller="talos") for image in IMAGES]
    wrong = [one for plan in plans for one in plan.attempts if one.role == "mirror" and not is_served(one, plan.mirror)]
    is_legacy = mended.entries[0].kind == "v1alpha1"
    assert not wrong or (is_legacy and ABOUT_PATHS & {one.code for one in lint(mended)})
