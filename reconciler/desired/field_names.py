"""Whether `ignoreFields` and `preserveFields` name what they can be about: a typo there would do nothing, in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..canonical import CAPS
from ..findings import Finding, Severity
from ..model import JsonObject
from ..phrases import shorten
from .places import FilePlaces
from .salvage import known_names
from .wording import field_text, suggestion

_HOLDERS: Mapping[str, tuple[str, ...]] = {
    "scheduleDetails": ("dayOfWeek", "startTime", "endTime", *CAPS),
    "blackoutPeriods": ("startTime", "endTime", "reason", "appliesToAllDays"),
    "complianceRules": ("regulatoryPauses", "agentAvailabilityProjection", "enableComplianceInjection"),
}
_BODY_FIELDS = frozenset(
    {
        *("id", "name", "campaignId", "timezone", *_HOLDERS),
        *(f"{holder}.{name}" for holder, names in _HOLDERS.items() for name in names),
    }
)
"""The fields of a PUT body, by the dotted names that a tenant.yaml has for them."""


def check_field_names(places: FilePlaces, data: JsonObject) -> Iterator[Finding]:
    """What is wrong with the names in both lists; `data` is the tenant.yaml as far as it is known."""
    ignored, preserved = (known_names(data, field) for field in ("ignoreFields", "preserveFields"))
    wrong = [(("ignoreFields", number), _not_ignored(name, preserved)) for number, name in ignored.items()]
    wrong += [(("preserveFields", number), _not_preserved(name)) for number, name in preserved.items()]
    for path, fault in wrong:
        if fault:
            message = f"{field_text(path)} is {shorten(data[path[0]][path[1]])!r}, {fault}"
            yield Finding(Severity.ERROR, "schema", message, places.locate(path))


def _not_ignored(name: str, preserved: Mapping[int, str]) -> str:
    """Why `ignoreFields` cannot name a field. A field that git does not know may be named in both lists: then its live
    value is carried over, and may change between plan and apply."""
    if name in _BODY_FIELDS or any(
        f"{name}.".startswith(f"{kept}.") or kept.startswith(f"{name}.") for kept in preserved.values()
    ):
        return ""
    same = sorted(known for known in _BODY_FIELDS if known.endswith(f".{name.rpartition('.')[2]}"))
    near = f"; did you mean {' or '.join(same)}?" if same else suggestion(name, _BODY_FIELDS)
    return f"which is no field of a schedule that git sets{near or '; a field that only CXone has must be in preserveFields too'}"


def _not_preserved(name: str) -> str:
    """Why `preserveFields` cannot name a field."""
    if name in _BODY_FIELDS:
        return "which git sets; ignoreFields keeps the live value of such a field"
    from difflib import get_close_matches

    head, dot, rest = name.partition(".")
    near = get_close_matches(head, _HOLDERS, n=1, cutoff=0.85) if dot and head not in _HOLDERS else []
    return f"which is no field of a schedule; did you mean {near[0]}.{rest}?" if near else ""
