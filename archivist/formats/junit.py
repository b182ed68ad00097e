"""Reports as JUnit XML: a test case an entry, a failure an error; warnings as its output."""

from __future__ import annotations

import xml.etree.ElementTree as ET  # only written, never read

from archivist.console import escape
from archivist.diagnostic import Diagnostic, Severity
from archivist.report import Report


def render(report: Report, name: str = "archivist check") -> str:
    """The report as one test suite of this name."""
    of_path: dict[str, list[Diagnostic]] = {path: [] for path in report.paths}
    for one in report.diagnostics:
        of_path.setdefault(one.path, []).append(one)
    failed = sum(any(_is_error(one) for one in found) for found in of_path.values())
    suite = ET.Element("testsuite", name=name, tests=str(len(of_path)))
    suite.set("failures", str(failed))
    for path, found in sorted(of_path.items()):
        _case(suite, path, found)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, path: str, found: list[Diagnostic]) -> None:
    case = ET.SubElement(suite, "testcase", classname="archivist", name=escape(path))
    case.set("file", escape(path))
    errors = [one for one in found if _is_error(one)]
    if errors:
        first = f"{errors[0].code}: {escape(errors[0].message)}"
        failure = ET.SubElement(case, "failure", message=first)
        failure.text = _lines(errors)
    warnings = [one for one in found if not _is_error(one)]
    if warnings:
        ET.SubElement(case, "system-out").text = _lines(warnings)


def _lines(found: list[Diagnostic]) -> str:
    return "\n".join(
        escape(f"{one.path}:{one.line}:{one.column}: {one.code}: {one.message}") for one in found
    )


def _is_error(one: Diagnostic) -> bool:
    return one.severity is Severity.ERROR
