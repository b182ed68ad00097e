"""What was seen, judged: the recorded text again, a new one, or none that may be kept. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from archivist.captures import Objection
from archivist.capturing.texts import essence, essence_lines
from archivist.extraction import Extraction, Kind, Unextracted
from archivist.files import MAX_SIZE
from archivist.net.fetch import Trouble
from archivist.refusal import Offered, of_doubts, of_first, of_growth, of_losses, refusals
from archivist.snapshot.looking import Seen
from archivist.snapshot.rotating import only_rotates
from archivist.snapshot.subject import Subject

# What explains already why a page is no policy.
OF_FIRST = {"status", "redirects", "wall", "consent", "missing", "parked", "home", "login", "empty"}
OF_TEXT = ("empty", "lost", "language", "scripts")
_OF_SELECTORS = ("empty", "lost", "short")  # of what a selector that matches too little makes
UNSTABLE = "unstable"
ALLOW = "if it is yours: [network] allow_private_networks = true"
_OK = 200
_BY_HAND = "save the text by hand, and give it with --from-file"
_ROOM = 16 << 10  # bytes that the front matter may take


@dataclass(frozen=True)
class Finding:
    """What a look came to: a failure to look at all (`failed`), objections, or a text. `same` if it
    is the recorded one; `remark` says what else there is to know, `hint` what to
    do about a failure.
    """

    subject: Subject
    seen: Seen
    failed: str = ""
    objections: tuple[Objection, ...] = ()
    extraction: Extraction | None = None
    same: bool = False
    remark: str = ""
    hint: str = ""

    @property
    def text(self) -> str:
        """The text, if there is one."""
        return self.extraction.text if self.extraction else ""

    @property
    def is_new(self) -> bool:
        """True if there is a text that may be kept."""
        return not (self.failed or self.objections or self.same)


def judge(
    subject: Subject, seen: Seen, today: date, accepted: frozenset[str], minimum_share: float
) -> Finding:
    """The judgement on what was seen, but for objections that are accepted by name."""
    answer = seen.answer
    if answer.failure:
        hint = ALLOW if answer.failure.trouble is Trouble.PRIVATE else ""
        return Finding(subject, seen, failed=f"its host {answer.failure.words}", hint=hint)
    found = seen.extracted(subject.selection)
    extraction = found if isinstance(found, Extraction) else None
    is_whole = answer.status == _OK and not answer.cut and not seen.chain.broken
    if extraction and is_whole and subject.before and is_recorded(subject, extraction.text, today):
        return Finding(subject, seen, extraction=extraction, same=True)
    objections = [
        one
        for one in _objections(subject, seen, found, minimum_share)
        if one.name not in accepted or not extraction
    ]
    return Finding(subject, seen, objections=tuple(objections), extraction=extraction)


def is_recorded(subject: Subject, text: str, today: date) -> bool:
    """True if this is the recorded text, seen today."""
    return subject.essence == essence(text, today)


def _objections(
    subject: Subject, seen: Seen, found: Extraction | Unextracted, minimum_share: float
) -> Iterator[Objection]:
    extraction = found if isinstance(found, Extraction) else Extraction("", Kind.HTML)
    language = subject.entry.value("language")
    offered = Offered(seen.asked, seen.chain, seen.page, extraction, language)
    reasons = [
        _of_selector(subject, Objection(*one))
        for one in refusals(offered, subject.before, minimum_share)
    ]
    if isinstance(found, Unextracted):
        reasons = [one for one in reasons if one.name not in OF_TEXT]
        yield from reasons
        if not reasons:
            yield Objection("unreadable", found.reason, found.hint or _BY_HAND)
        return
    yield from reasons
    yield from (Objection(*one) for one in of_losses(subject.before, found.text))
    if subject.before:
        grown = of_growth(subject.before, found.text, found.doubts)
        yield from (Objection(*one) for one in grown)
    else:  # the first capture: somebody should have looked at the page
        if not {one.name for one in reasons} & OF_FIRST:
            yield from (Objection(*one) for one in of_first(offered))
        yield from (_of_selector(subject, Objection(*one)) for one in of_doubts(found.doubts))
    if len(found.text.encode()) > MAX_SIZE - _ROOM:
        reason = "its text is larger than an entry may be (1 MiB)"
        yield Objection("too-large", reason, "give a `content selector`")


def _of_selector(subject: Subject, one: Objection) -> Objection:
    """The objection; where a selector is the likely cause, with a hint that says so."""
    selector = subject.selection.content
    if not selector or one.name not in _OF_SELECTORS:
        return one
    hint = f"`content selector` may match too little: {selector}; --dry-run shows what it does"
    return one._replace(hint=hint)


def confirmed(
    first: Finding, second: Finding, today: date, accepted: frozenset[str] = frozenset()
) -> Finding:
    """The judgement after a second look at what seemed to be a new text.

    A page that shows another text each time has a part that rotates: if all the rest is recorded,
    nothing has changed; else there is no telling what the policy is, unless what the page shows
    now is accepted by the name `unstable`.
    """
    if second.failed or second.objections or second.same:
        if second.same:
            return _with_remark(second, "the page first showed another text: it shows two in turn")
        return second
    one, other = essence(first.text, today), essence(second.text, today)
    if one == other:
        return second
    if _only_rotates(first, second, today):
        hint = "name it in `remove selector`"
        remark = f"but for a part of the page that changes each time: {hint}"
        return Finding(second.subject, second.seen, same=True, remark=remark)
    reason = f"the page shows another text each time: {_example(first.text, second.text)}"
    if UNSTABLE in accepted:
        return _with_remark(second, reason)
    hint = "name the part that changes in `remove selector`, or the policy in `content selector`"
    return Finding(
        second.subject,
        second.seen,
        objections=(Objection(UNSTABLE, reason, hint),),
        extraction=second.extraction,
    )


def _only_rotates(first: Finding, second: Finding, today: date) -> bool:
    """True if the recorded text differs from both in no more than they differ in."""
    subject = second.subject
    known = essence_lines(subject.before, subject.archived)
    one, other = essence_lines(first.text, today), essence_lines(second.text, today)
    return only_rotates(known, one, other)


def _example(first: str, second: str) -> str:
    """A line that stands in one of them only."""
    known = set(second.splitlines())
    line = next((line for line in first.splitlines() if line not in known), "")
    return f"“{' '.join(line.split())[:60]}”" if line else "its lines change their order"


def _with_remark(finding: Finding, remark: str) -> Finding:
    return Finding(
        finding.subject,
        finding.seen,
        extraction=finding.extraction,
        same=finding.same,
        remark=remark,
    )
