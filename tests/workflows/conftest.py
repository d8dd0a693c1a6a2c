"""The worlds in which workflows run: a repository with schedules on main, and tenants that hold none of them yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.sandbox import Sandbox
from tests.support.forked import forking
from tests.support.github import GitHub
from tests.support.pipeline_world import World, campaign, make_world, tenant


@pytest.fixture(scope="session")
def program_of_steps() -> Iterator[Path]:
    """What the steps of all workflows call `reconciler`."""
    with forking() as program:
        yield program


@pytest.fixture
def world(tmp_path: Path, program_of_steps: Path) -> Iterator[World]:
    """One tenant, acme, that holds nothing yet; main has one schedule for it, with a daily cap of 500."""
    with GitHub() as github, Sandbox(campaigns=["CAM_001"]) as box:
        made = make_world(tmp_path, program_of_steps, github, {"acme": box})
        made.commit({"schedules/tenant.yaml": tenant("acme", box), "schedules/cam_001.yaml": campaign(500)})
        yield made


@pytest.fixture
def two(tmp_path: Path, program_of_steps: Path) -> Iterator[World]:
    """Two tenants that hold nothing yet."""
    with GitHub() as github, Sandbox(campaigns=["CAM_001"]) as acme, Sandbox(campaigns=["CAM_B"]) as other:
        made = make_world(tmp_path, program_of_steps, github, {"acme": acme, "Büro Köln": other})
        made.commit(
            {
                "schedules/acme/tenant.yaml": tenant("acme", acme),
                "schedules/acme/cam_001.yaml": campaign(500),
                "schedules/other/tenant.yaml": tenant("Büro Köln", other),
                "schedules/other/cam_b.yaml": campaign(900, "CAM_B"),
            }
        )
        yield made


@pytest.fixture
def applied(world: World) -> World:
    """acme holds what main says, and its journal knows: the schedule with a daily cap of 500."""
    world.bring_to_tip()
    assert (world.caps(), world.applied()) == ([500], world.tip)
    return world
