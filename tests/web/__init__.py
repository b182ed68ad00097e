"""A web of its own for the tests: hosts on loopback addresses, a Wayback Machine among them."""

from web.answer import Answer, Behaviour, answer, computed, redirection, script
from web.archive_org import Wayback
from web.host import Host
from web.line import Line
from web.log import Log
from web.request import Request
from web.web import Web

__all__ = [
    "Answer",
    "Behaviour",
    "Host",
    "Line",
    "Log",
    "Request",
    "Wayback",
    "Web",
    "answer",
    "computed",
    "redirection",
    "script",
]
