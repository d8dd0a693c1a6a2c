"""A campaign file, rewritten where it no longer says what it should, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yaml.error import YAMLError

from ...model import LiveSchedule
from ...put_body import Patterns
from . import nodes
from .entries import Goal, edit_schedule, new_entries
from .lists import change_items
from .nodes import MappingNode, Node, SequenceNode, parse_nodes, text_of
from .page import Layout, Page, keep_anchors

EntryPlace = tuple[int, int]


def outline(text: str) -> tuple[tuple[str, int], ...]:
    """The campaign of each document of a text, and how many schedules it has; nothing if it is not YAML."""
    try:
        documents = parse_nodes(text)
    except YAMLError:
        return ()
    return tuple((campaign_id, len(_entries(root))) for campaign_id, root in _campaigns(documents))


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text, and why it does not say all that it should: by the places of entries, and by campaigns whose new
    schedules found no place."""

    text: str
    failed: Mapping[EntryPlace | str, str]


def rewrite(
    text: str,
    goals: Mapping[EntryPlace, Goal],
    new: Mapping[str, Sequence[LiveSchedule]],
    ignored: Patterns,
) -> Rewritten:
    """The text with the entries at the places of `goals` edited, and the `new` schedules of each campaign added.

    What an anchor holds is edited where it stands, so an alias elsewhere may then say something else than before:
    whoever calls this loads the outcome and comes again with what is left. Raises EditByHandError where the edits
    cannot be made together.
    """
    documents = parse_nodes(text)
    page = Page(text, _layout(text, documents))
    failed: dict[EntryPlace | str, str] = {}
    added: set[str] = set()
    for campaign_id, root in _campaigns(documents):
        for item in _entries(root):
            goal = goals.get(_place(item))
            reason = page.attempt(edit_schedule, item, goal, ignored) if goal is not None else None
            if reason is not None:
                failed[_place(item)] = reason
        if campaign_id in new and campaign_id not in added:
            added.add(campaign_id)
            entries = [(-1, entry) for entry in new_entries(new[campaign_id])]
            reason = page.attempt(change_items, root, "schedules", (), entries)
            if reason is not None:
                failed[campaign_id] = reason
    keep_anchors(page, documents)
    return Rewritten(page.result(), failed)


def _entries(root: MappingNode) -> tuple[Node, ...]:
    schedules = root.value("schedules")
    return schedules.items if isinstance(schedules, SequenceNode) else ()


def _campaigns(documents: tuple[Node, ...]) -> list[tuple[str, MappingNode]]:
    roots = [document for document in documents if isinstance(document, MappingNode)]
    return [(str(text_of(root.value("campaignId"))), root) for root in roots]


def _place(node: Node) -> EntryPlace:
    return node.line, node.column + 1


def _layout(text: str, documents: tuple[Node, ...]) -> Layout:
    """The layout of the first list of schedules that is a block; what it does not show is as in a new file."""
    newline = nodes.newline_of(text)
    for _, root in _campaigns(documents):
        schedules = root.value("schedules")
        if root.flow or not isinstance(schedules, SequenceNode) or schedules.flow:
            continue
        dash = nodes.column(text, nodes.item_start(text, schedules, 0))
        item = schedules.items[0]
        keys = 2
        if isinstance(item, MappingNode) and not item.flow:
            keys = nodes.column(text, item.pairs[0][0].start) - dash
        return Layout(newline, dash - nodes.column(text, root.pairs[0][0].start), keys)
    return Layout(newline)
