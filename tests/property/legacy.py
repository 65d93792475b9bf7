"""Any configs with a legacy section, in any layout, and what they are once they are migrated."""

from __future__ import annotations

import base64
import re
from typing import Any, Literal

from hypothesis import strategies as st

from talos_registry import MachineConfig, MigrateError, migrate, parse
from tests.certificates import CERTIFICATE
from tests.certificates import KEY as PEM_KEY

__all__ = ["GOOD_URLS", "configs", "migrated"]

CA, CERT, KEY = (base64.b64encode(text.encode()).decode() for text in (CERTIFICATE, CERTIFICATE, PEM_KEY))
HOSTS = (
    "docker.io",
    "ghcr.io",
    "*",
    "harbor.example",
    "harbor.example:5000",
    "10.0.0.1:5000",
    "[::1]:5000",
    "_default",
    "registry-1.docker.io",
)
URLS = (
    "http://10.0.0.1:5000", "https://harbor.example", "https://harbor.example/v2/hub", "https://harbor.example:5000/",
    "https://ghcr.io", "http://[::1]:5000", "HTTP://10.0.0.1", "https://a/b c", "10.0.0.1:5000", "harbor.example", "ftp://a", "http://a b", "",
)  # fmt: skip
GOOD_URLS = URLS[:6]
WORDS = ("u", "y", "0123", "a: b", "kind", "machine", "null", " x", "ä", "a\u2028b")

FLAG = st.sampled_from([True, False])


def mappings(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=members)


def mirrors(urls: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return mappings(endpoints=st.lists(st.sampled_from(urls), max_size=3), overridePath=FLAG, skipFallback=FLAG)


WORD = st.sampled_from(WORDS)
AUTH = st.one_of(
    mappings(username=WORD, password=WORD),
    mappings(auth=WORD),
    mappings(identityToken=WORD),
    mappings(username=WORD, auth=WORD),
)
TLS = mappings(
    ca=st.sampled_from([CA, CA, base64.b64encode(b"none").decode()]),
    clientIdentity=st.sampled_from([{"crt": CERT, "key": KEY}, {"crt": CERT}, {}]),
    insecureSkipVerify=FLAG,
)
ENTRY = mappings(auth=AUTH, tls=TLS)


def sections(urls: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    hosts = st.sampled_from(HOSTS)
    return mappings(
        mirrors=st.dictionaries(hosts, mirrors(urls), max_size=4), config=st.dictionaries(hosts, ENTRY, max_size=3)
    )


# What is drawn from is made once: making it takes longer than drawing.
ONE_IN = {count: st.integers(1, count) for count in range(2, 9)}
DEEPER = st.sampled_from([" ", "  ", "   ", "    "])


class Writer:
    """Writes data as YAML in one of its many ways, with comments here and there."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._count = 0

    def _is(self, one_in: int) -> bool:
        return self._draw(ONE_IN[one_in]) == 1

    def _comment(self) -> str:
        self._count += 1
        return f"# note {self._count}"

    def _beside(self) -> str:
        return f" {self._comment()}" if self._is(3) else ""

    def _before(self, indent: str) -> str:
        blank = "\n" if self._is(8) else ""
        return blank + (f"{indent}{self._comment()}\n" if self._is(3) else "")

    def block(self, data: dict[str, Any], indent: str) -> str:
        text = ""
        for key, value in data.items():
            text += self._before(indent) + f"{indent}{self._scalar(key)}:{self._value(value, indent)}"
        return text

    def _value(self, value: Any, indent: str) -> str:
        if not value and self._is(3) and isinstance(value, dict | list):
            return f" {'{}' if isinstance(value, dict) else '[]'}{self._beside()}\n"
        if not isinstance(value, dict | list) or not value or self._is(4):
            return f" {self._flow(value)}{self._beside()}\n"
        deeper = indent + self._draw(DEEPER)
        if isinstance(value, dict):
            return f"{self._beside()}\n{self.block(value, deeper)}{self._before(deeper)}"
        items = "".join(f"{self._before(indent)}{indent}- {self._scalar(item)}{self._beside()}\n" for item in value)
        return f"{self._beside()}\n{items}"

    def _flow(self, value: Any) -> str:
        if isinstance(value, dict):
            comma = "," if value and self._is(3) else ""
            return (
                "{" + ", ".join(f"{self._scalar(key)}: {self._flow(item)}" for key, item in value.items()) + comma + "}"
            )
        if isinstance(value, list):
            return "[" + ", ".join(map(self._flow, value)) + "]"
        return self._scalar(value)

    def _scalar(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        text = str(value)
        if re.fullmatch(r"[a-z][a-zA-Z0-9./:-]*", text) and text not in {"null", "y"} and self._is(2):
            return text
        return '"' + text.replace("\u2028", "\\L") + '"'


AROUND = st.fixed_dictionaries(
    {},
    optional={
        "type": st.just("worker"),
        "install": st.just({"disk": "/dev/sda"}),
        "network": st.just({"hostname": "a"}),
    },
)
OTHER = (
    "apiVersion: v1alpha1\nkind: HostnameConfig # other\nhostname: x\n",
    "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints: [{url: http://new}]\n",
    "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: harbor.example\n",
    "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: 10.0.0.1:5000\nusername: new\n",
)


OTHERS = st.lists(st.sampled_from(OTHER), max_size=2, unique=True)
STARTS = st.sampled_from(["", "---\n", "# top\n", "# top\n---\n", "--- # top\n"])
ENDS = st.sampled_from(["", "...\n", "# end\n", "# end", "\n"])


def configs(urls: tuple[str, ...] = URLS) -> st.SearchStrategy[str]:
    """Files with a legacy section."""
    return with_section(sections(urls))


@st.composite
def with_section(draw: st.DrawFn, section: st.SearchStrategy[dict[str, Any]]) -> str:
    writer = Writer(draw)
    machine = draw(AROUND)
    before = draw(st.integers(0, len(machine)))
    members = list(machine.items())
    members.insert(before, ("registries", draw(section)))
    root: dict[str, Any] = {"machine": dict(members)}
    root = draw(st.sampled_from([root, {"version": "v1alpha1", **root}, {**root, "cluster": {"clusterName": "a"}}]))
    documents = [writer.block(root, "")]
    if draw(ONE_IN[6]) == 1:
        documents = [f"{writer._flow(root)}\n"]
    for other in draw(OTHERS):
        documents.insert(draw(st.integers(0, len(documents))), other)
    start = draw(STARTS)
    end = draw(ENDS)
    text = start + "---\n".join(documents) + end
    if draw(ONE_IN[4]) == 1:
        text = text.replace("\n", "\r\n")
    return text.rstrip("\r\n") if draw(ONE_IN[4]) == 1 else text


def migrated(config: MachineConfig, to: Literal["documents", "legacy"] = "documents") -> MachineConfig:
    """The config with all migrated that can be."""
    try:
        text: str | None = migrate(config, to=to)
    except MigrateError as error:
        text = error.text if error.entries else None
    assert text is not None
    return parse(text, talos_version=config.talos_version)
