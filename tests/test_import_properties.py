"""What holds for every live state, and for every campaign file whatever its style: import leaves files that plan as empty,
and touches nothing that it need not touch."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import canonical
from reconciler.errors import ReconcilerError
from reconciler.importing import Imported, run_import
from reconciler.importing.run import FileWrite, write_all
from reconciler.model import Action, JsonObject, Plan
from reconciler.pipeline.plan import plan_all
from reconciler.pipeline.tenants import Options
from reconciler.sandbox import Sandbox
from tests.support.builders import schedule, schedules
from tests.support.commands import variables_of
from tests.support.import_drift import DEFAULTS, NAMES, body, drifted, entry, shortened
from tests.support.import_styles import written

TENANT = "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """One tenant for all examples of this file; each empties it first."""
    with Sandbox(name="acme") as running:
        yield running


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of schedules and the tenant that it belongs to."""

    box: Sandbox
    folder: Path

    @property
    def options(self) -> Options:
        """What a command passes down."""
        environ = variables_of(self.box)
        return Options(os.fspath(self.folder), date(2026, 11, 22), environ)

    def run(self, *, update: bool = False) -> Imported:
        """`import --all`."""
        return run_import(self.options, update=update, stop=threading.Event())

    def plan(self) -> Plan:
        """`plan`."""
        (plan,) = plan_all(self.options, threading.Event())
        return plan

    def files(self) -> dict[str, bytes]:
        """All files, by name."""
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}


@contextlib.contextmanager
def empty_place(box: Sandbox) -> Iterator[Place]:
    """An empty folder and an empty tenant."""
    for campaign in box.store.campaigns:
        box.store.remove_campaign(campaign)
    with tempfile.TemporaryDirectory() as folder:
        yield Place(box, Path(folder))


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_NAMES = st.sampled_from([name for name in NAMES if name]) | _TEXT.filter(bool)
_CAMPAIGNS = _NAMES.filter(lambda name: name not in (".", ".."))
_STATES = st.dictionaries(
    _CAMPAIGNS,
    st.dictionaries(_NAMES, st.tuples(_NAMES, schedules()), max_size=2),
    max_size=3,
)


