"""An entry: one file of the archive, as a value."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # who only needs to know what an entry is, does not read one
    from archivist.frontmatter import Field, Flaw, FrontMatter, Scalar
    from archivist.plainfront import PlainFront

TITLE_KEYS = ("conference", "organization")
SUFFIX = ".md"
_BLANKS = b" \t\r\n"


def entry_id(path: str) -> str:
    """The id of an entry: its file's stem."""
    return path.rpartition("/")[2].removesuffix(SUFFIX)


class _File(NamedTuple):
    path: str
    text: str
    obstacle: str | None = None
    body_digest: str | None = None


class Entry(_File):
    """A file's path (relative to the archive, `/`-separated) and its text, undecodable bytes kept
    as surrogates. Everything else is read from these two; nothing here ever raises.

    `obstacle` names the rule that a file breaks which could not be read at all; its text is empty.
    `body_digest` is the digest of a body that was left out of the text.
    """

    @cached_property
    def id(self) -> str:
        """The file's stem."""
        return entry_id(self.path)

    @cached_property
    def front(self) -> "FrontMatter":
        """The front matter."""
        from archivist.grammar import parse

        return parse(self.text)

    @cached_property
    def _plain(self) -> "PlainFront | None":
        """What is enough for most, where nobody has needed the whole front matter yet."""
        if "front" in self.__dict__:
            return None
        from archivist.plainfront import read

        return read(self.text)

    @property
    def is_readable(self) -> bool:
        """True if there is front matter that can be read."""
        if self._plain and not self.obstacle:
            return True
        lost = ("no-front-matter", "too-large")
        return not self.obstacle and not any(flaw.kind in lost for flaw in self.flaws)

    @property
    def flaws(self) -> "tuple[Flaw, ...]":
        """Where the front matter is not well formed."""
        return () if self._plain else self.front.flaws

    @property
    def keys(self) -> list[str]:
        """The key of each field, in their order."""
        return list(self._plain.values) if self._plain else [one.key for one in self.front.fields]

    @cached_property
    def fields(self) -> "dict[str, Field]":
        """The fields by key, in their order; of a key given twice, the first."""
        found: dict[str, Field] = {}
        for field in self.front.fields:
            found.setdefault(field.key, field)
        return found

    def field(self, key: str) -> "Field | None":
        """The field of this key; of a key given twice, the first."""
        if not self._plain:
            return self.fields.get(key)
        from archivist.frontmatter import plain_field

        return plain_field(self.text, key) if key in self._plain.values else None

    @cached_property
    def texts(self) -> dict[str, str]:
        """The text of each field by key, in their order; blank for a list."""
        if self._plain:
            return self._plain.values
        fields = self.fields.items()
        return {key: "" if field.is_list else field.values[0].text for key, field in fields}

    def value(self, key: str) -> str:
        """The text of a field; blank if it is missing, blank or a list."""
        return self.texts.get(key, "")

    def gives(self, key: str) -> bool:
        """True if a field is there and not blank."""
        if self._plain:
            return bool(self._plain.values.get(key))
        field = self.fields.get(key)
        return field is not None and (field.is_list or field.values[0].text != "")

    def values(self, key: str) -> "tuple[Scalar, ...]":
        """The value or values of a field that are not blank."""
        field = self.field(key) if self.gives(key) else None
        return tuple(one for one in field.values if one.text) if field else ()

    @property
    def layout(self) -> str:
        """The front matter's `layout`."""
        return self.value("layout")

    @cached_property
    def title(self) -> str:
        """The value of `conference` or `organization`."""
        return self.value("conference").strip() or self.value("organization").strip()

    @property
    def body_start(self) -> int:
        """Where everything behind the front matter begins."""
        return self._plain.body_start if self._plain else self.front.body_start

    @property
    def body(self) -> str:
        """The policy's text: everything behind the front matter."""
        return self.text[self.body_start :]

    @property
    def text_start(self) -> int:
        """Where the policy's text begins, behind the front matter and blank lines."""
        return len(self.text) - len(self.body.lstrip())

    @cached_property
    def digest(self) -> str:
        """What two bodies have in common that differ in blanks at most; blank for an empty body."""
        if self.body_digest is not None:
            return self.body_digest
        from hashlib import blake2b  # with OpenSSL in its wake; a timeline does without

        text = self.body.encode("utf-8", "surrogatepass").translate(None, _BLANKS)
        return blake2b(text, digest_size=16).hexdigest() if text else ""

    def claims(self) -> Iterator[tuple[str, str]]:
        """What the entry can be found by, as (kind, key), in no order but without its id."""
        from archivist.addresses import is_url, url_key
        from archivist.names import fold, series

        if self.title:
            title = fold(self.title)
            yield "title", title
            yield "series", series(title)
        for alias in self.values("also known as"):
            yield "alias", fold(alias.text)
        url = self.value("url")
        if is_url(url):
            yield "url", url_key(url)
        if self.digest:
            yield "text", self.digest
