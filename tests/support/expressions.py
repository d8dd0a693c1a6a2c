"""The part of GitHub's expressions that the workflows use, and not a bit more: anything else fails the test.

Only `Open` mappings may lack a key (it is then null, as GitHub has it); a misspelled name anywhere else is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(r"\s*(?:(?P<op>\|\||&&|==|!=|[!().,*])|'(?P<text>(?:[^']|'')*)'|(?P<name>[A-Za-z_][\w-]*))")
_PLACE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STATUS = re.compile(r"\b(?:always|cancelled|failure|success)\(\)")

Functions = Mapping[str, Callable[..., Any]]


class ExpressionError(Exception):
    """The expression is not one that this stand-in knows, or names what is not there."""


class Open(dict[str, Any]):
    """A context in which what is not there is null: inputs, variables, secrets, an event, a step's outputs."""


def evaluate(expression: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """The value of one expression, without its braces."""
    parser = _Parser(_tokens(expression), contexts, {**_FUNCTIONS, **functions})
    value = parser.either()
    if parser.tokens:
        raise ExpressionError(f"{expression!r}: what is {parser.tokens[0]!r} doing here?")
    return value


def interpolate(text: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """A value of a workflow: the expression's own value where it is nothing else, else text with each one put in."""
    whole = _PLACE.fullmatch(text.strip())
    if whole is not None:
        return evaluate(whole[1], contexts, functions)
    return _PLACE.sub(lambda found: as_text(evaluate(found[1], contexts, functions)), text)


def condition(text: str, contexts: Mapping[str, Any], functions: Functions) -> bool:
    """An `if:`, which also asks for success unless it asks for a status itself."""
    whole = _PLACE.fullmatch(text.strip())
    expression = whole[1] if whole is not None else text
    implied = True if _STATUS.search(expression) else functions["success"]()
    return bool(implied and evaluate(expression, contexts, functions))


def as_text(value: Any) -> str:
    """A value as GitHub writes it into text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int)):
        return str(value)
    raise ExpressionError(f"{value!r} cannot be put into text")


def _contains(where: Any, what: Any) -> bool:
    parts = [as_text(part).casefold() for part in where] if isinstance(where, list) else as_text(where).casefold()
    return as_text(what).casefold() in parts


_FUNCTIONS: Functions = {
    "fromJSON": json.loads,
    "contains": _contains,
    "format": lambda text, *values: text.format(*map(as_text, values)),
}


def _tokens(expression: str) -> list[tuple[str, str]]:
    tokens, at, expression = [], 0, expression.strip()
    while at < len(expression):
        found = _TOKEN.match(expression, at)
        if found is None:
            raise ExpressionError(f"{expression!r} cannot be read from {expression[at:]!r} on")
        kind = found.lastgroup or ""
        tokens.append((kind, found[kind]))
        at = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], contexts: Mapping[str, Any], functions: Functions) -> None:
        self.tokens = tokens
        self._contexts = contexts
        self._functions = functions

    def either(self) -> Any:
        value = self._both()
        while self._takes("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._takes("&&"):
            other = self._compared()
            value = value and other
        return value

    def _compared(self) -> Any:
        value = self._single()
        for operator, wanted in (("==", True), ("!=", False)):
            if self._takes(operator):
                return (as_text(value).casefold() == as_text(self._single()).casefold()) is wanted
        return value

    def _single(self) -> Any:
        if self._takes("!"):
            return not self._single()
        if self._takes("("):
            value = self.either()
            self._needs(")")
            return value
        kind, text = self._next()
        if kind == "text":
            return text.replace("''", "'")
        if kind != "name":
            raise ExpressionError(f"{text!r} is no value")
        return self._called(text) if self._takes("(") else self._found(text)

    def _called(self, name: str) -> Any:
        if name not in self._functions:
            raise ExpressionError(f"no function {name}")
        arguments = []
        while not self._takes(")"):
            arguments.append(self.either())
            self._takes(",")
        return self._functions[name](*arguments)

    def _found(self, name: str) -> Any:
        value: Any = self._contexts
        path = name
        while True:
            if name not in value and not isinstance(value, Open):
                raise ExpressionError(f"{path} is not there")
            value = value.get(name)
            if not self._takes("."):
                return value
            name = self._next()[1]
            path = f"{path}.{name}"
            value = Open() if value is None else value
            if name == "*":
                self._needs(".")
                name = self._next()[1]
                return [item[name] for item in value.values()]

    def _next(self) -> tuple[str, str]:
        if not self.tokens:
            raise ExpressionError("the expression ends too early")
        return self.tokens.pop(0)

    def _takes(self, operator: str) -> bool:
        if self.tokens and self.tokens[0] == ("op", operator):
            self.tokens.pop(0)
            return True
        return False

    def _needs(self, operator: str) -> None:
        if not self._takes(operator):
            raise ExpressionError(f"{operator} is missing")
