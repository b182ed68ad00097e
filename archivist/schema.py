"""Schemas: which keys a layout has and what their values must look like.

A layout's schema is JSON Schema 2020-12. An archive's own `schema/<layout>.schema.json` overrides
or adds a layout. Schemas may come from strangers too: nothing is fetched for a `$ref`, and
patterns run in an engine of linear time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from archivist.entry import Entry
from archivist.errors import ConfigurationError
from archivist.names import nearest

FOLDER = "schema"
SUFFIX = ".schema.json"
MAX_SIZE = 256 * 1024
_BASE = "https://archivist.example/schema/"


class SchemaProblem(NamedTuple):
    """What a schema says against an entry. `kind` is `missing`, `unknown` or `value`; `message` a
    sentence in the archive's words; `near` the value or key that was probably meant.
    """

    kind: str
    key: str
    message: str
    near: str | None = None


class Schema:
    """The schema of one layout."""

    def __init__(self, layout: str, document: Mapping[str, Any], validator: Any) -> None:
        self.layout = layout
        self.document = document
        self._validator = validator

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys that the layout knows, in the order that front matter has them."""
        properties = self.document.get("properties")
        return tuple(properties) if isinstance(properties, dict) else ()

    def examples(self, key: str) -> list[str]:
        """The examples that the schema gives for a key, those that are one text."""
        properties = self.document.get("properties")
        about = properties.get(key) if isinstance(properties, dict) else None
        examples = about.get("examples") if isinstance(about, dict) else None
        return [one for one in examples or () if isinstance(one, str)]

    def problems(self, entry: Entry) -> Iterator[SchemaProblem]:
        """What is wrong with the entry's fields."""
        instance = _instance(entry)
        try:
            errors = list(self._validator.iter_errors(instance))
        except UnicodeEncodeError:
            errors = list(self._validator.iter_errors(_decoded(instance)))
        for error in errors:
            yield from self._in_words(error)

    def _in_words(self, error: Any) -> Iterator[SchemaProblem]:
        kind, path = error.kind.name, error.instance_path
        key = str(path[0]) if path else ""
        if kind == "required":
            name = error.kind.property
            yield SchemaProblem("missing", name, f"`{name}` is missing")
        elif kind in ("additionalProperties", "unevaluatedProperties"):
            for name in error.kind.unexpected:
                yield self._unknown_key(name)
        elif kind == "type":
            yield _wrong_type(key, error)
        elif kind in ("enum", "const"):
            yield _not_allowed(key, error)
        elif not (kind.startswith("oneOf") and not path):  # which title: a rule of its own says it
            yield SchemaProblem("value", key, self._generic(key, kind))

    def _unknown_key(self, key: str) -> SchemaProblem:
        message = f"`{key}` is not a key of layout `{self.layout}`"
        return SchemaProblem("unknown", key, message, nearest(key, self.keys))

    def _generic(self, key: str, kind: str) -> str:
        examples = self.examples(key)
        if kind == "pattern" and examples:
            shown = " or ".join(f"`{one}`" for one in examples[:2])
            return f"`{key}` must look like {shown}"
        subject = f"`{key}`" if key else "the front matter"
        return f"{subject} must keep to `{kind}` in the schema of layout `{self.layout}`"


class Schemas:
    """The layouts of an archive. `own` are the files of its `schema/` folder: name → bytes."""

    def __init__(self, own: Mapping[str, bytes] | None = None) -> None:
        self.own = own or {}
        self._compiled: dict[str, Schema] = {}

    @cached_property
    def layouts(self) -> tuple[str, ...]:
        """The names of all layouts."""
        names = {name.removesuffix(SUFFIX) for name in self.own if name.endswith(SUFFIX)}
        built_in = {path.name.removesuffix(SUFFIX) for path in built_in_folder().glob(f"*{SUFFIX}")}
        return tuple(sorted(names | built_in))

    def get(self, layout: str) -> Schema | None:
        """The schema of a layout, or None. Raises ConfigurationError if the schema is broken."""
        if layout not in self._compiled:
            if layout not in self.layouts:
                return None
            self._compiled[layout] = self._compile(layout)
        return self._compiled[layout]

    def _compile(self, layout: str) -> Schema:
        import jsonschema_rs  # only checks of entries need it

        name = f"{layout}{SUFFIX}"
        document = self._load(name)
        try:
            validator = jsonschema_rs.Draft202012Validator(
                document,
                retriever=self._retrieve,
                base_uri=_BASE + name,
                pattern_options=jsonschema_rs.RegexOptions(),
            )
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise ConfigurationError(f"{FOLDER}/{name} is no JSON Schema: {reason}") from error
        return Schema(layout, document, validator)

    def _load(self, name: str) -> dict[str, Any]:
        data = self.own.get(name)
        try:
            document = json.loads(
                data if data is not None else (built_in_folder() / name).read_bytes()
            )
        except (ValueError, RecursionError) as error:
            raise ConfigurationError(f"{FOLDER}/{name} is not JSON: {error}") from error
        if not isinstance(document, dict):
            raise ConfigurationError(f"{FOLDER}/{name} must be a JSON object")
        return document

    def _retrieve(self, uri: str) -> dict[str, Any]:
        """A schema that another one refers to: a neighbour by its file name, never the network."""
        name = uri.removeprefix(_BASE)
        if name.removesuffix(SUFFIX) not in self.layouts:
            raise ValueError(f"{uri} is not in {FOLDER}/")
        return self._load(name)


def built_in_folder() -> Path:
    """Where the schemas that come with archivist lie: in the wheel, or in the source tree."""
    package = Path(__file__).parent
    installed = package / "schemas"
    return installed if installed.is_dir() else package.parent / FOLDER


def _instance(entry: Entry) -> dict[str, str | list[str] | None]:
    """The fields as JSON: texts, lists of texts, and null for what is blank."""
    return {
        key: text or ([one.text for one in entry.fields[key].values] if entry.gives(key) else None)
        for key, text in entry.texts.items()
    }


def _decoded(instance: dict[str, str | list[str] | None]) -> dict[str, str | list[str] | None]:
    """The same without surrogates, which stand for bytes that are not UTF-8 and are no JSON."""
    text = json.dumps(instance, ensure_ascii=False).encode("utf-8", "replace")
    decoded: dict[str, str | list[str] | None] = json.loads(text)
    return decoded


def _wrong_type(key: str, error: Any) -> SchemaProblem:
    value = error.instance
    if value is None:
        return SchemaProblem("missing", key, f"`{key}` must not be blank")
    if isinstance(value, list):
        return SchemaProblem("value", key, f"`{key}` must be one value, not a list")
    return SchemaProblem("value", key, f"`{key}` must be a {' or '.join(error.kind.types)}")


def _not_allowed(key: str, error: Any) -> SchemaProblem:
    if isinstance(error.instance, list):
        return _wrong_type(key, error)
    options = error.kind.options if error.kind.name == "enum" else [error.kind.expected_value]
    options = json.loads(options) if isinstance(options, str) else options
    texts = [one for one in options if isinstance(one, str)]
    listed = ", ".join(f"`{one}`" for one in texts)
    near = nearest(str(error.instance), texts, 0.6)
    return SchemaProblem("value", key, f"`{key}` must be one of {listed}", near)
