"""Save Page Now of the web."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from web import Web
from web.saving import CREDENTIALS
from web_client import ask

PAGE = "http://quay.example/conduct"
KEYS = {"Authorization": CREDENTIALS, "Accept": "application/json"}


def _save(web: Web, url: str = PAGE) -> dict[str, Any]:
    body = urlencode({"url": url})
    reply = ask(web, f"{web.wayback.url}/save", KEYS, method="POST", body=body)
    assert reply.status == 200
    said: dict[str, Any] = json.loads(reply.body)
    return said


def _status(web: Web, job: str) -> dict[str, Any]:
    reply = ask(web, f"{web.wayback.url}/save/status/{job}", KEYS)
    assert reply.headers["retry-after"] == web.wayback.saving.retry_after
    said: dict[str, Any] = json.loads(reply.body)
    return said


def test_a_job_ends_in_a_capture(web: Web) -> None:
    web.wayback.saving.will(PAGE, "20260101000000", body=b"Be kind.", pending=2)
    said = _save(web)
    assert (said["url"], said["job_id"][:5]) == (PAGE, "spn2-")
    assert _save(web)["job_id"] == said["job_id"]
    states = [_status(web, said["job_id"]) for _ in range(4)]
    assert [one["status"] for one in states] == ["pending", "pending", "success", "success"]
    assert states[2]["original_url"] == PAGE
    assert states[2]["first_archive"] is True
    memento = web.wayback.memento(PAGE, states[2]["timestamp"], "id_")
    assert ask(web, memento).body == b"Be kind."
    assert len(web.wayback.captures.of(PAGE)) == 1
    assert [one.form["url"] for one in web.wayback.requests("save") if one.method == "POST"] == [
        [PAGE],
        [PAGE],
    ]


def test_a_capture_may_be_of_another_url_and_not_yet_visible(web: Web) -> None:
    web.wayback.saving.will(PAGE, "20260101000000", final="http://mill.example/", visible=False)
    said = _status(web, _save(web)["job_id"])
    assert said["original_url"] == "http://mill.example/"
    memento = web.wayback.memento("http://mill.example/", "20260101000000", "id_")
    assert ask(web, memento).status == 404


def test_a_job_may_fail_or_never_end(web: Web) -> None:
    web.wayback.saving.will(PAGE, error="read-timeout", pending=1)
    job = _save(web)["job_id"]
    assert [_status(web, job).get("status_ext") for _ in range(2)] == [None, "read-timeout"]
    other = _save(web, "http://mill.example/")["job_id"]
    assert {_status(web, other)["status"] for _ in range(5)} == {"pending"}
    assert _status(web, "spn2-no")["status"] == "error"


def test_refusals_look_like_successes(web: Web) -> None:
    web.wayback.saving.refuse(PAGE, "too-many-daily-captures")
    said = _save(web)
    assert (said["status_ext"], "job_id" in said) == ("too-many-daily-captures", False)
    assert _save(web, "no url")["status_ext"] == "invalid-url-syntax"
    web.wayback.saving.messages["http://mill.example/"] = "The capture will start in ~1 hour."
    assert "1 hour" in _save(web, "http://mill.example/")["message"]


def test_credentials_are_needed(web: Web) -> None:
    for path in ("/save", "/save/status/spn2-x", "/save/status/user"):
        assert ask(web, web.wayback.url + path).status == 401
    wrong = {"Authorization": "LOW access:wrong"}
    assert ask(web, f"{web.wayback.url}/save/status/user", wrong).status == 401
    user = json.loads(ask(web, f"{web.wayback.url}/save/status/user?_t=1", KEYS).body)
    assert user["available"] == 3
    system = json.loads(ask(web, f"{web.wayback.url}/save/status/system", KEYS).body)
    assert system["status"] == "ok"


def test_the_browsers_path_is_shut(web: Web) -> None:
    assert ask(web, f"{web.wayback.url}/save/{PAGE}", KEYS).status == 429
