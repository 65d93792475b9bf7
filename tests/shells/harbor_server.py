"""A fake of Harbor's API, because the real Harbor needs a container engine.

It has a state, and answers as the handlers of Harbor 2.16 do: what it refuses, Harbor refuses with that status and
message. Each body is also held against ``harbor.schema.json``, which is stricter.

Source: goharbor/harbor, api/v2.0/swagger.yaml, src/server/v2.0/handler, src/controller/registry, src/controller/robot.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs

from jsonschema import Draft202012Validator

from tests.servers import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tests.servers import Request

__all__ = ["PASSWORD", "WEEK", "Harbor"]

PASSWORD = "Harbor 12\"345\\'$x ü"
_SCHEMA = json.loads(Path(__file__).with_name("harbor.schema.json").read_text(encoding="utf-8"))
_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_ADAPTERS = {"docker-hub", "docker-registry", "harbor", "github-ghcr", "google-gcr", "quay", "gitlab"}
_FOR_PROXIES = {"docker-hub", "docker-registry", "harbor", "github-ghcr", "google-gcr"}
_NEED_CREDENTIALS = {"google-gcr"}
"""Whose health check finds an endpoint without a login unhealthy."""

WEEK = [
    {
        "id": 1,
        "priority": 1,
        "action": "retain",
        "template": "nDaysSinceLastPull",
        "params": {"nDaysSinceLastPull": 7},
        "tag_selectors": [{"kind": "doublestar", "decoration": "matches", "pattern": "**"}],
        "scope_selectors": {"repository": [{"kind": "doublestar", "decoration": "repoMatches", "pattern": "**"}]},
    }
]
"""The rules that a new proxy project gets."""


class Refused(Exception):  # noqa: N818 - an answer, not an error of the fake
    """An answer with a status and a reason."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


