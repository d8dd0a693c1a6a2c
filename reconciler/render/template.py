"""The template of the page, filled in.

The page forbids itself everything but its own style sheet and its own script, which the policy names by their hashes: even a
mistake in the template could not run or load anything. The template escapes by itself, and shows what nobody would see
(`escape.visible`).
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pkgutil import get_data
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from .escape import visible

_SPAN = re.compile(r"(?<![\w:])([0-9:]{5,8}|[A-Z][a-z]{2})–([0-9:]{5,8}|[A-Z][a-z]{2})(?![\w:])", re.ASCII)


def filled_page(**values: Any) -> str:
    """The page with these values; ends with a newline."""
    style, script = _file("page.css"), _file("page.js")
    return _template().render(
        policy=(
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
            "form-action 'none'"
        ),
        style=Markup(style),  # noqa: S704 - a file of this package, in which nothing is filled in
        script=Markup(script),  # noqa: S704 - as above
        **values,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markup) or not isinstance(value, str) else visible(value),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["unbroken"] = _unbroken
    return environment.get_template("page.html.jinja")


def _unbroken(text: str) -> Markup:
    """Text in which no line ends within a span of times or days."""
    return Markup(_SPAN.sub(r"<span>\g<0></span>", str(escape(visible(text)))))  # noqa: S704 - escaped right here


@cache
def _file(name: str) -> str:
    return (get_data(__package__, f"page/{name}") or b"").decode()


def _hash(text: str) -> str:
    """A source of a Content-Security-Policy: the element with exactly this text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
