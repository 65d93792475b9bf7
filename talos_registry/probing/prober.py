"""All questions that plans amount to, each asked once, several at a time."""

from __future__ import annotations

import re
import threading
from math import isfinite
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from talos_registry.arguments import refuse_text, wrong_type
from talos_registry.documents import OpaqueDocument, RegistrySet
from talos_registry.go.url import clean_path
from talos_registry.limits import MAX_TIMEOUT
from talos_registry.probing.asking import Inquiry, Logins, Manner, Question
from talos_registry.probing.connection import port_of
from talos_registry.probing.judging import Reply
from talos_registry.probing.results import Probe, ProbedAttempt, end_of
from talos_registry.probing.trust import trust_at
from talos_registry.resolution import Reference, resolve
from talos_registry.resolution.hosts import registries_of, upstream_host
from talos_registry.resolution.resolver import cri_auth, hosts
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from talos_registry.documents import RegistryAuthConfig
    from talos_registry.loading import MachineConfig
    from talos_registry.resolution import Puller
    from talos_registry.resolution.resolver import Host

__all__ = ["Prober", "Scope", "names_of", "probe", "trusted_roots"]


def probe(  # noqa: PLR0913 - settings, each of which has a name
    registries: RegistrySet | MachineConfig,
    references: Iterable[str | Reference] = (),
    *,
    pullers: Iterable[Puller] = ("talos", "cri"),
    fallback: bool = False,
    extra_roots: str = "",
    timeout: float = 10.0,
    jobs: int = 8,
) -> tuple[Probe, ...]:
    """Ask each host that a node would try, as the node would, and say what came back and what it would do next.

    There is one probe for each reference, or mirror, and puller.

    A reference is asked for by HEAD (GET only where the host does not know HEAD). Without references each endpoint of
    each mirror is asked whether a registry answers there. Equal questions of both pullers are asked once. Credentials
    are sent as a puller sends them, also to a realm for tokens on another host. ``${NAME}`` in a credential stands for
    what the environment has of that name; one that holds any other placeholder is not sent. No proxy is used.

    Args:
        registries: the registry settings of a node, or a config, which has them; its TrustedRootsConfig counts, too.
        references: the images.
        pullers: ``"talos"``: Talos itself; ``"cri"``: containerd.
        fallback: ask upstream registries, too.
        extra_roots: PEM text of roots that the nodes trust besides their own.
        timeout: seconds for all that one host is asked, logging in included.
        jobs: how many are asked at a time.

    Raises:
        InvalidReferenceError: if a text is no image reference.
        ValueError: for an unknown puller, and for a timeout or number of jobs that is not above 0.
        TypeError: for arguments of other types.
    """
    refuse_text("probe", "references as a collection of images", references)
    refuse_text("probe", "pullers as a collection of names", pullers)
    _check(extra_roots, timeout, jobs)
    scope = Scope(fallback=fallback)
    prober = Prober(registries, references, pullers, extra_roots, scope)
    prober.run(Manner(timeout, True, _ignore, _ignore), jobs)
    return prober.probes()


def _check(extra_roots: object, timeout: object, jobs: object) -> None:
    if not isinstance(extra_roots, str):
        raise wrong_type("probe", "extra_roots as PEM text", extra_roots)
    if not isinstance(timeout, int | float) or isinstance(timeout, bool):
        raise wrong_type("probe", "timeout as a number of seconds", timeout)
    if not isinstance(jobs, int) or isinstance(jobs, bool):
        raise wrong_type("probe", "jobs as a whole number", jobs)
    if not (isfinite(timeout) and 0 < timeout <= MAX_TIMEOUT):
        raise ValueError(f"probe takes a timeout above 0 s, and not above {MAX_TIMEOUT} s")
    if jobs < 1:
        raise ValueError("probe takes at least one job")


def _ignore(said: object) -> None:
    """Tell nobody."""


def trusted_roots(config: MachineConfig) -> str:
    """The PEM texts of the TrustedRootsConfig documents of a config."""
    texts = (
        document.values.get("certificates")
        for document in config.documents
        if isinstance(document, OpaqueDocument) and document.kind == "TrustedRootsConfig" and document.values
    )
    return "\n".join(text for text in texts if isinstance(text, str))


