"""Settings of everything that asks other machines: `[network]`, `[wayback]`, `[links]`."""

from __future__ import annotations

import re
from typing import NamedTuple

from archivist.config.table import Table

WAYBACK = "https://web.archive.org"
# What can end a scan with exit code 1: verdicts on sources, and what else there is to find.
FAILURES = (
    *("newly-dead", "dead", "failing", "blocked", "moved", "unknown"),
    *("memento", "changed", "lost"),
)


class NetworkSettings(NamedTuple):
    """`[network]`. Times are seconds, sizes bytes; `per_host` is how many requests one host gets
    at once, `per_host_interval` how far apart they begin; `second_opinion` is how long what failed
    waits to be asked again, at the end. `hosts` pins names to addresses.
    """

    allow_private_networks: bool = False
    user_agent_contact: str = ""
    concurrency: int = 64
    per_host: int = 1
    per_host_interval: float = 1.0
    timeout: float = 20.0
    connect_timeout: float = 10.0
    url_timeout: float = 60.0
    second_opinion: float = 5.0
    max_body: int = 4 << 20
    respect_robots: bool = False
    hosts: tuple[tuple[str, str], ...] = ()


class WaybackSettings(NamedTuple):
    """`[wayback]`. CDX, playback and Save Page Now all lie under `url`. The rates are 80 % of what
    the Internet Archive states as its limits; `lookups` bounds the searches of one run. How often
    Save Page Now may be asked it says itself: `saves_per_minute` is what we ask at the most.
    `save_deadline` are the seconds that one job is waited for; a capture as young as
    `reuse_minutes` is taken instead of a new one. A backfill looks at so many `captures` at the
    most, and takes no longer than `deadline_minutes`.
    """

    url: str = WAYBACK
    enabled: bool = True
    searches_per_minute: float = 24.0
    playbacks_per_minute: float = 480.0
    timeout: float = 60.0
    second_opinion: float = 20.0
    pause: float = 60.0
    max_age_days: float = 90.0
    lookups: int = 200
    saves_per_minute: float = 6.0
    save_deadline: float = 300.0
    reuse_minutes: float = 10.0
    captures: int = 500
    deadline_minutes: float = 60.0


class Exclusion(NamedTuple):
    """URLs that are not asked: all that a regular expression finds, and why."""

    pattern: re.Pattern[str]
    reason: str


class LinksSettings(NamedTuple):
    """`[links]`: how long a URL must fail to be dead, what fails a scan, what is not asked, and how
    long verdicts are fresh and a scan may take.
    """

    strikes: int = 3
    days: float = 7.0
    fail_on: tuple[str, ...] = ("newly-dead", "memento")
    exclude: tuple[Exclusion, ...] = ()
    bodies: bool = False
    max_age_hours: float = 12.0
    deadline_minutes: float = 300.0


class ScanSettings(NamedTuple):
    """The three tables together."""

    network: NetworkSettings = NetworkSettings()
    wayback: WaybackSettings = WaybackSettings()
    links: LinksSettings = LinksSettings()


def scan_settings(document: Table) -> ScanSettings:
    """The three tables of a settings file. Raises ConfigurationError."""
    return ScanSettings(
        network_settings(document.table("network")),
        wayback_settings(document.table("wayback")),
        links_settings(document.table("links")),
    )


def network_settings(table: Table) -> NetworkSettings:
    """`[network]`. Raises ConfigurationError."""
    usual = NetworkSettings()
    table.allow(NetworkSettings._fields)
    contact = table.text("user_agent_contact", "")
    if not contact.isprintable() or not contact.isascii():
        table.fail("user_agent_contact", "must be one line of ASCII: an address, or a URL")
    return NetworkSettings(
        allow_private_networks=table.flag("allow_private_networks", False),
        user_agent_contact=contact,
        concurrency=table.whole("concurrency", usual.concurrency, 1, 4096),
        per_host=table.whole("per_host", usual.per_host, 1, 256),
        per_host_interval=table.number("per_host_interval", usual.per_host_interval, 0, 3600),
        timeout=table.number("timeout", usual.timeout, 0.1, 600),
        connect_timeout=table.number("connect_timeout", usual.connect_timeout, 0.1, 600),
        url_timeout=table.number("url_timeout", usual.url_timeout, 0.1, 3600),
        second_opinion=table.number("second_opinion", usual.second_opinion, 0, 600),
        max_body=table.whole("max_body", usual.max_body, 1 << 10, 64 << 20),
        respect_robots=table.flag("respect_robots", False),
        hosts=_hosts(table.table("hosts"), table),
    )