def test_a_file_that_changes_right_after_it_was_written_is_noticed(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_lose(writes: Sequence[FileWrite]) -> None:
        """Somebody else writes a moment later."""
        write_all(writes)
        for write in writes:
            write.path.write_bytes(write.data.replace(b"5000", b"4000"))

    monkeypatch.setattr("reconciler.importing.run.write_all", write_and_lose)
    with empty_place(box) as place:
        box.store.ensure_campaigns(["CAM_001"])
        box.store.put("CAM_001", body("CAM_001", "x", schedule("A")))
        with pytest.raises(ReconcilerError, match="do not say what the tenant holds") as caught:
            place.run()
        assert "git diff" in (caught.value.hint or "")
        assert b"maxCallsPerDay: 4000" in place.files()["cam_001.yaml"]


@given(state=_STATES)
@settings(max_examples=30)
def test_any_live_state_is_imported_as_files_that_plan_as_empty(box: Sandbox, state: dict[str, Any]) -> None:
    with empty_place(box) as place:
        box.store.ensure_campaigns(state)
        for campaign, held in state.items():
            for schedule_id, (name, raw) in held.items():
                box.store.put(campaign, body(campaign, schedule_id, {**raw, "name": name}))
        imported = place.run()
        assert not imported.blocked
        assert sum(file.schedules for file in imported.files) == sum(map(len, state.values()))
        plan = place.plan()
        assert (plan.changes, plan.unmanaged) == ((), ())
        before = place.files()
        place.run()
        place.run(update=True)
        assert place.files() == before
        assert len({name.lower() for name in before}) == len(before) == len(state) + 1


@dataclass(slots=True)
class _Case:
    """Files in some style, what the tenant held when they were written, and what it holds now."""

    texts: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    before: list[JsonObject] = field(default_factory=list)
    after: list[JsonObject] = field(default_factory=list)
    gone: int = 0

    def untouched(self) -> set[tuple[str, str]]:
        """The schedules that are as they were, by campaign and id."""
        return {(old["campaignId"], old["id"]) for old, new in zip(self.before, self.after, strict=False) if old == new}


def _case(seed: int, *, plain_style: bool) -> _Case:
    random = Random(seed)  # noqa: S311 - a test case, not a secret
    case = _Case()
    with_defaults = random.random() < 0.4
    if with_defaults:
        case.texts["defaults.yaml"] = json.dumps(DEFAULTS)
    names = random.sample([name for name in NAMES if name], random.choice([1, 2, 3]))
    documents: list[JsonObject] = []
    for campaign in ("CAM_001", "CAM_002")[: random.choice([1, 2])]:
        entries = [_entry(random, case, campaign, name, with_defaults) for name in names]
        cut = random.randrange(len(entries) + 1) if random.random() < 0.3 else len(entries)
        documents.append({"campaignId": campaign, "schedules": entries[:cut]})
        if entries[cut:]:
            documents.append({"campaignId": campaign, "schedules": entries[cut:]})
        if random.random() < 0.3:
            case.after.append(body(campaign, f"fresh {campaign}", entry(random, "fresh one")))
    random.shuffle(documents)
    groups = [documents] if random.random() < 0.5 else [[document] for document in documents]
    for number, group in enumerate(groups):
        case.texts[f"file{number}.yaml"], comments = written(random, group, plain_style=plain_style)
        case.comments += comments
    return case


def _entry(random: Random, case: _Case, campaign: str, name: str, with_defaults: bool) -> JsonObject:
    """An entry with what the tenant holds of it: under the derived id, a pinned one, or one found by its name alone."""
    whole = entry(random, name)
    way = random.random()
    schedule_id = canonical.derived_id(campaign, name) if way < 0.3 else f"id {campaign} {name!r}"
    held = body(campaign, schedule_id, whole)
    if random.random() < 0.06:
        case.gone += 1
    else:
        case.before.append(held)
        new = drifted(random, held)
        if 0.3 <= way <= 0.6:
            new["name"] = name  # an entry found by its name alone is another one when the name changes
        case.after.insert(len(case.before) - 1, new)
    shown = shortened(random, whole) if with_defaults else whole
    return {"name": shown["name"], "id": schedule_id, **shown} if way > 0.6 else shown


@pytest.mark.parametrize("plain_style", [True, False], ids=["plain", "any"])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=12)
def test_drift_is_written_back_into_a_file_of_any_style(box: Sandbox, plain_style: bool, seed: int) -> None:
    case = _case(seed, plain_style=plain_style)
    with empty_place(box) as place:
        box.store.ensure_campaigns(["CAM_001", "CAM_002"])
        (place.folder / "tenant.yaml").write_text(TENANT, encoding="utf-8")
        for name, text in case.texts.items():
            (place.folder / name).write_bytes(text.encode())
        for held in case.before:
            box.store.put(held["campaignId"], held)
        assert [change for change in place.plan().changes if change.action is Action.UPDATE] == []
        for held in case.after:
            box.store.put(held["campaignId"], held)
        imported = place.run(update=True)
        assert not imported.blocked
        assert {finding.code for finding in imported.reported} <= {"not-live", "rules-broken"}
        plan = place.plan()
        assert [change.action for change in plan.changes] == [Action.CREATE] * case.gone
        assert plan.unmanaged == ()
        files = place.files()
        assert not place.run(update=True).blocked
        assert place.files() == files
        assert files.get("defaults.yaml", b"").decode() == case.texts.pop("defaults.yaml", "")
        for name, text in case.texts.items():
            _assert_kept(text, files[name].decode(), case)


def _assert_kept(before: str, after: str, case: _Case) -> None:
    """Line ends are as they were, and so are the entries of schedules that nobody edited. Where values are shared by
    anchors, an entry may have to say for itself what it said by an alias."""
    assert ("\r\n" in before) == ("\r\n" in after)
    assert after.count("\n") == after.count("\r\n") or "\r\n" not in after
    if "&a" in before:
        return
    held = {(live["campaignId"], live["id"]): live["name"] for live in case.before}
    names = {(key[0], held[key]) for key in case.untouched()}
    for document in yaml.compose_all(before, Loader=yaml.SafeLoader):
        for node in _entries(document, names):
            assert _without_what_follows(before[node.start_mark.index : node.end_mark.index]) in after


def _without_what_follows(text: str) -> str:
    """A node's text less the lines behind it that only hold comments."""
    lines = text.splitlines(keepends=True)
    while not lines[-1].strip() or lines[-1].lstrip().startswith("#"):
        lines.pop()
    return "".join(lines).rstrip()


def _entries(document: Any, names: set[tuple[str, str]]) -> Iterator[Any]:
    """The nodes of the schedules of these campaigns and names."""
    top = {key.value: value for key, value in document.value}
    for node in top["schedules"].value:
        name = next(value.value for key, value in node.value if key.value == "name")
        if (top["campaignId"].value, name) in names:
            yield node
