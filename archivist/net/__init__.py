"""The network: the only package that asks other machines.

`Fetch` and `Answer` are what is asked and what came back; `Transport` runs many fetches at once
over libcurl, behind a guard that sees every address before it is connected to; `Lanes` decides
whose turn it is, so that no host is asked more often than it should be; `crawl` runs conversations
(generators that yield fetches and are sent answers) by thousands.
"""
