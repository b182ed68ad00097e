"""Documents of JSON that any reader takes.

A text may hold bytes that are not UTF-8, as lone surrogates. `json` would write these as they are,
and a strict reader refuses the whole document for one of them.
"""

from __future__ import annotations

import re

_SURROGATE = "[\ud800-\udfff]"
_BYTES = range(0xDC80, 0xDD00)  # what bytes become that are not UTF-8 (PEP 383)


def dumped(value: object, indent: int | None = None) -> str:
    """A value as JSON, its texts as `readable` makes them; what is not ASCII is escaped."""
    import json  # the start of most commands does without

    text = json.dumps(value, indent=indent)
    return json.dumps(_cleaned(value), indent=indent) if "\\ud" in text else text


def readable(text: str) -> str:
    r"""The text with bytes that are not UTF-8 as `\x80`, and other lone surrogates as `\ud800`."""
    return text if text.isascii() else re.sub(_SURROGATE, _shown, text)


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code & 0xFF:02x}" if code in _BYTES else f"\\u{code:04x}"


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    return [*map(_cleaned, value)] if isinstance(value, (list, tuple)) else value
