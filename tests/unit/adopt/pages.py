"""Texts as pages to edit, for the tests of the edits."""

from __future__ import annotations

from pathlib import Path

from reconciler import desired
from reconciler.adopt import scan
from reconciler.adopt.edits import Page
from reconciler.adopt.emit import Layout
from reconciler.adopt.tree import Mapping, Sequence, parse
from reconciler.model import DesiredSchedule
from reconciler.sources import WorkTree

WINDOW = """\
      - dayOfWeek: [MONDAY, TUESDAY]
        startTime: "09:00"
        endTime: "17:00"
        maxCallsPerDay: 5000
        maxCallsPerHour: 800
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
"""
CAMPAIGN = f"""\
campaignId: CAM_001
schedules:
  - name: A
    timezone: UTC
    scheduleDetails:
{WINDOW}"""


def page_of(text: str) -> tuple[Page, Mapping]:
    """A page without edits, and the mapping that its only document is."""
    (root,) = parse(text)
    assert isinstance(root, Mapping)
    return Page(text, Layout(scan.newline_of(text))), root


def list_at(root: Mapping, key: str) -> Sequence:
    """The list at a key."""
    found = root.value(key)
    assert isinstance(found, Sequence)
    return found


def mapping_at(root: Mapping, key: str) -> Mapping:
    """The mapping at a key."""
    found = root.value(key)
    assert isinstance(found, Mapping)
    return found


def entries_of(folder: Path, text: str) -> tuple[DesiredSchedule, ...]:
    """The schedules that a campaign file means, as the loader reads them."""
    (folder / "tenant.yaml").write_text("name: acme\nbaseUri: https://api.usw2.niceincontact.com\n")
    (folder / "cam_001.yaml").write_bytes(text.encode())
    loaded = desired.load(WorkTree(str(folder)), str(folder))
    assert loaded.findings == ()
    (tenant,) = loaded.tenants
    assert tenant.findings == ()
    return tenant.schedules
