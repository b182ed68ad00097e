"""Save Page Now: what counts as saved, what is pending, and where the keys go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from scans import page
from web import Web, archive_org
from web.answer import answer
from web.saving import CREDENTIALS

from archivist.config import parse_settings
from archivist.errors import UsageError
from archivist.net.crawl import Crawl
from archivist.net.fetch import Fetch
from archivist.wayback.asked import Pending, Refused, Saved
from archivist.wayback.codes import code_of
from archivist.wayback.keys import Keys, keys_for
from archivist.wayback.mementos import WaybackMachine
from archivist.wayback.saving import Outcome, Save, Saver

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
STAMP = "20261125030010"
URL = "http://quay.example/conduct"
KEYS = Keys("access", "secret")


class Run:
    """One run against a web's Wayback Machine."""

    def __init__(self, web: Web, keys: Keys | None = KEYS, **wayback: float) -> None:
        web.wayback.saving.retry_after = "0"
        keys_given = {"saves_per_minute": 60000, "save_deadline": 5, "pause": 0} | wayback
        lines = "".join(f"{name} = {value}\n" for name, value in keys_given.items())
        text = web.settings(timeout=2) + "searches_per_minute = 60000\n" + lines
        settings = parse_settings(text.encode(), "archivist.toml").scan
        self.machine = WaybackMachine(settings.wayback)
        self.saver = Saver(self.machine, keys, NOW)
        self._found: list[Outcome] = []
        self._crawl: Crawl[Outcome] = Crawl(
            settings.network, lambda _lane: None, self._found.append, self.machine.manners()
        )
        self.machine.pause = self._crawl.pause

    def save(self, url: str = URL, *also: str) -> Outcome:
        """What a save comes to."""
        return self._ended(self.saver.save(url, also))

    def complete(self, pending: Pending) -> Outcome:
        """What a pending one comes to."""
        return self._ended(self.saver.complete(pending))

    def _ended(self, conversation: Save) -> Outcome:
        self._crawl.add(conversation)
        assert self._crawl.run(30)
        return self._found[-1]


def _posts(web: Web) -> list[dict[str, list[str]]]:
    return [one.form for one in web.wayback.requests("save") if one.method == "POST"]


def test_a_capture_is_saved_when_it_plays_back(web: Web) -> None:
    web.wayback.saving.will(URL, STAMP, body=page().encode(), pending=2)
    memento = f"{web.wayback.url}/web/{STAMP}/{URL}"
    saved = Run(web).save()
    assert isinstance(saved, Saved)
    assert saved._replace(answer=None) == Saved(URL, memento, STAMP, URL)
    assert saved.answer is not None
    (form,) = _posts(web)
    assert form == {
        "url": [URL],
        "if_not_archived_within": ["600"],
        "skip_first_archive": ["1"],
    }
    last = list(web.wayback.requests("playback"))[-1]
    assert last.path == f"/web/{STAMP}id_/{URL}"


def test_the_memento_is_that_of_the_answer(web: Web) -> None:
    final = "https://www.quay.example/conduct/"
    web.wayback.saving.will(URL, STAMP, body=b"Be kind.", final=final)
    found = Run(web).save()
    assert isinstance(found, Saved)
    assert found.memento == f"{web.wayback.url}/web/{STAMP}/{final}"


def test_a_capture_of_another_page_is_none(web: Web) -> None:
    web.wayback.saving.will(URL, STAMP, body=b"Welcome.", final="http://quay.example/login")
    found = Run(web).save()
    assert isinstance(found, Refused)
    assert (found.code, found.is_permanent) == ("redirected", True)
    assert "http://quay.example/login" in found.reason


def test_where_the_page_redirects_to_may_be_captured(web: Web) -> None:
    web.wayback.saving.will(URL, STAMP, body=b"Be kind.", final="http://quay.example/rules")
    assert isinstance(Run(web).save(URL, "http://quay.example/rules"), Saved)


