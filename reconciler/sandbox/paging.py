"""Pages of a list, with the next one named by an RFC 8288 Link header on the origin that the client asked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from .answers import Refused, json_text, refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Request, Response


def page(request: Request, texts: Sequence[str], size: int) -> Response:
    """One page of JSON texts, `size` items long. Raises Refused (400) for a page that is no number from 1."""
    asked = request.args.get("page", "1")
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 9 or int(asked) < 1:
        raise Refused(refusal(400, "page must be a whole number from 1"))
    number = int(asked)
    items = texts[(number - 1) * size : number * size]
    headers = {}
    if number * size < len(texts):
        path = request.environ["REQUEST_URI"].partition("?")[0]
        query = urlencode(
            [*((k, v) for k, v in request.args.items(multi=True) if k != "page"), ("page", number + 1)]
        )
        headers["Link"] = f'<{request.host_url.rstrip("/")}{path}?{query}>; rel="next"'
    return json_text(f"[{','.join(items)}]", headers=headers)
