"""What the rows and findings of the page can be filtered by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..model import JsonObject

_FACETS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "action": (
        "What happens",
        {
            "create": "new schedules",
            "update": "changed schedules",
            "leaves": "schedules that leave git",
            "limit": "safety limits",
            "finding": "findings",
        },
    ),
    "origin": (
        "Who asked",
        {
            "change": "this revision",
            "pending": "an earlier revision",
            "drift": "nobody: an edit in CXone is reverted",
            "conflict": "this revision, and somebody in CXone",
            "calendar": "the calendar",
            "none": "not known",
        },
    ),
    "severity": (
        "How grave",
        {"error": "refused", "warning": "to be looked at", "notice": "to be known", "none": "as usual"},
    ),
}
"""What can be filtered by beside the campaign: a label, and the words of each value."""


def facets(
    tenants: Sequence[JsonObject], campaigns: Sequence[str]
) -> Iterator[tuple[str, str, Sequence[tuple[str, str]]]]:
    """What can be filtered by, where there is a choice: name, label, and the values that are there with their words."""
    parts = [part for tenant in tenants for part in (*tenant["rows"], *tenant["errors"], *tenant["findings"])]
    choices: list[tuple[str, str, Mapping[str, str]]]
    choices = [("campaign", "Campaign", {str(number): name for number, name in enumerate(campaigns)})]
    choices += [(name, label, values) for name, (label, values) in _FACETS.items()]
    for name, label, values in choices:
        there = {value for part in parts for value in part[name].split(" ")}
        options = [(value, text) for value, text in values.items() if value in there]
        if len(options) > 1:
            yield name, label, options
