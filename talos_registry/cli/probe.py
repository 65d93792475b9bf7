"""``talos-registry probe``."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from math import isnan
from threading import Lock
from typing import TYPE_CHECKING, Any, TypedDict

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.help import Command
from talos_registry.cli.options import plain_options, quiet_option, talos_version_option
from talos_registry.cli.pulls import check_hosts, checked_references, pullers_option
from talos_registry.cli.registries import files_option, load_config
from talos_registry.cli.streams import is_quiet, note, print_report, say
from talos_registry.limits import MAX_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Unpack

    from talos_registry.loading import MachineConfig
    from talos_registry.probing.prober import Prober
    from talos_registry.resolution import Puller, Reference

__all__ = ["command"]


class _Options(TypedDict):
    """What is asked, and how."""

    images: tuple[Reference, ...]
    pullers: tuple[Puller, ...]
    fallback: bool
    hosts: tuple[str, ...]
    expected: str | None
    timeout: float
    jobs: int
    no_foreign_realm: bool
    verbose: bool


def _checked_timeout(ctx: click.Context, param: click.Parameter, value: float) -> float:
    if isnan(value):
        raise click.BadParameter("nan is no number of seconds", ctx, param)
    return value


@click.command("probe", cls=Command)
@files_option(metavar="FILE")
@click.option(
    "--image", "images", multiple=True, metavar="REF", callback=checked_references, help="Ask for this image."
)
@pullers_option()
@click.option("--fallback", is_flag=True, help="Ask upstream registries, too.")
@click.option("--host", "hosts", multiple=True, metavar="HOST[:PORT]", help="Ask this host alone; may be repeated.")
@click.option(
    "--expect-digest",
    "expected",
    metavar="DIGEST",
    help="What the one --image must be at each host that is asked; one that lacks it fails.",
)
@click.option("--no-foreign-realm", is_flag=True, help="Send no credentials to a realm for tokens on another host.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, MAX_TIMEOUT, min_open=True),
    default=10,
    show_default=True,
    metavar="SECONDS",
    callback=_checked_timeout,
    help="For all that one host is asked.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=8, show_default=True, help="How many are asked at a time.")
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Show every request and answer, without secrets.")
@talos_version_option
@click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)
def command(files: tuple[str, ...], talos_version: str | None, output: str, **options: Unpack[_Options]) -> None:
    """Ask each mirror for images as a node would, with its credentials and CAs, and say what it answers.

    Without --image, ask each endpoint of each mirror whether a registry answers there. Images are asked for by HEAD, so
    nothing is pulled. ${NAME} in a credential is taken from the environment.

    Exits with 1 when a host neither has the image nor says that it has not, or when a node would not pull.
    """
    if options["expected"] is not None:
        _check_expected(options["expected"], options["images"])
    config = load_config(files, plain_options(talos_version))
    _say_what_proxies_there_are(config)
    prober = _prober(config, options)
    code = _run(prober, options)
    print_report(_rendered(prober, output, config.talos_version))
    sys.exit(code or (Exit.FINDINGS if _is_bad(prober, options["expected"]) else Exit.CLEAN))


def _is_bad(prober: Prober, expected: str | None) -> bool:
    """Whether somebody should look; a host that must have an image and has it not is as bad as one with another."""
    probes = prober.probes()
    lacks = any(attempt.outcome == "not-found" for probe in probes for attempt in probe.attempts)
    return any(probe.is_bad for probe in probes) or (expected is not None and lacks)


def _check_expected(expected: str, images: tuple[Reference, ...]) -> None:
    if len(images) != 1:
        raise click.UsageError("--expect-digest needs exactly one --image")
    from talos_registry.resolution.reference import is_digest

    if not is_digest(expected):
        raise click.UsageError(f"--expect-digest: {expected!r} is no digest (sha256: and 64 hexadecimal digits)")


def _prober(config: MachineConfig, options: _Options) -> Prober:
    from talos_registry.probing.prober import Prober, Scope, names_of

    scope = Scope(options["fallback"], options["hosts"], options["expected"])
    prober = Prober(config, options["images"], options["pullers"], "", scope)
    known = (name for host in prober.hosts for name in names_of(host))
    check_hosts("host", scope.only, known, prober.hosts)
    if not prober.count and not any(probe.error for probe in prober.probes()):
        raise click.UsageError("there is no host to ask; --image REF with --fallback asks upstream registries, too")
    return prober


def _run(prober: Prober, options: _Options) -> int:
    """Ask; what is known when somebody interrupts is kept, and the exit code says so."""
    from talos_registry.probing.asking import Manner

    talk = _Talk(is_verbose=options["verbose"])
    manner = Manner(options["timeout"], not options["no_foreign_realm"], talk.tell, talk.trace)
    try:
        with _progress(prober.count, is_shown=not options["verbose"] and not is_quiet()) as advance:
            prober.run(manner, options["jobs"], advance)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return Exit.CLEAN


class _Talk:
    """What is said while hosts are asked, by one thread at a time."""

    def __init__(self, *, is_verbose: bool) -> None:
        self._is_verbose = is_verbose
        self._lock = Lock()
        self._told: set[str] = set()

    def tell(self, what: str) -> None:
        """Say a thing once."""
        with self._lock:
            if what not in self._told:
                self._told.add(what)
                note(what)

    def trace(self, lines: tuple[str, ...]) -> None:
        """Show a request and its answer with ``-v``."""
        with self._lock:
            for line in lines if self._is_verbose else ():
                say(line)


@contextmanager
def _progress(count: int, *, is_shown: bool) -> Iterator[Callable[[], None]]:
    """A bar on a terminal."""
    if not (is_shown and sys.stderr.isatty()):
        yield lambda: None
        return
    with click.progressbar(length=count, label="Asking", show_pos=True, file=sys.stderr) as bar:
        yield lambda: bar.update(1)


def _rendered(prober: Prober, output: str, talos_version: str) -> str:
    if output == "json":
        from talos_registry.report.probe_json import render as render_json

        return render_json(prober.probes(), talos_version)
    from talos_registry.report.probe_text import render

    return render(prober.probes())


def _say_what_proxies_there_are(config: MachineConfig) -> None:
    here = sorted(name for name in os.environ if _is_proxy(name) and os.environ[name])
    if here:
        note(f"{', '.join(here)}: no proxy is used here; nodes go their own way")
    there = sorted({name for name in _node_environment(config) if _is_proxy(name)})
    if there:
        note(f"the config has nodes go through a proxy ({', '.join(there)}), which is not used here")


def _is_proxy(name: str) -> bool:
    return name.upper() in {"HTTP_PROXY", "HTTPS_PROXY"}


def _node_environment(config: MachineConfig) -> Iterator[str]:
    """The names of the environment variables that a config gives to nodes."""
    for document in config.documents:
        values: Mapping[str, Any] = getattr(document, "values", None) or {}
        if document.kind == "EnvironmentConfig":
            yield from values.get("variables") or ()
        machine = values.get("machine")
        if isinstance(machine, dict):
            yield from machine.get("env") or ()