def test_what_is_not_visible_yet_is_pending_and_completed_later(web: Web) -> None:
    web.wayback.saving.will(URL, STAMP, body=b"Be kind.", visible=False)
    found = Run(web).save()
    assert isinstance(found, Pending)
    assert found.job.startswith("spn2-")
    assert (found.stamp, found.original) == (STAMP, URL)
    assert "not visible yet" in found.reason
    assert isinstance(Run(web).complete(found), Pending)
    web.wayback.captures.everything.clear()
    web.wayback.capture(URL, STAMP, "Be kind.")
    assert isinstance(Run(web).complete(found), Saved)
    assert len(_posts(web)) == 1


def test_an_older_capture_in_its_place_is_not_it(web: Web) -> None:
    web.wayback.capture(URL, "20250101000000", "Be kind.")
    web.wayback.saving.will(URL, STAMP, body=b"Be kinder.", visible=False)
    assert isinstance(Run(web).save(), Pending)


def test_a_job_that_does_not_end_is_pending_with_its_job(web: Web) -> None:
    found = Run(web, save_deadline=0.3).save()
    assert isinstance(found, Pending)
    assert found.job.startswith("spn2-")
    web.wayback.saving.will(URL, STAMP, body=b"Be kind.")
    assert isinstance(Run(web).complete(found), Saved)
    assert len(_posts(web)) == 1


