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
from .page import EditByHandError, Layout, Page, keep_anchors

EntryPlace = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Section:
    """One document of a campaign file: its campaign, and the places (line and column, from 1) of its entries."""

    campaign_id: str
    entries: tuple[EntryPlace, ...]


def outline(text: str) -> tuple[Section, ...]:
    """The campaign documents of a text; none if it is not YAML."""
    try:
        documents = parse_nodes(text)
    except YAMLError:
        return ()
    found = []
    for campaign_id, root in _campaigns(documents):
        found.append(Section(campaign_id, tuple(_place(item) for item in _entries(root))))
    return tuple(found)


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
            if goal is not None:
                _edit(page, item, goal, ignored, failed)
        if campaign_id in new and campaign_id not in added:
            added.add(campaign_id)
            _add(page, root, campaign_id, new[campaign_id], failed)
    keep_anchors(page, documents)
    return Rewritten(page.result(), failed)


def _edit(page: Page, item: Node, goal: Goal, ignored: Patterns, failed: dict[EntryPlace | str, str]) -> None:
    before = len(page.edits)
    if not isinstance(item, MappingNode):
        failed[_place(item)] = "the entry is written somewhere else"
        return
    try:
        edit_schedule(page, item, goal, ignored)
    except EditByHandError as error:
        del page.edits[before:]
        failed[_place(item)] = str(error)


def _add(
    page: Page,
    root: MappingNode,
    campaign_id: str,
    new: Sequence[LiveSchedule],
    failed: dict[EntryPlace | str, str],
) -> None:
    before = len(page.edits)
    try:
        change_items(page, root, "schedules", (), [(-1, entry) for entry in new_entries(new)])
    except EditByHandError as error:
        del page.edits[before:]
        failed[campaign_id] = str(error)


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
