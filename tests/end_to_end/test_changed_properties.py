"""What must hold for every edit: `--changed` reads what differs from the base, and plans of it what the whole plan says."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from reconciler import canonical
from reconciler.desired.campaign_names import first_word, names_in
from reconciler.desired.reader import campaign_of
from reconciler.model import DesiredSchedule, JsonObject, Plan
from reconciler.pipeline.check import check_files
from reconciler.pipeline.plan import plan_all
from reconciler.pipeline.tenants import Options
from reconciler.sandbox import Sandbox
from reconciler.yaml import parse_yaml
from tests.support.builders import schedule, window

_CAMPAIGNS = ("C1", "C2", "C/3", "C 4")
_SPELLINGS = (
    "campaignId: {json}\nschedules: {entries}\n",
    "campaignId: {plain}   # the id\nschedules: {entries}\n",
    "schedules: {entries}\ncampaignId: '{plain}'\n",
    "# campaignId: C1\ncampaignId:\n  {plain}\nschedules: {entries}\n",
    '"campaign\\u0049d": {json}\nschedules: {entries}\n',
    '{{"schedules": {entries}, "campaignId": {json}}}\n',
    "? campaignId\n: >-\n  {plain}\nschedules: {entries}\n",
    "campaignId: &it {json}\nschedules: {entries}\n",
)
_FILES = ("a.yaml", "b.yaml", "deep/c.yaml", "deep/d.yml", "other/e.yaml")
State = Mapping[str, str]
"""The text of each file, by its name; a text that begins with @ is a link to the rest of it."""


class _Entry(NamedTuple):
    """Where an entry stands, and what differs between entries: its cap, and whether it leaves the zone to a defaults.yaml."""

    file: str
    cap: int
    zoned: bool


Entries = Mapping[tuple[str, str], _Entry]
"""Entries by campaign and name, so that none is there twice."""
_ENTRY = st.builds(_Entry, st.sampled_from(_FILES), st.sampled_from([700, 900]), st.integers(0, 9).map(bool))
_ENTRIES = st.dictionaries(
    st.tuples(st.sampled_from(_CAMPAIGNS), st.sampled_from(["Day", "Evening", "Late"])), _ENTRY, min_size=6
)
_DEFAULT_TEXTS = st.dictionaries(
    st.sampled_from(["defaults.yaml", "deep/defaults.yaml"]),
    st.sampled_from(
        [
            "schedule: {timezone: America/New_York}\n",
            "schedule: {timezone: America/Chicago}\n",
            "schedule:\n  timezone: America/New_York\n  closures: [{date: 2026-11-26, reason: Closed}]\n",
        ]
    ),
)


def _text(campaign: str, entries: Iterable[tuple[str, _Entry]], spelling: str) -> str:
    listed = []
    for name, entry in entries:
        raw = {**schedule(name, scheduleDetails=[window(maxCallsPerDay=entry.cap)]), "complianceRules": {}}
        if not entry.zoned:
            del raw["timezone"]
        listed.append(raw)
    return spelling.format(plain=campaign, json=json.dumps(campaign), entries=json.dumps(listed))


def _files(entries: Entries, spelled: Mapping[str, str]) -> dict[str, str]:
    """The files that hold these entries, a document for each campaign; each file has its own way to spell the key."""
    texts: dict[str, list[str]] = {}
    placed = sorted((entry.file, campaign, name, entry) for (campaign, name), entry in entries.items())
    for (file, campaign), group in groupby(placed, key=itemgetter(0, 1)):
        texts.setdefault(file, []).append(
            _text(campaign, [(name, entry) for _, _, name, entry in group], spelled[file])
        )
    return {file: "---\n".join(documents) for file, documents in texts.items()}


@st.composite
def _edits(draw: st.DrawFn) -> tuple[State, State]:
    """Two states of a repository; most of it is the same in both."""
    spelled = {file: draw(st.sampled_from(_SPELLINGS)) for file in _FILES}
    before, defaults = draw(_ENTRIES), draw(_DEFAULT_TEXTS)
    after = dict(before)
    for key in draw(st.lists(st.sampled_from(sorted(before)), max_size=3, unique=True)):
        entry = after.pop(key)
        match draw(st.sampled_from(["edit", "edit", "move", "move", "another campaign", "delete"])):
            case "edit":
                after[key] = entry._replace(cap=1600 - entry.cap)
            case "move":
                after[key] = entry._replace(file=draw(st.sampled_from(_FILES)))
            case "another campaign":
                after[draw(st.sampled_from(_CAMPAIGNS)), key[1]] = entry
    if draw(st.integers(0, 7)) == 0:
        after |= draw(_ENTRIES)
    files = _files(after, spelled)
    for file in draw(st.lists(st.sampled_from(sorted(files) or ["a.yaml"]), max_size=1)):
        files[file] = f"# edited\n{files.get(file, '')}"
    new_defaults = defaults if draw(st.integers(0, 3)) else draw(_DEFAULT_TEXTS)
    link = draw(
        st.sampled_from(
            [{}, {}, {}, {"link.yaml": "@_hidden/e.yaml", "_hidden/e.yaml": "campaignId: C1\nschedules: []\n"}]
        )
    )
    tenant = draw(
        st.sampled_from(["", "", "", "", "", "", "# edited\n", "ignoreFields: [scheduleDetails.predictiveRate]\n"])
    )
    return {**_files(before, spelled), **defaults, **link}, {**files, **new_defaults, **link, "tenant.yaml": tenant}


class _Repository:
    """A folder under git."""

    def __init__(self, folder: Path, tenant: str) -> None:
        self.folder = folder
        self._tenant = tenant
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> None:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    def hold(self, state: State) -> None:
        """Write this state over the one before."""
        root = self.folder / "schedules"
        wanted = {**state, "tenant.yaml": self._tenant + state.get("tenant.yaml", "")}
        for path in sorted(root.rglob("*"), reverse=True):
            if path.is_symlink() or path.is_file():
                path.unlink()
        for name, text in wanted.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text.startswith("@"):
                path.symlink_to(text[1:])
            else:
                path.write_text(text, "utf-8")


def _said(schedules: tuple[DesiredSchedule, ...], campaign: str) -> list[str]:
    return sorted(
        canonical.dumps([entry.name, (entry.as_written or entry).content, repr(entry.closures)])
        for entry in schedules
        if entry.campaign_id == campaign
    )


def _restricted(plan: Plan, campaigns: set[str]) -> tuple[object, ...]:
    """What a plan says of these campaigns."""
    changes = [change for change in plan.changes if change.campaign_id in campaigns]
    unmanaged = [one for one in plan.unmanaged if one.campaign_id in campaigns]
    released = [one for one in plan.released if one.campaign_id in campaigns]
    touched = [one for one in plan.touched if one.campaign_id in campaigns]
    return changes, unmanaged, released, touched


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A tenant that holds a schedule that git may name, and one that it does not, in each campaign."""
    with Sandbox(campaigns=_CAMPAIGNS) as made:
        for campaign in _CAMPAIGNS:
            for name in ("Day", "By hand"):
                raw: JsonObject = schedule(name, scheduleDetails=[window(maxCallsPerDay=800)])
                held = canonical.derived_id(campaign, name)
                made.store.put(campaign, {**raw, "id": held, "campaignId": campaign})
        yield made


