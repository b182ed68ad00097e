"""The check: rules, as the archive's settings want them, over entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from archivist.config import CheckSettings
from archivist.diagnostic import Diagnostic, Finding, Places, Severity, line_around
from archivist.entry import Entry
from archivist.errors import ConfigurationError, UsageError
from archivist.names import nearest
from archivist.rules import RULES, Context, Rule, When

# Findings of one rule in one entry; beyond that they say nothing new, and a file made to be bad
# must not fill the memory.
LIMIT = 100
_LONGEST = 600
_UNKNOWN_PARENT = "P501"
_MUTUAL = frozenset({"N605", "U405"})  # rules about two entries, one of which must credit the other


_About = tuple[bool, bool, tuple[bool, ...]]


class Policy:
    """Which rules run, and how much their findings weigh."""

    def __init__(
        self,
        rules: tuple[tuple[Rule, Severity], ...],
        ignored: dict[str, frozenset[str]] | None = None,
    ) -> None:
        self.rules = rules
        self.ignored = ignored or {}
        self._chosen: dict[_About, tuple[tuple[Rule, Severity], ...]] = {}

    def rules_for(self, entry: Entry) -> tuple[tuple[Rule, Severity], ...]:
        """The rules that can say anything about an entry.

        A file that cannot be read is not also blamed for what it might hold.
        """
        if entry.obstacle:
            return tuple(one for one in self.rules if one[0].name == entry.obstacle)
        if not entry.is_readable:
            return tuple(one for one in self.rules if one[0].code[0] in "FNC")
        given = tuple([entry.gives(key) for key in self._needed])
        about = bool(entry.flaws), entry.text.isascii(), given
        if about not in self._chosen:
            self._chosen[about] = tuple(self._choose(*about))
        return self._chosen[about]

    def _choose(
        self, flawed: bool, ascii_only: bool, given: tuple[bool, ...]
    ) -> Iterator[tuple[Rule, Severity]]:
        spared = {When.UNREAD}
        spared |= set() if flawed else {When.FLAWED}
        spared |= {When.NOT_ASCII} if ascii_only else set()
        blank = {key for key, is_given in zip(self._needed, given, strict=True) if not is_given}
        for rule, severity in self.rules:
            if rule.when not in spared and rule.needs not in blank:
                yield rule, severity

    @cached_property
    def _needed(self) -> tuple[str, ...]:
        return tuple({rule.needs: None for rule, _ in self.rules if rule.needs})

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the rules that run."""
        return frozenset(rule.code for rule, _ in self.rules)

    def without_crossing(self) -> Policy:
        """Only the rules that need no other entry."""
        return Policy(tuple(one for one in self.rules if not one[0].crosses), self.ignored)

    def only_crossing(self) -> Policy:
        """Only the rules that may need other entries."""
        return Policy(tuple(one for one in self.rules if one[0].crosses), self.ignored)


def policy_of(
    settings: CheckSettings, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> Policy:
    """The rules that the settings and the command line leave. `select` and `ignore` are codes or
    beginnings of codes (`D`, `D3`). Raises ConfigurationError or UsageError for an unknown code.
    """
    disabled = _known(settings.disable, "check.disable", ConfigurationError)
    severity = {
        code: value
        for begin, value in settings.severity  # sorted: a whole code comes after its beginning
        for code in _known([begin], "check.severity", ConfigurationError)
    }
    chosen = _known(select, "--select", UsageError) or set(RULES)
    chosen -= _known(ignore, "--ignore", UsageError) | disabled
    ignored: dict[str, frozenset[str]] = {}
    for one in settings.ignore:
        codes = _known(one.codes, "check.ignore", ConfigurationError)
        ignored[one.entry] = ignored.get(one.entry, frozenset()) | codes
    rules = tuple(
        (rule, Severity(severity.get(code, rule.severity)))
        for code, rule in sorted(RULES.items())
        if code in chosen
    )
    return Policy(rules, ignored)


def check_entry(
    entry: Entry, context: Context, policy: Policy, limit: int = LIMIT
) -> Iterator[Diagnostic]:
    """What the rules find in one entry; of each rule at most `limit` findings."""
    ignored = policy.ignored.get(entry.id)
    places = None
    for rule, severity in policy.rules_for(entry):
        if ignored and rule.code in ignored:
            continue
        findings = rule.check(entry, context)
        for first in findings:  # nearly never is there one
            places = places or Places(entry.text)
            for finding in (first, *islice(findings, limit - 1)):
                yield _diagnostic(entry, places, rule, severity, finding)
            break


def check_entries(entries: Iterable[Entry], context: Context, policy: Policy) -> list[Diagnostic]:
    """What the rules find in these entries of the archive, by place."""
    found = [one for entry in entries for one in check_entry(entry, context, policy)]
    return sorted(found, key=place_of)


def broken_elsewhere(one: Diagnostic, by: str, credit: str) -> Diagnostic:
    """A finding in an entry that is as it was: `by` says what brought it about, `credit` how that
    credits the entry. Of two texts that are the same, the other one is to be changed.
    """
    hint = one.hint
    if one.code == _UNKNOWN_PARENT and hint:
        rest = f", or {hint}" if hint.startswith("add") else f". {hint[0].upper()}{hint[1:]}"
        hint = f"keep the name, if only in `also known as`{rest}"
    if one.code in _MUTUAL:
        hint = f"if the other text derives from this one, {credit.format(one.entry)}"
    return one._replace(hint="; ".join(filter(None, (f"{by} breaks it", hint))))


def place_of(one: Diagnostic) -> tuple[str, int, int, str, str]:
    """Sorts diagnostics by path, place and code."""
    return one.path, one.line, one.column, one.code, one.message


def _diagnostic(
    entry: Entry, places: Places, rule: Rule, severity: Severity, finding: Finding
) -> Diagnostic:
    start = min(finding.start, len(entry.text))
    line, column = places.of(start)
    end_line, end_column = places.of(min(max(start, finding.end), len(entry.text)))
    return Diagnostic(
        path=entry.path,
        line=line,
        column=column,
        code=rule.code,
        severity=severity,
        message=_short(finding.message),
        end_line=end_line,
        end_column=end_column,
        entry=entry.id,
        hint=_short(finding.hint) if finding.hint else None,
        excerpt=line_around(entry.text, start),
        fix=finding.fix,
    )


def _short(text: str) -> str:
    """A sentence that quotes what a stranger wrote, however long that is."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _known(
    codes: Iterable[str], where: str, error: type[ConfigurationError | UsageError]
) -> set[str]:
    """The codes that these begin. Raises `error` for one that begins no code."""
    found: set[str] = set()
    for code in codes:
        matching = {known for known in RULES if known.startswith(code.upper())} if code else set()
        if not matching:
            names = {rule.name: rule.code for rule in RULES.values()}
            near = names.get(nearest(code, names) or "") or nearest(code, RULES, 0.5)
            hint = f"did you mean {near}?" if near else "`archivist rule` lists them"
            raise error(f"{where}: there is no rule {code}", hint)
        found |= matching
    return found