@pytest.mark.parametrize(
    ("code", "is_permanent"),
    [
        ("not-found", True),
        ("blocked-url", True),
        ("error:no-access", True),
        ("too-many-daily-captures", False),
        ("read-timeout", False),
        ("something-new", False),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_error_codes_are_judged(web: Web, code: str, is_permanent: bool, at_once: bool) -> None:
    if at_once:
        web.wayback.saving.refuse(URL, code, "Not this one.")
    else:
        web.wayback.saving.will(URL, error=code)
    found = Run(web).save()
    assert isinstance(found, Refused)
    assert (found.code, found.is_permanent) == (code, is_permanent)
    assert code_of(code).words in found.reason


def test_a_failed_job_may_have_saved(web: Web) -> None:
    web.wayback.saving.will(URL, error="job-failed")
    web.wayback.capture(URL, STAMP, "Be kind.")
    assert isinstance(Run(web).save(), Saved)


@pytest.mark.parametrize("lost", [answer("", 520), answer("<h1>Saved</h1>"), answer("[]")])
def test_a_lost_answer_is_looked_for_and_not_asked_again(web: Web, lost: Any) -> None:
    status = answer('{"available": 3}', content_type="application/json")
    web.wayback.instead("save", status, lost)
    found = Run(web).save()
    assert isinstance(found, Pending)
    assert not found.job
    assert found.reason
    web.wayback.capture(URL, "20261124000000", "An older one.")
    assert isinstance(Run(web).complete(found), Refused)
    web.wayback.capture(URL, STAMP, "Be kind.")
    saved = Run(web).complete(found)
    assert isinstance(saved, Saved)
    assert saved.stamp == STAMP
    assert len(_posts(web)) == 1


def test_of_a_page_that_redirects_the_end_is_looked_for(web: Web) -> None:
    final = "http://quay.example/rules"
    status = answer('{"available": 3}', content_type="application/json")
    web.wayback.instead("save", status, answer("", 520))
    web.wayback.capture(final, STAMP, "Be kind.")
    saved = Run(web).save(URL, URL, final)
    assert isinstance(saved, Saved)
    assert saved.memento == f"{web.wayback.url}/web/{STAMP}/{final}"


def test_a_recent_capture_is_taken(web: Web) -> None:
    web.wayback.saving.already.add(URL)
    web.wayback.capture(URL, "20261125025500", "Be kind.")
    saved = Run(web).save()
    assert isinstance(saved, Saved)
    assert saved.stamp == "20261125025500"


def test_limits_are_those_of_the_service(web: Web) -> None:
    web.wayback.saving.daily_captures = 30000
    found = Run(web).save()
    assert isinstance(found, Refused)
    assert (found.code, found.is_permanent) == ("too-many-daily-captures", False)
    web.wayback.saving.daily_captures = 0
    web.wayback.saving.available = 0
    found = Run(web, save_deadline=0.2).save()
    assert isinstance(found, Refused)
    assert found.code == "user-session-limit"
    assert not _posts(web)


def test_wrong_keys_are_asked_once(web: Web) -> None:
    run = Run(web, Keys("access", "wrong-one"))
    for url in (URL, "http://mill.example/"):
        found = run.save(url)
        assert isinstance(found, Refused)
        assert (found.url, found.code) == (url, "unauthorized")
        assert "wrong-one" not in found.reason
    assert len(web.wayback.requests("save")) == 1


def test_too_many_requests(web: Web) -> None:
    status = answer('{"available": 3}', content_type="application/json")
    web.wayback.instead("save", status, archive_org.too_many("0"))
    found = Run(web).save()
    assert isinstance(found, Refused)
    assert (found.code, found.is_permanent) == ("too-many-requests", False)


def test_an_outage_is_no_refusal_for_good(web: Web) -> None:
    web.wayback.fail()
    run = Run(web)
    for _ in range(3):
        found = run.save()
        assert isinstance(found, Pending) or (isinstance(found, Refused) and not found.is_permanent)
    assert run.machine.is_out
    before = len(web.wayback.requests("save"))
    run.save()
    assert len(web.wayback.requests("save")) == before


def test_without_keys(web: Web) -> None:
    web.wayback.saving.will(URL, STAMP, body=b"Be kind.")
    found = Run(web, None).save()
    assert isinstance(found, Refused)
    assert "IA_ACCESS_KEY" in found.reason
    web.wayback.saving.is_open = True
    assert isinstance(Run(web, None).save(), Saved)
    assert all("authorization" not in one.headers for one in web.requests)


def test_without_keys_an_older_capture_is_not_a_new_one(web: Web) -> None:
    web.wayback.saving.is_open = True
    web.wayback.saving.will(URL, "20200101000000", body=b"Be kind.")
    found = Run(web, None).save()
    assert isinstance(found, Refused)
    assert "older capture" in found.reason


def test_the_keys_go_nowhere_else(web: Web) -> None:
    web.host("evil.example").page("/", "hello")
    evil = web.url("evil.example", "/")
    web.wayback.saving.will(URL, STAMP, body=b"Be kind.")
    web.wayback.instead("save", answer("", 302, {"Location": evil}))
    Run(web).save()
    assert not web.requests.to("evil.example")
    for one in web.wayback.requests("playback"):
        assert "authorization" not in one.headers
    sent = [one for one in web.wayback.requests("save") if "authorization" in one.headers]
    assert sent
    assert {one.headers["authorization"] for one in sent} == {CREDENTIALS}


def test_what_the_service_repeats_of_the_keys_is_hidden(web: Web) -> None:
    web.wayback.saving.refuse(URL, "blocked", "LOW access:secret may not")
    found = Run(web).save()
    assert isinstance(found, Refused)
    assert "secret" not in found.reason
    assert "LOW …:… may not" in found.reason


def test_keys_are_not_shown() -> None:
    fetch = Fetch("http://quay.example/", headers=(KEYS.header,))
    assert "secret" not in repr(fetch).replace("<secret>", "")
    assert f"{KEYS} {KEYS!r}" == "Keys(<secret>) Keys(<secret>)"
    for text in ("a b", "ä", "a\nb"):
        with pytest.raises(UsageError) as caught:
            keys_for("https://web.archive.org", {"IA_ACCESS_KEY": "access", "IA_SECRET_KEY": text})
        assert text not in caught.value.message


def test_keys_come_from_the_environment_and_are_for_one_machine() -> None:
    given = {"IA_ACCESS_KEY": "access", "IA_SECRET_KEY": "secret"}
    assert keys_for("https://web.archive.org", given) == KEYS
    assert keys_for("https://web.archive.org", {}) is None
    assert keys_for("https://evil.example", given) is None
    assert keys_for("http://web.archive.org", given) is None
    elsewhere = given | {"IA_KEYS_FOR": "https://weir.example"}
    assert keys_for("https://weir.example", elsewhere) == KEYS
    assert keys_for("https://web.archive.org", elsewhere) is None
    with pytest.raises(UsageError, match="IA_SECRET_KEY is not set"):
        keys_for("https://web.archive.org", {"IA_ACCESS_KEY": "access"})
