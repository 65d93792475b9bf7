"""What is written for Harbor: the files as compared with those written by hand, and each document."""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509

from talos_registry import RegistryAuthConfig, RegistryTLSConfig, emit, lint, parse, resolve
from talos_registry.caches import HarborCache
from talos_registry.diagnostic import CacheError
from tests.certificates import certificate, certificate_pem, new_key
from tests.guide.samples import HARBOR

if TYPE_CHECKING:
    from talos_registry.resolution import Puller

HERE = Path(__file__).parent
CA = certificate_pem(certificate(new_key(), extensions=[x509.BasicConstraints(ca=True, path_length=None)]))


def described(**changed: Any) -> HarborCache:
    return HarborCache(**{"url": "https://harbor.example"} | changed)


WHOLE = described(
    url="http://harbor.example:8080/",
    hosts=("docker.io", "quay.io", "reg.example:5000=http://[fd00::9]:8080"),
    prefix="cache_",
    robot="talos",
    retention=30,
)

# The files


def test_the_documents_of_the_guide() -> None:
    assert emit(described(url="http://harbor").documents) == HARBOR


@pytest.mark.parametrize(("name", "by_hand"), [("harbor.sh", "harbor.sh"), ("README.md", "harbor.md")])
def test_every_file_is_what_was_written_by_hand(name: str, by_hand: str) -> None:
    assert WHOLE.files[name] == (HERE / by_hand).read_text(encoding="utf-8")


def test_a_public_harbor_with_its_own_ca_differs_in_these_lines_alone() -> None:
    other = described(ca=f"it's\n{CA}", hosts=WHOLE.hosts, prefix="cache_")
    lines = [*ndiff((HERE / "harbor.sh").read_text(encoding="utf-8").splitlines(), other.setup.splitlines())]
    curl = '    status=$(curl -q --silent --show-error --globoff --max-time 300 --config "$work/login"'
    assert [line[2:] for line in lines if line[0] == "-"] == [
        "url=http://harbor.example:8080",
        "public=false",
        f"{curl} \\",
        "# Which images stay: those that were pulled within 30 days.",
        '    "action": "retain", "template": "nDaysSinceLastPull", "params": {"nDaysSinceLastPull": 30},',
        "robot talos cache_docker.io cache_quay.io cache_reg.example-5000",
    ]
    assert [line[2:] for line in lines if line[0] == "+"] == [
        "url=https://harbor.example",
        "public=true",
        "printf '%s' 'it'\"'\"'s",
        *CA.splitlines(),
        '\' >"$work/ca.crt"',
        f'{curl} --cacert "$work/ca.crt" \\',
        "# Which images stay: all of them, for ever.",
        '    "action": "retain", "template": "always", "params": {},',
    ]


def test_files_begin_with_the_set_up() -> None:
    assert list(described().files) == ["harbor.sh", "talos.yaml", "README.md"]


def test_the_readme_says_who_may_pull_and_what_stays() -> None:
    readme = described().files["README.md"]
    assert "the projects are public" in readme
    assert "Nothing is ever deleted" in readme
    assert "seven days" in readme
    assert "secret" not in readme


def test_the_password_of_the_administrator_is_needed_and_http_shows_it() -> None:
    needed = "harbor.sh needs curl, jq, and the password of Harbor's administrator in HARBOR_ADMIN_PASSWORD"
    assert described().notes == (needed,)
    assert WHOLE.notes == (f"{needed}, which http shows to whoever listens",)


# The documents

CACHES = {
    "public": described(),
    "whole": WHOLE,
    "with its own CA": described(ca=CA, robot="talos"),
    "without a prefix": described(prefix="", hosts=("quay.io", "reg.example:5000")),
    "IPv6": described(url="http://[fd00::1]", hosts=("ghcr.io",)),
}


@pytest.mark.parametrize("version", ["1.12.7", "1.13.9", "1.14.1"])
@pytest.mark.parametrize("cache", CACHES)
def test_rules_find_credentials_in_clear_text_alone_in_the_documents(cache: str, version: str) -> None:
    config = parse(CACHES[cache].files["talos.yaml"], talos_version=version)
    assert config.diagnostics == ()
    found = {finding.code for finding in lint(config) if finding.severity >= "warning"}
    assert found == ({"cleartext-credentials"} if cache == "whole" else set())


def test_credentials_and_the_ca_are_for_the_host_of_harbor() -> None:
    assert CACHES["with its own CA"].documents[-2:] == (
        RegistryAuthConfig(name="harbor.example", username="robot$talos", password="${HARBOR_PASSWORD}"),
        RegistryTLSConfig(name="harbor.example", ca=CA),
    )


