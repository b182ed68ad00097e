"""A claim against its objects: pure functions that yield what does not agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from archivist.addresses import memento, url_key
from archivist.capturing.evidence import is_from_file
from archivist.capturing.extractor import extractor_of
from archivist.capturing.provenance import ACCEPTED_STATUS
from archivist.capturing.texts import body_digest, text_of
from archivist.dates import PolicyDate, read
from archivist.entry import Entry
from archivist.extraction import Extraction, Selection, extract
from archivist.verifying.claims import Claim, Objects
from archivist.warc import Evidence, digest
from archivist.warc import read as read_warc
from archivist.workspace import entry_of

_ZONES = timedelta(days=1)  # `date archived` is a day of the archivist's calendar
_SECOND = timedelta(seconds=1)  # to which times are told


class Finding(NamedTuple):
    """Something that does not agree: what it is about, and what is wrong."""

    name: str
    message: str


class Check(NamedTuple):
    """What a check of one claim came to: what does not agree, and what could not be proved."""

    findings: tuple[Finding, ...]
    unproven: tuple[str, ...] = ()


def check(claim: Claim, objects: Objects) -> Check:
    """Compare a claim with the text and the evidence that belong to it."""
    unproven: list[str] = []
    findings = tuple(_findings(claim, objects, unproven))
    return Check(findings, tuple(unproven))


def _findings(claim: Claim, objects: Objects, unproven: list[str]) -> Iterator[Finding]:
    for name in objects.broken:
        yield Finding("object", f"the bytes of {name} are not those that git stored")
    if objects.entry is None and objects.is_partial:
        unproven.append(f"{claim.path} was not fetched")
        return
    if objects.entry is None:
        yield Finding("object", f"{claim.path} cannot be read in this commit")
        return
    entry = entry_of(claim.path, objects.entry)
    said = claim.provenance
    if said.text and body_digest(entry.body) != said.text:
        yield Finding("text", "the text is not the one whose digest the commit names")
    yield from _of_snapshot(claim, entry)
    if not claim.is_capture:
        return
    if not said.text:
        yield Finding("text", "the commit names no digest of the text (`Archivist-Text`)")
    yield from _of_fields(claim, entry)
    yield from _of_exhibit(claim, entry, objects, unproven)


def _of_exhibit(
    claim: Claim, entry: Entry, objects: Objects, unproven: list[str]
) -> Iterator[Finding]:
    exhibit, data = claim.provenance.evidence, objects.evidence
    if exhibit is None:
        unproven.append("no evidence was kept")
    elif data is None and claim.is_outside:
        unproven.append(f"{exhibit.path} is kept outside of git, and is not here")
    elif data is None and objects.is_partial:
        unproven.append(f"{exhibit.path} was not fetched")
    elif data is None and objects.is_imported:
        unproven.append(f"{exhibit.path} was left behind where the version was imported from")
    elif data is None:
        yield Finding("evidence", f"{exhibit.path} cannot be read in this commit")
    elif digest(data) != exhibit.digest:
        yield Finding("evidence", f"{exhibit.path} is not the file whose digest the commit names")
    else:
        evidence = read_warc(data)
        for flaw in evidence.flaws:
            yield Finding("evidence", f"{exhibit.path}: {flaw}")
        if not evidence.flaws:
            yield from of_evidence(claim, entry, evidence, unproven)


def _of_snapshot(claim: Claim, entry: Entry) -> Iterator[Finding]:
    named = claim.provenance.wayback
    if named.startswith("http") and entry.value("wayback snapshot") != named:
        yield Finding("wayback", f"`wayback snapshot` is not the commit's, {named}")


def _of_fields(claim: Claim, entry: Entry) -> Iterator[Finding]:
    """The trailers against the front matter."""
    said = claim.provenance
    sources = [entry.value(key) for key in ("url", "forkable file")]
    is_told = not said.source or claim.is_remade  # else what it was made of says from where
    if not is_told and url_key(said.source) not in [url_key(one) for one in sources if one]:
        yield Finding("source", f"the front matter does not name the source, {said.source}")
    yield from of_day(claim, entry)


def of_day(claim: Claim, entry: Entry) -> Iterator[Finding]:
    """The day of the capture against `date archived`."""
    said = claim.provenance
    day = read(entry.value("date archived"))
    if said.when and isinstance(day, PolicyDate) and not _is_near(day, said.when.date()):
        yield Finding("date", f"`date archived` is not the day of the capture, {said.captured}")


def of_evidence(
    claim: Claim, entry: Entry, evidence: Evidence, unproven: list[str]
) -> Iterator[Finding]:
    """The evidence against the claim and the text; adds to `unproven` what cannot be repeated."""
    said, text = claim.provenance, text_of(entry.body)
    path = said.evidence.path if said.evidence else ""
    if evidence.text != text:
        yield Finding("text", f"the text is not the one that {path} holds")
    if evidence.extractor != said.extractor:
        yield Finding(
            "extractor", f"{path} names another extractor, {evidence.extractor or 'none'}"
        )
    last = evidence.hops[-1]
    if last.code != 200 and ACCEPTED_STATUS not in said.accepted.split():
        yield Finding("evidence", f"{path} holds an answer that is no page: {last.status}")
    if not _is_source(claim, evidence):
        yield Finding("source", f"{path} is of another page, {evidence.hops[0].url}")
    when = _time_of(last.header("memento-datetime") if claim.is_recovered else "", last.when)
    if said.when and when and abs(when - said.when) > _SECOND and not is_from_file(last):
        yield Finding("date", f"{path} was captured at another time, {when.isoformat()}")
    address = said.source if claim.is_recovered else last.url
    made = _made_again(last.body, last.header("content-type"), address, _selection(entry))
    if isinstance(made, str):
        yield Finding("extractor", f"no text can be made of {path} now: {made}")
    elif made[1] != said.extractor:
        unproven.append(f"the text was made by {said.extractor}, and this is {made[1]}")
    elif made[0] != evidence.text:
        yield Finding("extractor", f"{said.extractor} makes another text of {path}")


def _is_source(claim: Claim, evidence: Evidence) -> bool:
    """True if the first request was for the source, or for a memento of it."""
    asked = evidence.hops[0].url
    found = memento(asked)
    if claim.is_recovered and not isinstance(found, str):
        asked = found.original
    source = claim.provenance.source
    return not source or url_key(asked).lower() == url_key(source).lower()


def _made_again(
    body: bytes, media: str, address: str, selection: Selection
) -> tuple[str, str] | str:
    """The text that is made of a body now, and its extractor; or why there is none."""
    found = extract(body, media, address=address, selection=selection)
    if isinstance(found, Extraction):
        return found.text, extractor_of(found.kind)
    return found.reason


def _selection(entry: Entry) -> Selection:
    return Selection(entry.value("content selector"), entry.value("remove selector"))


def _is_near(written: PolicyDate, day: date) -> bool:
    return written.first - _ZONES <= day <= written.last + _ZONES


def _time_of(memento_time: str, when: str) -> datetime | None:
    """The time of a memento (RFC 7089), else that of the exchange (RFC 3339)."""
    from email.utils import parsedate_to_datetime

    try:
        if memento_time:
            return parsedate_to_datetime(memento_time)
        return datetime.fromisoformat(when).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