class Harbor:
    """What answers requests, and keeps what they make.

    Attributes:
        state: registries, projects, retentions and robots, each by its id.
        changes: method and path of the requests that were to change something.
        wrong: what the schema says against their bodies.
        unreachable: the URLs that Harbor cannot reach.
        prefix: of the names of robots.
    """

    def __init__(self, *, unreachable: Collection[str] = (), prefix: str = "robot$") -> None:
        self.state: dict[str, dict[int, Any]] = {"registries": {}, "projects": {}, "retentions": {}, "robots": {}}
        self.changes: list[str] = []
        self.wrong: list[str] = []
        self.secrets: list[str] = []
        self.unreachable = unreachable
        self.prefix = prefix
        self.login = ("admin", PASSWORD)

    def answer(self, request: Request) -> Response:
        target, _, query = request.target.partition("?")
        path = target.removeprefix("/api/v2.0")
        try:
            self._authenticate(request)
            body = self._read(request, path) if request.method in {"POST", "PUT", "PATCH"} else None
            return self._handle(request.method, path, parse_qs(query), body)
        except Refused as refused:
            errors = [{"code": "X", "message": refused.message}]
            return _response(refused.status, {"errors": errors})

    def project(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self._named("projects", name)
        return found

    def rules(self, project: str) -> Any:
        return self.state["retentions"][int(self.project(project)["metadata"]["retention_id"])]["rules"]

    def add(self, kind: str, **entry: Any) -> int:
        number = max(self.state[kind], default=0) + 1
        self.state[kind][number] = {"id": number, **entry}
        return number

    def snapshot(self) -> dict[str, dict[int, Any]]:
        return deepcopy(self.state)

    def _authenticate(self, request: Request) -> None:
        expected = f"Basic {b64encode(':'.join(self.login).encode()).decode()}"
        if request.headers.get("authorization") != expected:
            raise Refused(401, "unauthorized")

    def _read(self, request: Request, path: str) -> Any:
        self.changes.append(f"{request.method} {path}")
        if request.headers.get("content-type") != "application/json":
            raise Refused(415, "unsupported media type")
        body = json.loads(request.body)
        kind, _, key = path.removeprefix("/").partition("/")
        call = f"{request.method} /{kind}" + (f"/{'NAME' if kind == 'projects' else 'ID'}" if key else "")
        validator = Draft202012Validator({**_SCHEMA, "$ref": f"#/$defs/{call.replace('/', '~1')}"})
        found = [f"{call}: {error.json_path}: {error.message}" for error in validator.iter_errors(body)]
        self.wrong += found
        if found:
            raise Refused(400, "parsing body failed")
        return body

    def _handle(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Response:
        kind, _, key = path.removeprefix("/").partition("/")
        handler = self._HANDLERS.get((method, kind, bool(key)))
        if handler is None:
            raise Refused(404, "not found")
        if body is None:
            return handler(self, key or query)
        return handler(self, key, body) if key else handler(self, body)

    def _named(self, kind: str, name: str) -> Any:
        for entry in self.state[kind].values():
            if entry["name"] == name:
                return entry
        raise Refused(404, f"{kind} {name} not found")

    def _numbered(self, kind: str, number: str) -> Any:
        found = self.state[kind].get(int(number))
        if found is None:
            raise Refused(404, f"{kind} {number} not found")
        return found

    def _new(self, kind: str, what: str, **entry: Any) -> int:
        if any(other["name"] == entry["name"] for other in self.state[kind].values()):
            raise Refused(409, f"{what} already exists")
        return self.add(kind, **entry)

    # Endpoints

    def list_registries(self, query: dict[str, list[str]]) -> Response:
        return _response(200, _queried(self.state["registries"], query))

    def create_registry(self, body: dict[str, Any]) -> Response:
        self._check_health(body)
        number = self._new("registries", f"registry {body['name']}", **body)
        return _created(f"registries/{number}")

    def update_registry(self, number: str, body: dict[str, Any]) -> Response:
        registry = self._numbered("registries", number)
        self._check_health(registry | body)
        registry |= body
        return _response(200)

    def _check_health(self, registry: dict[str, Any]) -> None:
        if registry["type"] not in _ADAPTERS:
            raise Refused(500, "internal server error")
        missing = registry["type"] in _NEED_CREDENTIALS and not registry.get("credential")
        if missing or registry["url"] in self.unreachable:
            raise Refused(400, "the registry is unhealthy")

    # Projects

    def head_project(self, query: dict[str, list[str]]) -> Response:
        self._named("projects", query["project_name"][0])
        return _response(200)

    def create_project(self, body: dict[str, Any]) -> Response:
        registry = self.state["registries"].get(body["registry_id"])
        if registry is None:
            raise Refused(500, "internal server error")
        if registry["type"] not in _FOR_PROXIES:
            raise Refused(400, f"unsupported registry type {registry['type']}")
        name = body["project_name"]
        number = self._new(
            "projects",
            f"The project named {name}",
            name=name,
            registry_id=body["registry_id"],
            metadata=dict(body["metadata"]),
        )
        policy = self.add(
            "retentions",
            algorithm="or",
            rules=deepcopy(WEEK),
            trigger={"kind": "Schedule", "settings": {"cron": "0 0 0 * * *"}},
            scope={"level": "project", "ref": number},
        )
        self.state["projects"][number]["metadata"]["retention_id"] = str(policy)
        return _created(f"projects/{number}")

    def get_project(self, name: str) -> Response:
        project = self._named("projects", name)
        return _response(200, {**_without(project, "id"), "project_id": project["id"]})

    def update_project(self, name: str, body: dict[str, Any]) -> Response:
        self._named("projects", name)["metadata"] |= body["metadata"]
        return _response(200)

    # Retention policies

    def create_retention(self, body: dict[str, Any]) -> Response:
        project = self.state["projects"].get(body["scope"]["ref"])
        if project is None:
            raise Refused(400, f"invalid Project id {body['scope']['ref']}")
        if "retention_id" in project["metadata"]:
            raise Refused(400, f"project {project['id']} already has retention policy")
        number = self.add("retentions", **body)
        project["metadata"]["retention_id"] = str(number)
        return _created(f"retentions/{number}")

    def get_retention(self, number: str) -> Response:
        return _response(200, _as_go_leaves_it(self._numbered("retentions", number)))

    def update_retention(self, number: str, body: dict[str, Any]) -> Response:
        project = self.state["projects"].get(body["scope"]["ref"])
        if project is None or project["metadata"].get("retention_id") != number:
            raise Refused(404, f"the retention policy id {number} does not match")
        self._numbered("retentions", number).update(body)
        return _response(200)

    # Robots

    def list_robots(self, query: dict[str, list[str]]) -> Response:
        found = _queried(self.state["robots"], query)
        return _response(200, [self._shown(robot) for robot in found if robot["level"] == "system"])

    def create_robot(self, body: dict[str, Any]) -> Response:
        self._check_permissions(body)
        entry = {**body, "disable": False, "editable": True}
        number = self._new("robots", f"robot account 0:{body['name']}", **entry)
        secret = self._new_secret(number)
        return _response(
            201, {"id": number, "name": f"{self.prefix}{body['name']}", "secret": secret, "expires_at": -1}
        )

    def update_robot(self, number: str, body: dict[str, Any]) -> Response:
        robot = self._numbered("robots", number)
        self._check_permissions(body)
        if (body["name"], body["level"]) != (f"{self.prefix}{robot['name']}", robot["level"]):
            raise Refused(400, "cannot update the level or name of robot")
        robot |= _without(body, "name")
        return _response(200)

    def refresh_secret(self, number: str, body: dict[str, Any]) -> Response:
        assert body == {"secret": ""}
        self._numbered("robots", number)
        return _response(200, {"secret": self._new_secret(int(number))})

    def _check_permissions(self, robot: dict[str, Any]) -> None:
        for permission in robot["permissions"]:
            self._named("projects", permission["namespace"])
            for access in permission["access"]:
                if (access["resource"], access["action"]) != ("repository", "pull"):
                    raise Refused(400, f"bad request permission: {access['resource']}:{access['action']}")

    def _new_secret(self, number: int) -> str:
        secret = f"5ecretOf{number}x{len(self.secrets)}"
        self.secrets.append(secret)
        self.state["robots"][number]["secret"] = secret
        return secret

    def _shown(self, robot: dict[str, Any]) -> dict[str, Any]:
        """With the prefix, without the secret, and with the permissions in any order."""
        permissions = [
            {**permission, "access": [{**access, "effect": "allow"} for access in permission["access"]]}
            for permission in reversed(robot["permissions"])
        ]
        return {**_without(robot, "secret"), "name": f"{self.prefix}{robot['name']}", "permissions": permissions}

    _HANDLERS: ClassVar[dict[tuple[str, str, bool], Callable[..., Response]]] = {
        ("GET", "registries", False): list_registries,
        ("POST", "registries", False): create_registry,
        ("PUT", "registries", True): update_registry,
        ("HEAD", "projects", False): head_project,
        ("POST", "projects", False): create_project,
        ("GET", "projects", True): get_project,
        ("PUT", "projects", True): update_project,
        ("POST", "retentions", False): create_retention,
        ("GET", "retentions", True): get_retention,
        ("PUT", "retentions", True): update_retention,
        ("GET", "robots", False): list_robots,
        ("POST", "robots", False): create_robot,
        ("PUT", "robots", True): update_robot,
        ("PATCH", "robots", True): refresh_secret,
    }


def _queried(entries: dict[int, Any], query: dict[str, list[str]]) -> list[Any]:
    """Those that a query finds, which is for one name exactly."""
    key, _, name = query["q"][0].partition("=")
    assert key == "name"
    assert _NAME.fullmatch(name)
    return [entry for entry in entries.values() if entry["name"] == name]


def _as_go_leaves_it(value: Any) -> Any:
    """Without what is false or empty: most of Harbor's models leave that out."""
    if isinstance(value, dict):
        kept = {key: _as_go_leaves_it(member) for key, member in value.items()}
        return {key: member for key, member in kept.items() if member not in (False, 0, "", {}, [])}
    return [_as_go_leaves_it(item) for item in value] if isinstance(value, list) else value


def _without(entry: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != key}


def _created(what: str) -> Response:
    return Response(201, (("Location", f"/api/v2.0/{what}"), ("Content-Length", "0")))


def _response(status: int, content: Any = None) -> Response:
    body = b"" if content is None else json.dumps(content).encode()
    headers = (("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(body))))
    return Response(status, headers, body)
