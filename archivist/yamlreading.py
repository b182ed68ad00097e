"""What YAML makes of a front matter field, and how a value is written so that it stays itself.

The archive's format is defined by its lines. YAML must read the same; where it would not (`# 1` is
a comment, `!!Con` a tag, `no` a truth value), that is a finding. Text is composed to nodes and
never constructed to objects: constructors raise on `2014-02-30` and on unknown tags.
"""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from typing import Any, NamedTuple

# The words that YAML 1.1 or 1.2 reads as something else than text.
_TYPED_WORDS = frozenset(["yes", "no", "on", "off", "true", "false", "null", "y", "n"])
_QUOTES = ("'", '"')
_NESTING = tuple("[{&!*-?")
_MAX_BRACKETS = 20  # nested flow collections cost quadratic time in libyaml

_TAGS = {
    "bool": "a truth value",
    "int": "a number",
    "float": "a number",
    "timestamp": "a timestamp",
    "null": "nothing",
    "merge": "a merge key",
    "value": "a default value",
}

_SIGNS = {
    "!": "the beginning for a type tag",
    "&": "the beginning for an anchor",
    "*": "the beginning for a reference",
    "#": "the value for a comment",
    " #": "what follows “#” for a comment",
}


class YamlText(NamedTuple):
    """One text that YAML reads, and the characters of the field that it stands in."""

    value: str
    start: int
    end: int


class Misreading(NamedTuple):
    """Why YAML does not read what the line says: the rest of "YAML …"."""

    reason: str


def is_plain(value: str) -> bool:
    """True only if YAML certainly reads the unquoted value as this very text.

    A quick test without YAML, for nearly all values; False means "ask YAML".
    """
    return (
        value[:1].isalpha()
        and value.isprintable()
        and ": " not in value
        and " #" not in value
        and value[-1] not in ": "
        and value.lower() not in _TYPED_WORDS
    )


def certain_text(value: str) -> str | None:
    """The text that YAML certainly reads in a value, bare or in quotes; None means "ask YAML"."""
    if is_plain(value):
        return value
    quote, text = value[:1], value[1:-1]
    is_quoted = text and quote in _QUOTES and value[-1] == quote and text.isprintable()
    return text if is_quoted and quote not in text and "\\" not in text else None


def written(value: str) -> str:
    """The value as it is written in front matter: bare where YAML agrees, else quoted."""
    if not value or is_plain(value):
        return value
    reading = read_field(f"key: {value}\n", [value])
    return value if isinstance(reading, list) and value[0] not in "\"'[" else quoted(value)


def quoted(value: str) -> str:
    """The value in quotes, so that YAML reads exactly this text."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def read_field(chunk: str, written_values: list[str]) -> list[YamlText] | Misreading:
    """How YAML reads the lines of one field, given the values as the lines say them.

    Quoted values, and a list in brackets, come back as what is in them.
    """
    if _too_deep(written_values):
        return Misreading("takes this for nested structure")
    try:
        node = _compose(chunk)
    except _ComposeError as error:
        return Misreading(error.reason)
    if node is None or node.id != "mapping" or len(node.value) != 1:
        return Misreading("does not read this as a key and its value")
    value = node.value[0][1]
    if value.id == "sequence":
        return _read_list(value, written_values)
    if len(written_values) != 1:
        return Misreading("reads a text, not a list")
    return _read_texts([value], written_values)


def _read_list(node: Any, written_values: list[str]) -> list[YamlText] | Misreading:
    if node.flow_style and len(written_values) == 1:
        if written_values[0][0] != "[":
            return Misreading("takes the beginning for a type tag or an anchor")
        return _read_texts(node.value, None)
    if len(node.value) != len(written_values):
        return Misreading(f"reads a list of {len(node.value)}")
    return _read_texts(node.value, written_values)


def _read_texts(nodes: list[Any], written: list[str] | None) -> list[YamlText] | Misreading:
    texts = []
    for index, node in enumerate(nodes):
        if node.id != "scalar":
            return Misreading("takes this for nested structure")
        if node.style in ("|", ">"):
            return Misreading("takes this for the beginning of a block of lines")
        line_says = written[index] if written and node.style not in _QUOTES else None
        if reason := _misread(node, line_says):
            return Misreading(reason)
        texts.append(YamlText(node.value, node.start_mark.index, node.end_mark.index))
    return texts


def _misread(node: Any, line_says: str | None) -> str | None:
    """Why a plain scalar is not the text that the line says; None if it is."""
    kind = node.tag.rpartition(":")[2]
    if line_says is not None and node.value != line_says:
        read = f"reads “{node.value}”" if node.value else "reads nothing"
        sign = next((sign for sign in _SIGNS if line_says.startswith(sign)), " #")
        return f"takes {_SIGNS[sign]} and {read}" if sign in line_says else read
    if node.tag == "tag:yaml.org,2002:str":
        return None
    return f"reads {_TAGS.get(kind, 'an object of its own')}"


def _too_deep(values: list[str]) -> bool:
    """True for values that would nest; only those that begin with a sign of structure can."""
    return any(
        value[:2] in ("- ", "? ", ": ")
        or (value[:1] in _NESTING and value.count("[") + value.count("{") > _MAX_BRACKETS)
        for value in values
    )


class _ComposeError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _compose(chunk: str) -> Any:
    import yaml  # needed for unusual values only: nearly all pass `is_plain`

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.compose(chunk, Loader=loader)
    except yaml.MarkedYAMLError as error:
        raise _ComposeError(_in_words(error.problem or "")) from error
    except (yaml.YAMLError, RecursionError, UnicodeError) as error:
        raise _ComposeError("cannot read these characters") from error


def _in_words(problem: str) -> str:
    for sign, words in (
        ("mapping values are not allowed", "takes the colon for the end of a key"),
        ("undefined alias", "takes `*` for a reference to another value"),
        ("cannot start any token", "cannot read a value that begins with this character"),
        ("while scanning a quoted scalar", "misses the closing quote"),
        ("did not find expected ',' or", "misses the closing quote or bracket"),
        ("expected ',' or", "misses the closing quote or bracket"),
        ("unexpected end of stream", "misses the closing quote or bracket"),
    ):
        if sign in problem:
            return words
    return "cannot read this value"
