"""The Wayback Machine: what its answers mean, and the captures of a page near a day.

A response is a capture if and only if it has `Memento-Datetime` (RFC 7089); its status is then the
captured page's. Without it, it is the Wayback Machine that speaks.
"""
