"""Documents against their JSON Schema: a fast gate for those that fit, words for those that do not.

Nearly every document fits, and a compiled validator says so in microseconds. `jsonschema`, which can tell what is
wrong, costs a hundred times that and 70 ms to import, so it is not touched before there is something to word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from ..schema_files import load_schema
from .keywords import first_repeated
from .wording import Problem, problems

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

MAX_PROBLEMS = 1000
_END = re.compile(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$", re.DOTALL)


class SchemaCheck:
    """The check against one schema of `schemas/`; made once and used for every document of its kind."""

    def __init__(self, name: str) -> None:
        self._schema = load_schema(name)
        self._gate = jsonschema_rs.Draft202012Validator(self._schema, validate_formats=True)

    def problems(self, data: Any) -> tuple[Problem, ...]:
        """Everything that is wrong with a document, each thing once; after `MAX_PROBLEMS` it is enough.

        A problem whose path is empty is about the document as a whole.
        """
        if self._gate.is_valid(data):
            return ()
        found = tuple(islice(problems(self._wording.iter_errors(data)), MAX_PROBLEMS + 1))
        if len(found) > MAX_PROBLEMS:
            rest = Problem(
                (), f"the document has more than {MAX_PROBLEMS} problems; the others are not shown"
            )
            return (*found[:MAX_PROBLEMS], rest)
        return found or (Problem((), "the document does not fit its schema"),)

    @cached_property
    def _wording(self) -> Validator:
        from jsonschema import Draft202012Validator, validators

        exact: type[Validator] = validators.extend(  # type: ignore[no-untyped-call]  # its stub has no annotations
            Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique}
        )
        return exact(self._schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def python_pattern(pattern: str) -> str:
    """A JSON Schema pattern for `re`, whose `$` would also accept a newline at the end (ECMA-262's does not)."""
    return _END.sub(lambda match: match[1] or r"\Z", pattern)


def _pattern(_validator: Validator, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and not re.search(python_pattern(pattern), instance):
        yield ValidationError(f"does not match {pattern}")


def _unique(_validator: Validator, wanted: bool, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    """As jsonschema's own, but never in the square of the length."""
    from jsonschema.exceptions import ValidationError

    if wanted and isinstance(instance, list) and first_repeated(instance) is not None:
        yield ValidationError("repeats an entry")