def _hosts(table: Table, parent: Table) -> tuple[tuple[str, str], ...]:
    from ipaddress import ip_address

    for name in table.items:
        address = table.text(name, "")
        try:
            ip_address(address)
        except ValueError:
            parent.fail("hosts", f"must pin `{name}` to an IP address, not to “{address}”")
    return tuple(sorted((name.lower(), table.text(name, "")) for name in table.items))


def wayback_settings(table: Table) -> WaybackSettings:
    """`[wayback]`. Raises ConfigurationError."""
    usual = WaybackSettings()
    table.allow(WaybackSettings._fields)
    url = table.text("url", usual.url).rstrip("/")
    if not re.fullmatch(r"https?://[^/\s?#@]+(?:/[^\s?#]*)?", url):
        table.fail("url", f"must be an http(s) URL, such as {WAYBACK}")
    searches = table.number("searches_per_minute", usual.searches_per_minute, 0.1, 60000)
    playbacks = table.number("playbacks_per_minute", usual.playbacks_per_minute, 0.1, 60000)
    return WaybackSettings(
        url=url,
        enabled=table.flag("enabled", True),
        searches_per_minute=searches,
        playbacks_per_minute=playbacks,
        timeout=table.number("timeout", usual.timeout, 0.1, 600),
        second_opinion=table.number("second_opinion", usual.second_opinion, 0, 600),
        pause=table.number("pause", usual.pause, 0, 3600),
        max_age_days=table.number("max_age_days", usual.max_age_days, 0, 3650),
        lookups=table.whole("lookups", usual.lookups, 0, 1_000_000),
        saves_per_minute=table.number("saves_per_minute", usual.saves_per_minute, 0.1, 60000),
        save_deadline=table.number("save_deadline", usual.save_deadline, 0, 7200),
        reuse_minutes=table.number("reuse_minutes", usual.reuse_minutes, 0, 10000),
        captures=table.whole("captures", usual.captures, 1, 10_000),
        deadline_minutes=table.number("deadline_minutes", usual.deadline_minutes, 0.01, 100000),
    )


def links_settings(table: Table) -> LinksSettings:
    """`[links]`. Raises ConfigurationError."""
    usual = LinksSettings()
    table.allow(LinksSettings._fields)
    fail_on = table.texts("fail_on", usual.fail_on)
    for one in fail_on:
        if one not in FAILURES:
            table.fail("fail_on", f"must be of {', '.join(FAILURES)}; not “{one}”")
    return LinksSettings(
        strikes=table.whole("strikes", usual.strikes, 1, 1000),
        days=table.number("days", usual.days, 0, 3650),
        fail_on=fail_on,
        exclude=tuple(_exclusion(one) for one in table.tables("exclude")),
        bodies=table.flag("bodies", False),
        max_age_hours=table.number("max_age_hours", usual.max_age_hours, 0, 87600),
        deadline_minutes=table.number("deadline_minutes", usual.deadline_minutes, 0.01, 100000),
    )


def _exclusion(table: Table) -> Exclusion:
    table.allow(("pattern", "reason"))
    for key in ("pattern", "reason"):
        if not table.items.get(key):
            table.fail(key, "must be given")
    pattern = table.text("pattern", "")
    try:
        return Exclusion(re.compile(pattern), table.text("reason", ""))
    except (re.error, RecursionError, OverflowError) as error:
        table.fail("pattern", f"is no regular expression: {error}")
        raise