@settings(max_examples=30)
@given(edit=_edits(), mode=st.sampled_from(["commit", "stage", "leave"]))
def test_of_what_differs_it_says_what_the_whole_plan_says(
    box: Sandbox, tmp_path_factory: pytest.TempPathFactory, edit: tuple[State, State], mode: str
) -> None:
    repository = _Repository(tmp_path_factory.mktemp("repository"), f"name: acme\nbaseUri: {box.base_uri}\n")
    before, after = edit
    repository.hold(before)
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "base")
    repository.git("tag", "base")
    repository.hold(after)
    if mode != "leave":
        repository.git("add", "--all")
    if mode == "commit":
        repository.git("commit", "--quiet", "--allow-empty", "--message", "edit")
    environ = {"CXONE_CLIENT_ID": box.client_id, "CXONE_CLIENT_SECRET": box.client_secret}
    whole = Options(str(repository.folder / "schedules"), date(2026, 11, 24), environ, base="base")
    part = Options(str(repository.folder / "schedules"), date(2026, 11, 24), environ, base="base", changed=True)
    [all_files], [some] = check_files(whole).tenants, check_files(part).tenants
    base = all_files.base or ()
    names = {*all_files.campaigns, *(entry.campaign_id for entry in base)}
    differing = {name for name in names if _said(all_files.schedules, name) != _said(base, name)}
    if some.loadable:
        read = {*some.campaigns, *(entry.campaign_id for entry in some.base or ())}
        assert differing <= read
        for name in read:
            assert _said(some.schedules, name) == _said(all_files.schedules, name)
            assert _said(some.base or (), name) == _said(base, name)
        assert some.not_read == len(set(all_files.campaigns) - read)
        event("read a part" if read and some.not_read else "read all or nothing")
    if all_files.loadable:
        assert some.loadable
        [full], [narrow] = plan_all(whole, threading.Event()), plan_all(part, threading.Event())
        assert _restricted(narrow, set(_CAMPAIGNS)) == _restricted(full, read)
        assert set(narrow.findings) <= set(full.findings)


_PIECES = st.lists(
    st.sampled_from(
        (
            *(
                "campaignId",
                ": ",
                ":",
                "C1",
                "'C2'",
                '"C1"',
                "\n",
                "\n  ",
                "campaign",
                "Id",
                "\\u0049d",
                '"',
                "'",
                "- ",
            ),
            *("---\n", "{", "}", ", ", "&a ", "*a", "? ", "<<: ", "# ", "\r\n", " ", ">-\n", "schedules: []", "x"),
            *("!!str ", "\t", "\\\n"),
        )
    ),
    max_size=14,
).map("".join)


def _spelled(parts: tuple[str, str]) -> str:
    piece, spelling = parts
    return spelling.format(plain="C1", json='"C1"', entries="[]") + piece


@settings(max_examples=400)
@given(text=_PIECES | st.tuples(_PIECES, st.sampled_from(_SPELLINGS)).map(_spelled))
@example("campaignId: C1\n more\n")
@example("{\ncampaignId: C1\nC2: x}\n")
@example('"campaign\\u0049d": C1\n')
@example("x: &a campaignId\n*a : C1\n")
def test_no_campaign_of_a_file_goes_unnoticed(text: str) -> None:
    named = {campaign_of(document) for document in parse_yaml(text.encode()).documents} - {None}
    told = {first_word(name) for name in names_in(text.encode())}
    assert {first_word(str(name)) for name in named} <= told
