"""What the library gives back can be sent anywhere: to other threads and processes, into sets and as keys."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import copy, deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import talos_registry
from talos_registry import (
    ImageCacheConfig,
    RegistryAuthConfig,
    RegistryMirrorConfig,
    RegistryTLSConfig,
    apply_patches,
    default_images,
    explain,
    find_secrets,
    fix,
    lint,
    parse,
    parse_patch,
    patch_effects,
    recognise,
    request_sequence,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parents[1]
CONFIGS = sorted((HERE / "realworld").rglob("*.yaml"))[:40]
LEGACY = """machine:
  type: worker
  kubelet: {extraArgs: {v: "2"}}
  files: [{content: a, permissions: 0o644, path: /a, op: create}]
  registries:
    mirrors: {docker.io: {endpoints: [https://harbor.example/v2/hub]}}
    config: {harbor.example: {auth: {username: u, password: p}}}
cluster: {controlPlane: {endpoint: https://10.0.0.1:6443}}
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: ghcr.io
endpoints: [{url: https://harbor.example/v2/ghcr}, {url: https://harbor.example/v2/ghcr}]
---
apiVersion: v1alpha1
kind: HostnameConfig
hostname: a
"""
CONFIG = parse(LEGACY, filename="a.yaml")
PATCH = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: ghcr.io\nskipFallback: true\n"


def worked_on() -> Any:
    config = parse(LEGACY)
    lint(config)
    assert config.trees
    assert config.documents
    assert resolve("nginx", config, puller="cri").attempts
    return config


VALUES: dict[str, Callable[[], Any]] = {
    "mirror": lambda: RegistryMirrorConfig(name="a", endpoints=["http://a"]),
    "auth": lambda: RegistryAuthConfig(name="a", password="p"),
    "tls": lambda: RegistryTLSConfig(name="a", ca="x"),
    "image cache": ImageCacheConfig,
    "documents": lambda: CONFIG.documents,
    "registries": lambda: CONFIG.registries,
    "config": lambda: CONFIG,
    "config that has been worked on": worked_on,
    "patch": lambda: parse_patch(PATCH),
    "diagnostics": lambda: lint(CONFIG),
    "diagnostics of Talos": lambda: parse("kind: No\n").diagnostics,
    "fixed": lambda: fix(CONFIG, unsafe=True),
    "plans": lambda: tuple(resolve("nginx", CONFIG, puller=puller) for puller in ("talos", "cri")),
    "attempts": lambda: resolve("nginx", CONFIG, puller="cri").attempts,
    "requests": lambda: request_sequence(resolve("nginx", CONFIG, puller="cri")),
    "effects": lambda: patch_effects(CONFIG, [PATCH]),
    "recognition": lambda: recognise(LEGACY),
    "secrets": lambda: find_secrets(CONFIG),
    "page": lambda: explain("doubled-v2"),
    "images": lambda: default_images("1.14"),
    "severities": lambda: tuple(talos_registry.Severity),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_are_pickled_copied_and_hashed(name: str) -> None:
    value, same = VALUES[name](), VALUES[name]()
    for again in (pickle.loads(pickle.dumps(value)), copy(value), deepcopy(value), same):  # noqa: S301 - its own
        assert again == value
        assert hash(again) == hash(value)


def test_a_pickled_config_goes_on() -> None:
    again = pickle.loads(pickle.dumps(worked_on()))  # noqa: S301 - its own
    assert len(pickle.dumps(again)) == len(pickle.dumps(parse(LEGACY)))
    assert lint(again) == lint(parse(LEGACY))
    assert apply_patches(again, [PATCH]).text == apply_patches(CONFIG, [PATCH]).text
    assert again.registries == CONFIG.registries


def answers(text: bytes) -> tuple[Any, ...]:
    config = parse(text)
    plans = tuple(resolve("nginx", config, puller=puller) for puller in ("talos", "cri"))
    return config.diagnostics, config.talos_error, lint(config), plans, config.documents


def test_threads_give_the_same_answers_as_one_after_the_other() -> None:
    texts = [path.read_bytes() for path in CONFIGS]
    assert len(texts) > 20
    expected = [answers(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(answers, texts)) == expected


def test_one_config_is_for_many_threads() -> None:
    config = parse(LEGACY)

    def work(_: int) -> tuple[Any, ...]:
        return lint(config), resolve("nginx", config, puller="cri"), config.documents, config.registries

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(work, range(32)))) == 1


def test_to_thread_of_asyncio() -> None:
    async def gather() -> list[tuple[Any, ...]]:
        return [*await asyncio.gather(*(asyncio.to_thread(answers, LEGACY.encode()) for _ in range(8)))]

    assert asyncio.run(gather()) == [answers(LEGACY.encode())] * 8


AT_ONCE = """
import sys, threading
sys.setswitchinterval(1e-6)
import talos_registry
barrier, failures = threading.Barrier(8), []
def work():
    barrier.wait()
    try:
        mirror = talos_registry.RegistryMirrorConfig(name="docker.io", endpoints=["http://a/v2/b"])
        config = talos_registry.parse(talos_registry.emit(mirror))
        assert [one.code for one in talos_registry.lint(config)] == ["doubled-v2"]
        assert talos_registry.resolve("nginx", config, puller="cri").attempts[0].host == "a"
        assert mirror.model_copy(update={"name": "a"}).model_dump_json()
    except BaseException as error:
        failures.append(repr(error))
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(failures)
"""


def test_the_first_use_may_be_from_many_threads_at_once() -> None:
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False)
        assert (done.stdout, done.stderr) == ("[]\n", "")
