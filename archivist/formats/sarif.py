"""Reports as SARIF 2.1.0 (OASIS Standard, 27 March 2020), for code scanning."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import quote

from archivist import __version__
from archivist.diagnostic import Diagnostic, Severity
from archivist.document import dumped
from archivist.report import Report
from archivist.rules import RULES

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


class Explained(Protocol):
    """What SARIF says of a rule, of entries or of links."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def severity(self) -> Severity:
        """What its findings weigh by default."""

    @property
    def requirement(self) -> str:
        """One sentence."""

    @property
    def explanation(self) -> str:
        """Why."""

    @property
    def bad(self) -> str:
        """An example; may be blank."""

    @property
    def good(self) -> str:
        """The example put right."""


def render(report: Report, rules: Mapping[str, Explained] = RULES) -> str:
    """The report as one SARIF run; `rules` explain its codes. Positions count code points."""
    codes = sorted({one.code for one in report.diagnostics})
    run = {
        "tool": {
            "driver": {
                "name": "archivist",
                "version": __version__,
                "rules": [_rule(code, rules[code]) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ARCHIVE": {"description": {"text": "The archive's folder."}}},
        "results": [_result(one, codes) for one in report.diagnostics],
    }
    return dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str, rule: Explained) -> dict[str, Any]:
    example = f"\n\nBad:\n\n{rule.bad}\n\nGood:\n\n{rule.good}\n" if rule.bad else ""
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.requirement},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": f"{rule.explanation}{example}"},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(one: Diagnostic, codes: list[str]) -> dict[str, Any]:
    message = f"{one.message}. {one.hint}" if one.hint else one.message
    result = {
        "ruleId": one.code,
        "ruleIndex": codes.index(one.code),
        "level": one.severity.value,
        "message": {"text": message},
        "locations": [
            {"physicalLocation": {"artifactLocation": _artifact(one), "region": _region(one)}}
        ],
        "partialFingerprints": {"archivist/v1": _fingerprint(one)},
    }
    if one.fix and one.fixable:
        result["fixes"] = [_fix(one)]
    return result


def _artifact(one: Diagnostic) -> dict[str, str]:
    return {"uri": quote(one.path, errors="surrogateescape"), "uriBaseId": "ARCHIVE"}


def _region(one: Diagnostic) -> dict[str, int]:
    return {
        "startLine": one.line,
        "startColumn": one.column,
        "endLine": one.end_line,
        "endColumn": one.end_column,
    }


def _fix(one: Diagnostic) -> dict[str, Any]:
    edits = one.fix.edits if one.fix else ()
    replacements = [
        {
            "deletedRegion": {"charOffset": edit.start, "charLength": edit.end - edit.start},
            "insertedContent": {"text": edit.text},
        }
        for edit in edits
    ]
    change = {"artifactLocation": _artifact(one), "replacements": replacements}
    title = one.fix.title if one.fix else ""
    return {"description": {"text": title}, "artifactChanges": [change]}


def _fingerprint(one: Diagnostic) -> str:
    """The same for the same mistake after lines have moved."""
    what = "\0".join((one.path, one.code, one.message, one.excerpt[:1000]))
    return sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:32]
