"""Texts as pages to edit, for the tests of the edits."""

from __future__ import annotations

from pathlib import Path

from reconciler import desired
from reconciler.importing.edit import nodes
from reconciler.importing.edit.nodes import MappingNode, SequenceNode, parse_nodes
from reconciler.importing.edit.page import Layout, Page
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


def page_of(text: str) -> tuple[Page, MappingNode]:
    """A page without edits, and the mapping that its only document is."""
    (root,) = parse_nodes(text)
    assert isinstance(root, MappingNode)
    return Page(text, Layout(nodes.newline_of(text))), root


def list_at(root: MappingNode, key: str) -> SequenceNode:
    """The list at a key."""
    found = root.value(key)
    assert isinstance(found, SequenceNode)
    return found


def mapping_at(root: MappingNode, key: str) -> MappingNode:
    """The mapping at a key."""
    found = root.value(key)
    assert isinstance(found, MappingNode)
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