@pytest.mark.parametrize("puller", ["talos", "cri"])
@pytest.mark.parametrize(
    ("cache", "image", "url"),
    [
        ("public", "nginx", "https://harbor.example/v2/proxy-docker.io/library/nginx/manifests/latest?ns=docker.io"),
        ("public", "gcr.io/a/b:c", "https://harbor.example/v2/proxy-gcr.io/a/b/manifests/c?ns=gcr.io"),
        ("public", "ghcr.io/a/b:c", "https://harbor.example/v2/proxy-ghcr.io/a/b/manifests/c?ns=ghcr.io"),
        (
            "public",
            "registry.k8s.io/a:c",
            "https://harbor.example/v2/proxy-registry.k8s.io/a/manifests/c?ns=registry.k8s.io",
        ),
        ("whole", "quay.io/a:c", "http://harbor.example:8080/v2/cache_quay.io/a/manifests/c?ns=quay.io"),
        (
            "whole",
            "reg.example:5000/a:c",
            "http://harbor.example:8080/v2/cache_reg.example-5000/a/manifests/c?ns=reg.example%3A5000",
        ),
        ("without a prefix", "reg.example:5000/a:c", "https://harbor.example/v2/reg.example-5000/a/manifests/c?ns=reg.example%3A5000"),
        ("IPv6", "ghcr.io/a:c", "http://[fd00::1]/v2/proxy-ghcr.io/a/manifests/c?ns=ghcr.io"),
    ],
)  # fmt: skip
def test_a_node_asks_the_project_of_the_host_first(cache: str, image: str, url: str, puller: Puller) -> None:
    plan = resolve(image, parse(CACHES[cache].files["talos.yaml"]), puller=puller)
    assert plan.attempts[0].manifest_url == url
    assert [attempt.role for attempt in plan.attempts] == ["mirror", "fallback"]


# What is refused

LONG = "a" * 60
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"url": "harbor.example"}, 'the URL of Harbor needs http:// or https:// and a host: "harbor.example"'),
    ({"url": "https://harbor.example/v2"}, 'the URL of Harbor is the root of a host, without a path: "https://harbor.example/v2"; write https://harbor.example'),
    ({"url": "https://admin:s3cret@harbor.example"}, 'the URL of Harbor takes no user and password: "https://***@harbor.example"'),
    ({"url": "https://harbor.example;id"}, 'the URL of Harbor is at "harbor.example;id", which is no name in DNS and no IP address'),
    ({"url": "http://harbor.example", "ca": CA}, "a CA is for a cache that speaks https, and its URL is http://harbor.example"),
    ({"prefix": "Proxy-"}, 'the project for docker.io would be "Proxy-docker.io", and Harbor takes lower-case letters and digits, with one dot, _ or - between them'),
    ({"prefix": "proxy--"}, 'the project for docker.io would be "proxy--docker.io", and Harbor takes lower-case letters and digits, with one dot, _ or - between them'),
    ({"prefix": "a/"}, 'the project for docker.io would be "a/docker.io", and Harbor takes lower-case letters and digits, with one dot, _ or - between them'),
    ({"prefix": "$(id)"}, 'the project for docker.io would be "$(id)docker.io", and Harbor takes lower-case letters and digits, with one dot, _ or - between them'),
    ({"prefix": "a\n"}, 'the project for docker.io would be "a\\ndocker.io", and Harbor takes lower-case letters and digits, with one dot, _ or - between them'),
    ({"prefix": LONG}, f'the endpoint "{LONG}docker.io" has 69 characters; Harbor takes 64'),
    ({"hosts": ["xn--bcher-kva.example"]}, 'the project for xn--bcher-kva.example would be "proxy-xn--bcher-kva.example", and Harbor takes lower-case letters and digits, with one dot, _ or - between them'),
    ({"hosts": ["harbor.example"]}, "the upstream of harbor.example, https://harbor.example, is this Harbor itself"),
    ({"hosts": ["quay.io", "quay.io"]}, '"quay.io" is there twice'),
    ({"hosts": ["a.example:5000", "a.example-5000"]}, '"a.example:5000" and "a.example-5000" would both be called'),
    ({"hosts": ["quay.io=https://quay.io/v2"]}, 'the upstream of quay.io is the root of a host, without a path: "https://quay.io/v2"; write https://quay.io'),
    ({"robot": "robot$talos"}, '"robot$talos" is no name of a robot in Harbor: it takes up to 249 lower-case letters and digits, with one dot, _ or - between them; leave out robot$, which Harbor adds itself'),
    ({"robot": ""}, '"" is no name of a robot in Harbor: it takes up to 249 lower-case letters and digits, with one dot, _ or - between them'),
    ({"robot": "Talos"}, '"Talos" is no name of a robot in Harbor: it takes up to 249 lower-case letters and digits, with one dot, _ or - between them'),
    ({"robot": "a\n"}, '"a\\n" is no name of a robot in Harbor: it takes up to 249 lower-case letters and digits, with one dot, _ or - between them'),
    ({"retention": 0}, "images are kept for 1 to 20190904 days, not for 0"),
    ({"retention": 20190905}, "images are kept for 1 to 20190904 days, not for 20190905"),
    ({"ca": "none"}, 'Talos refuses RegistryTLSConfig "harbor.example": ca holds no certificate that can be read'),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "message"), REFUSED)
def test_what_makes_no_working_cache_is_refused_with_the_reason(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(CacheError) as refused:
        described(**changed)
    assert str(refused.value).startswith(message)