class Scope(NamedTuple):
    """Which hosts are asked: upstream registries with ``fallback``; with ``only`` these hosts alone.

    ``expected``: the digest that each host must say.
    """

    fallback: bool = False
    only: Collection[str] = ()
    expected: str | None = None

    def excludes(self, host: Host) -> str:
        """Why a host is not asked, empty if it is."""
        if host.role == "image-cache":
            return "not asked: the image cache is on the node"
        if host.role == "fallback" and not self.fallback:
            return "not asked: the upstream registry"
        return "" if not self.only or {*names_of(host.host)} & {*self.only} else "not asked: another host was wanted"


def names_of(host: str) -> tuple[str, str]:
    """What a host is called: with its port, and without."""
    return host, host.removesuffix(f":{port_of(host)}")


class _Asked(NamedTuple):
    """A host of a plan, and what it is asked; ``question`` is None where it is not."""

    host: Host
    url: str
    question: Question | None
    why_not: str


class _Pull(NamedTuple):
    """What a puller tries for a reference, or at a mirror."""

    reference: Reference | None
    puller: Puller
    mirror: str | None
    error: str | None
    asked: tuple[_Asked, ...]


_NOBODY = Logins({})


class Prober:
    """The questions, and the answers so far: who interrupts it keeps what is known."""

    def __init__(
        self,
        registries: RegistrySet | MachineConfig,
        references: Iterable[str | Reference],
        pullers: Iterable[Puller],
        extra_roots: str,
        scope: Scope,
    ) -> None:
        self._talos_version: str = getattr(registries, "talos_version", LATEST)
        own_roots = "" if isinstance(registries, RegistrySet) else trusted_roots(_config(registries))
        self._roots = "\n".join(filter(None, (own_roots, extra_roots)))
        self._registries = registries_of("probe", registries)
        self._scope = scope
        parsed = [one if isinstance(one, Reference) else Reference.parse(one) for one in references]
        chosen = tuple(pullers)
        self._logins: dict[str | None, Logins] = {}
        self._pulls = tuple(
            [self._of_reference(reference, puller) for reference in parsed for puller in chosen]
            if parsed
            else [self._of_mirror(name, puller) for name in self._registries.mirrors for puller in chosen]
        )
        self._replies: dict[Question, Reply] = {}
        self._groups = self._grouped()
        self._running: set[Inquiry] = set()
        self._is_over = threading.Event()

    @property
    def count(self) -> int:
        """How many questions there are that differ."""
        return len(self._groups)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host that a plan tries."""
        return tuple(dict.fromkeys(asked.host.host for pull in self._pulls for asked in pull.asked))

    def run(self, manner: Manner, jobs: int, progress: Callable[[], None] = lambda: None) -> None:
        """Ask, and wait for all answers; ``progress`` is called for each."""
        waiting, answered = SimpleQueue[list[Question]](), SimpleQueue[None]()
        for group in self._groups:
            waiting.put(group)
        for _ in range(min(jobs, self.count)):
            threading.Thread(target=self._work, args=(waiting, answered, manner), daemon=True).start()
        try:
            for _ in self._groups:
                answered.get()
                progress()
        finally:
            self._is_over.set()
            for inquiry in tuple(self._running):
                inquiry.cancel()

    def probes(self) -> tuple[Probe, ...]:
        """What is known."""
        return tuple(map(self._probe, self._pulls))

    def _of_reference(self, reference: Reference, puller: Puller) -> _Pull:
        plan = resolve(reference, self._registries, puller=puller, talos_version=self._talos_version)
        last = len(plan.attempts) - 1
        asked = (
            self._asked(one.tried, one.manifest_url, plan.reference, puller, is_last=number == last)
            for number, one in enumerate(plan.attempts)
        )
        return _Pull(reference, puller, plan.mirror, plan.error, tuple(asked))

    def _of_mirror(self, name: str, puller: Puller) -> _Pull:
        found = hosts(name, self._registries, puller, release_of(self._talos_version))
        tried = [host for host in found.hosts if not (name == "*" and host.role == "fallback")]
        asked = (self._asked(host, endpoint_url(host), None, puller, is_last=False) for host in tried)
        return _Pull(None, puller, name, found.error, tuple(asked))

    def _asked(self, host: Host, url: str, reference: Reference | None, puller: Puller, *, is_last: bool) -> _Asked:
        why_not = self._scope.excludes(host)
        if why_not:
            return _Asked(host, url, None, why_not)
        question = Question(
            url=url,
            repository=None if reference is None else reference.repository,
            by_digest=reference is not None and reference.digest is not None,
            is_last=is_last,
            trust=trust_at(host, puller, self._registries, self._roots),
            https_first=host.https_first,
            logins=self._logins_at(host, puller),
        )
        return _Asked(host, url, question, "")

    def _logins_at(self, host: Host, puller: Puller) -> Logins:
        """Talos has the credentials of the host itself, containerd those of all."""
        name = host.auth if puller == "talos" else None
        if puller == "talos" and name is None:
            return _NOBODY
        if name not in self._logins:
            auths = self._registries.auths
            documents = {host.host: auths[name]} if name is not None else dict(self._of_containerd())
            self._logins[name] = Logins(documents)
        return self._logins[name]

    def _of_containerd(self) -> Iterator[tuple[str, RegistryAuthConfig]]:
        for name, document in self._registries.auths.items():
            host = upstream_host(name)
            if cri_auth(host, self._registries) == name:
                yield host, document

    def _grouped(self) -> list[list[Question]]:
        """Questions that differ at most in credentials for other hosts, those with more of them first."""
        groups: dict[object, list[Question]] = {}
        for pull in self._pulls:
            for asked in pull.asked:
                if asked.question is not None:
                    group = groups.setdefault(asked.question.key, [])
                    group += [asked.question] if asked.question not in group else []
        return [sorted(group, key=lambda question: -len(question.logins.documents)) for group in groups.values()]

    def _work(self, waiting: SimpleQueue[list[Question]], answered: SimpleQueue[None], manner: Manner) -> None:
        while not self._is_over.is_set():
            try:
                group = waiting.get_nowait()
            except Empty:
                return
            self._ask(group, manner)
            answered.put(None)

    def _ask(self, group: list[Question], manner: Manner) -> None:
        first, *others = group
        reply = self._reply(first, manner)
        for question in others:
            if reply.used_other_credentials:
                self._reply(question, manner)
            elif first in self._replies:
                self._replies[question] = reply

    def _reply(self, question: Question, manner: Manner) -> Reply:
        try:
            reply = self._inquired(question, manner)
        except Exception as error:  # noqa: BLE001 - one answer must not cost the others
            reply = Reply("not-a-registry", None, None, f"this tool fails on its answer ({type(error).__name__})", None)
        if not self._is_over.is_set():
            self._replies[question] = reply
        return reply

    def _inquired(self, question: Question, manner: Manner) -> Reply:
        inquiry = Inquiry(question, manner)
        self._running.add(inquiry)
        if self._is_over.is_set():
            inquiry.cancel()
        try:
            return inquiry.reply()
        finally:
            self._running.discard(inquiry)

    def _probe(self, pull: _Pull) -> Probe:
        attempts = tuple(self._attempt(asked) for asked in pull.asked)
        end = "unknown" if pull.reference is None and pull.error is None else end_of(attempts)
        return Probe(pull.reference, pull.puller, pull.mirror, pull.error, attempts, end)

    def _attempt(self, asked: _Asked) -> ProbedAttempt:
        reply = None if asked.question is None else self._replies.get(asked.question)
        if reply is None:
            return ProbedAttempt(asked.host, asked.url, None, None, None, None, asked.why_not or "interrupted", None)
        reply = self._compared(reply)
        return ProbedAttempt(
            asked.host, asked.url, reply.outcome, reply.status, reply.seconds, reply.digest, reply.detail, reply.node
        )

    def _compared(self, reply: Reply) -> Reply:
        """The reply of a host that must say a certain digest."""
        expected = self._scope.expected
        if expected is None or reply.outcome != "ok" or reply.digest == expected:
            return reply
        detail = f"{expected} is expected" if reply.digest else f"it does not say its digest; {expected} is expected"
        return reply._replace(outcome="other-digest", detail="; ".join(filter(None, (detail, reply.detail))))


def _config(given: object) -> MachineConfig:
    from talos_registry.loading import MachineConfig

    if not isinstance(given, MachineConfig):
        raise wrong_type("probe", "a RegistrySet or a MachineConfig", given)
    return given


def endpoint_url(host: Host) -> str:
    """The URL that any registry at a host knows, whatever images it has: its path up to the first ``/v2``."""
    whole = clean_path(f"/{host.path}")
    api = re.match(r"(.*?/v2)(?=/|\Z)", whole, re.DOTALL)
    path = quote(api[1] if api else whole.rstrip("/"), safe="/:@!$&'()*+,;=~", errors="surrogateescape")
    return f"{host.scheme}://{host.host}{path}/"
