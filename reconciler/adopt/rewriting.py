"""A campaign file, rewritten where it no longer says what it should, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence as AnySequence
from dataclasses import dataclass

from yaml.error import YAMLError

from ..fields import Patterns
from ..model import LiveSchedule
from . import scan
from .edits import NeedsAHandError, Page
from .emit import Layout
from .literals import keep_anchors
from .schedules import Goal, edit_schedule, new_entries
from .sequences import change_items
from .tree import Mapping, Node, Sequence, parse, text_of

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Section:
    """One document of a campaign file: its campaign, and the places (line and column, from 1) of its entries."""

    campaign_id: str
    entries: tuple[Place, ...]


def outline(text: str) -> tuple[Section, ...]:
    """The campaign documents of a text; none if it is not YAML."""
    try:
        documents = parse(text)
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
    failed: AnyMapping[Place | str, str]


def rewrite(
    text: str,
    goals: AnyMapping[Place, Goal],
    new: AnyMapping[str, AnySequence[LiveSchedule]],
    ignored: Patterns,
) -> Rewritten:
    """The text with the entries at the places of `goals` edited, and the `new` schedules of each campaign added.

    What an anchor holds is edited where it stands, so an alias elsewhere may then say something else than before:
    whoever calls this loads the outcome and comes again with what is left. Raises NeedsAHandError where the edits
    cannot be made together.
    """
    documents = parse(text)
    page = Page(text, _layout(text, documents))
    failed: dict[Place | str, str] = {}
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


def _edit(page: Page, item: Node, goal: Goal, ignored: Patterns, failed: dict[Place | str, str]) -> None:
    before = len(page.edits)
    if not isinstance(item, Mapping):
        failed[_place(item)] = "the entry is written somewhere else"
        return
    try:
        edit_schedule(page, item, goal, ignored)
    except NeedsAHandError as error:
        del page.edits[before:]
        failed[_place(item)] = str(error)


def _add(
    page: Page,
    root: Mapping,
    campaign_id: str,
    new: AnySequence[LiveSchedule],
    failed: dict[Place | str, str],
) -> None:
    before = len(page.edits)
    try:
        change_items(page, root, "schedules", (), [(-1, entry) for entry in new_entries(new)])
    except NeedsAHandError as error:
        del page.edits[before:]
        failed[campaign_id] = str(error)


def _entries(root: Mapping) -> tuple[Node, ...]:
    schedules = root.value("schedules")
    return schedules.items if isinstance(schedules, Sequence) else ()


def _campaigns(documents: tuple[Node, ...]) -> list[tuple[str, Mapping]]:
    roots = [each for each in documents if isinstance(each, Mapping)]
    return [(str(text_of(each.value("campaignId"))), each) for each in roots]


def _place(node: Node) -> Place:
    return node.line, node.column + 1


def _layout(text: str, documents: tuple[Node, ...]) -> Layout:
    """The layout of the first list of schedules that is a block; what it does not show is as in a new file."""
    newline = scan.newline_of(text)
    for _, root in _campaigns(documents):
        schedules = root.value("schedules")
        if root.flow or not isinstance(schedules, Sequence) or schedules.flow:
            continue
        dash = scan.column(text, scan.item_start(text, schedules, 0))
        item = schedules.items[0]
        keys = 2
        if isinstance(item, Mapping) and not item.flow:
            keys = scan.column(text, item.pairs[0][0].start) - dash
        return Layout(newline, dash - scan.column(text, root.pairs[0][0].start), keys)
    return Layout(newline)
