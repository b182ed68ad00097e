"""The index of the Wayback Machine: `/cdx/search/cdx`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from urllib.parse import quote, unquote

from web.answer import Answer, answer
from web.captures import COLUMNS, Capture, Captures, bound, surt
from web.request import Request

Row = dict[str, str]

TEXT = "text/plain"
JSON = "application/json"


def cdx(captures: Captures, request: Request) -> Answer:
    """The answer to a query."""
    asked = {name: values[-1] for name, values in request.query.items()}
    try:
        rows = list(_rows(captures, asked, request.query.get("filter", [])))
        fields = _fields(asked)
        limit, offset = int(asked.get("limit", 0)), int(asked.get("offset", 0))
    except (KeyError, ValueError, re.error) as error:
        return answer(f"Bad Request: {error}\n", 400, content_type=TEXT)
    rows = rows[offset:]
    chosen = rows[:limit] if limit > 0 else rows[limit:]
    key = _resume_key(chosen) if "showResumeKey" in asked and len(chosen) < len(rows) else None
    write = _json if asked.get("output") == "json" else _text
    return write([[row[name] for name in fields] for row in chosen], fields, key)


def _rows(captures: Captures, asked: Row, filters: list[str]) -> Iterator[Row]:
    """The rows that match, in the order of the index."""
    found = [one for one in captures.everything if one.listed and _scope(asked)(one)]
    found = _of_the_parts_read(found, asked)
    first = bound(asked.get("from", "0"), upper=False)
    last = bound(asked.get("to", "9"), upper=True)
    rows: Iterable[Row] = (
        one.row for one in found for _ in range(one.rows) if first <= one.timestamp <= last
    )
    if "resumeKey" in asked:
        rows = (row for row in rows if row["urlkey"] + row["timestamp"] > _key(asked["resumeKey"]))
    for text in filters:
        rows = filter(_filter(text), rows)
    return iter(_collapsed(rows, asked["collapse"]) if "collapse" in asked else rows)


def _scope(asked: Row) -> Callable[[Capture], bool]:
    """Which captures the URL means."""
    url, kind = asked["url"], asked.get("matchType", "exact")
    if url.endswith("/*"):
        url, kind = url.removesuffix("*"), "prefix"
    elif url.startswith("*."):
        url, kind = url.removeprefix("*."), "domain"
    key = surt(url)
    host = key.partition(")")[0]
    if kind == "exact":
        return lambda one: one.key == key
    if kind == "prefix":
        return lambda one: one.key.startswith(key)
    if kind == "host":
        return lambda one: one.key.startswith(f"{host})")
    if kind == "domain":
        return lambda one: one.key.startswith((f"{host})", f"{host},"))
    raise ValueError(f"matchType={kind}")


def _of_the_parts_read(found: list[Capture], asked: Row) -> list[Capture]:
    """All captures, but what is asked for from the end, or nearest to a time, or by the page, is
    looked for in some parts of the index only: recent captures are missing.
    """
    limit = int(asked.get("limit", 0))
    hasty = limit < 0 or asked.get("fastLatest") == "true" or ("closest" in asked and limit > 0)
    if hasty or "page" in asked:
        return found[: (len(found) + 1) // 2]
    return found


def _filter(text: str) -> Callable[[Row], bool]:
    """`[!]field:regex` must match the whole field; `~field:text` must be in it."""
    wanted = not text.startswith("!")
    parts = re.fullmatch(r"!?(~?)(\w+):(.*)", text)
    if parts is None or parts[2] not in COLUMNS:
        raise ValueError(f"filter={text}")
    contains, name, pattern = parts.groups()
    expression = re.compile(re.escape(pattern) if contains else pattern)
    match = expression.search if contains else expression.fullmatch
    return lambda row: bool(match(row[name])) is wanted


def _collapsed(rows: Iterable[Row], by: str) -> Iterator[Row]:
    """The first of adjacent rows that have the field, or so many characters of it, in common."""
    name, _, count = by.partition(":")
    length = int(count) if count else None
    return (next(group) for _, group in groupby(rows, lambda row: row[name][:length]))


def _fields(asked: Row) -> list[str]:
    fields = asked.get("fl", ",".join(COLUMNS)).split(",")
    if set(fields) <= set(COLUMNS):
        return fields
    raise ValueError(f"fl={asked['fl']}")


def _resume_key(rows: list[Row]) -> str | None:
    """Where the next query goes on: the last row's place, its last character counted up."""
    if not rows:
        return None
    place = rows[-1]["urlkey"] + " " + rows[-1]["timestamp"]
    return quote(place[:-1] + chr(ord(place[-1]) + 1), safe="")


def _key(text: str) -> str:
    """The place that a resume key means, encoded once or twice."""
    urlkey, _, timestamp = unquote(unquote(text)).replace("+", " ").rpartition(" ")
    return urlkey + timestamp


def _json(rows: list[list[str]], fields: list[str], key: str | None) -> Answer:
    table = [fields, *rows] if rows else []
    if key:
        table += [[], [key]]
    return answer(json.dumps(table) + "\n", content_type=JSON)


def _text(rows: list[list[str]], fields: list[str], key: str | None) -> Answer:
    lines = [" ".join(row) for row in rows]
    if key:
        lines += ["", key]
    return answer("".join(f"{line}\n" for line in lines), content_type=TEXT)
