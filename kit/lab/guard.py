"""What stands before moto in the lab's process: who may come in, and what is kept.

moto asks nobody for a password, and every user of a machine reaches its 127.0.0.1. So each
request must carry the lab's token, as our clients and ``environment`` do in the user agent, or
be signed with the lab's own random key, as an address is that was signed for a download.
"""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from kit.lab.state import Door

Environ = dict[str, Any]
App = Callable[[Environ, Any], Iterable[bytes]]
CONTROL = "/upskill-lab/"
_APP = re.compile(r"(?:^|\s)app/([0-9a-f]+)")
_KEY = re.compile(r"Credential=([^/,\s]+)/")


def caller(environ: Environ) -> str:
    """The access key id that a request is signed with, or nothing."""
    if found := _KEY.search(environ.get("HTTP_AUTHORIZATION", "")):
        return found[1]
    return _in_address(environ).partition("/")[0]


def _in_address(environ: Environ) -> str:
    """The credential of an address that was signed beforehand."""
    return parse_qs(str(environ.get("QUERY_STRING", ""))).get("X-Amz-Credential", [""])[0]


class Guard:
    """Lets in whom the door knows; answers the lab's own calls; notes what changes a cloud.

    ``controls`` are our own calls by name: each takes and returns a JSON object.
    ``changed`` is told the service and the path of each change that was accepted, before its
    caller is answered.
    """

    def __init__(
        self,
        app: App,
        door: Door,
        controls: dict[str, Callable[[dict[str, Any]], dict[str, Any]]],
        changed: Callable[[str, str], None],
    ) -> None:
        self._app, self._door = app, door
        self._controls, self._changed = controls, changed
        self.last_used = time.monotonic()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """One request, as WSGI has it."""
        if not self._known(environ):
            body = b"This lab belongs to another user or program."
            start_response("403 Forbidden", [("Content-Type", "text/plain")])
            return [body]
        self.last_used = time.monotonic()
        path = environ.get("PATH_INFO", "")
        if path.startswith(CONTROL):
            return self._control(path.removeprefix(CONTROL), environ, start_response)
        return self._pass_on(environ, start_response)

    def _known(self, environ: Environ) -> bool:
        told = _APP.search(environ.get("HTTP_USER_AGENT", ""))
        by_token = hmac.compare_digest(told[1] if told else "", self._door.token)
        return by_token or hmac.compare_digest(caller(environ), self._door.key)

    def _control(self, name: str, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if name not in self._controls:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"no such call"]
        size = int(environ.get("CONTENT_LENGTH") or 0)
        told = json.loads(environ["wsgi.input"].read(size) or b"{}")
        answer = json.dumps(self._controls[name](told)).encode()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [answer]

    def _pass_on(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        status: list[str] = []

        def began(line: str, headers: Any, error: Any = None) -> Any:
            status.append(line)
            return start_response(line, headers, error) if error else start_response(line, headers)

        # moto may change what it is given
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        service = _service(environ)
        answer = self._app(environ, began)
        if method in ("PUT", "POST", "DELETE") and status and status[0].startswith("2"):
            self._changed(service, path)
        return answer


def _service(environ: Environ) -> str:
    """The service that a request is signed for."""
    signed = environ.get("HTTP_AUTHORIZATION") or _in_address(environ)
    found = re.search(r"/([a-z0-9-]+)/aws4_request", signed)
    return found[1] if found else ""
