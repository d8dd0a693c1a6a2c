"""Files in a temporary folder, loaded as a user would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reconciler.desired import Desired, load
from reconciler.desired.defaults import Defaults, defaults_of
from reconciler.desired.places import FilePlaces
from reconciler.desired.reader import Single, located, schema_problems
from reconciler.files import File
from reconciler.sources import WorkTree, state_of
from reconciler.yaml import parse_yaml

_WINDOW = """\
      - dayOfWeek: MONDAY
        startTime: "09:00"
        endTime: "17:00"
        maxCallsPerDay: 5000
        maxCallsPerHour: 800
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
"""


@pytest.fixture
def tenant() -> str:
    """The smallest tenant.yaml."""
    return "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"


@pytest.fixture
def campaign() -> Callable[..., str]:
    """A campaign file with complete schedules of these names; `extra` lines go into each of them, ten lines apart."""

    def make(campaign_id: str, *names: str, extra: str = "") -> str:
        head = f"campaignId: {campaign_id}\nschedules:{'' if names else ' []'}\n"
        rest = f"{extra}    timezone: America/New_York\n    scheduleDetails:\n{_WINDOW}"
        return head + "".join(f"  - name: {name}\n{rest}" for name in names)

    return make


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current directory."""
    folder = tmp_path.resolve()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def load_files(here: Path) -> Callable[..., Desired]:
    """Write files in what looks like a repository, and load PATH; repeated calls add files."""
    (here / ".git").mkdir()
    (here / ".git" / "HEAD").write_text("ref: refs/heads/main\n")

    def run(
        files: Mapping[str, str], path: str = ".", *, tenants: str = "", campaigns: str = "", hosts: str = ""
    ) -> Desired:
        for name, text in files.items():
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            (here / name).write_text(text, encoding="utf-8")
        asked = frozenset(tenants.split()), frozenset(campaigns.split())
        return load(WorkTree(state_of(path).root), path, *asked, allowed=frozenset(hosts.split()))

    return run


@pytest.fixture
def reported() -> Callable[[Desired], list[str]]:
    """All findings, those of no tenant first, as `file:line:column code`."""

    def run(desired: Desired) -> list[str]:
        found = [*desired.findings, *(finding for tenant in desired.tenants for finding in tenant.findings)]
        return [
            f"{finding.location.file}:{finding.location.line}:{finding.location.column} {finding.code}"
            if finding.location
            else finding.code
            for finding in found
        ]

    return run


@pytest.fixture
def origin() -> Callable[..., FilePlaces]:
    """The one document of a text as if it had been read from a file."""

    def make(text: str, file: str = "x.yaml") -> FilePlaces:
        parsed = parse_yaml(text.encode())
        assert parsed.faults == ()
        (document,) = parsed.documents
        return FilePlaces(file, document)

    return make


@pytest.fixture
def layer(origin: Callable[..., FilePlaces]) -> Callable[..., Defaults]:
    """What the text of a defaults.yaml gives."""

    def make(text: str, file: str = "defaults.yaml") -> Defaults:
        made = origin(text, file)
        problems = schema_problems("defaults", made.document.data)
        return defaults_of(Single(File(file, file), made, tuple(located(made, problems)), problems))

    return make
