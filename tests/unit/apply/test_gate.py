"""The gate refuses with every reason for every tenant, and refuses when in doubt."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reconciler import canonical, put_body
from reconciler.apply import gate
from reconciler.apply.gate import GateOptions, blocking_findings, check_unmoved
from reconciler.errors import RefusedError
from reconciler.findings import Finding, Severity
from reconciler.model import (
    Action,
    CampaignLive,
    Change,
    FieldChange,
    LiveSchedule,
    Origin,
    Plan,
    Request,
    SafetyCheck,
    Touched,
)
from reconciler.plan import refusals
from reconciler.settings import SafetyLimits, TenantSettings
from tests.support.apply_parts import SOURCE, plan
from tests.support.apply_world import schedule

SETTINGS = TenantSettings("acme", "https://api.usw2.niceincontact.com", SOURCE, "")
REFUSES_DRIFT = SETTINGS._replace(safety=SafetyLimits(on_drift="refuse"))
REQUEST = Request("PUT", "/x", {})
LIMIT = SafetyCheck("maxChangedPercent", 30, 42.5, passed=False)


def check_gate(plans: Sequence[tuple[Plan, TenantSettings]], options: GateOptions) -> None:
    """The gate, after the verdict of these settings on the plans."""
    gate.check_gate([plan._replace(refusals=tuple(refusals(plan, settings))) for plan, settings in plans], options)


def update(origin: Origin | None, name: str = "Weekday", *fields: Origin) -> Change:
    """An update that came from there; `fields` are the origins of its fields."""
    changes = tuple(FieldChange(f"f{number}", 1, 2, of_field) for number, of_field in enumerate(fields))
    return Change(Action.UPDATE, "CAM_A", name, name, REQUEST, changes, {}, "sha256:1", origin)


def create(origin: Origin | None) -> Change:
    """A create that came from there."""
    return Change(Action.CREATE, "CAM_A", "New", "New", REQUEST, origin=origin)


def refusal(*plans: tuple[Plan, TenantSettings], options: GateOptions | None = None) -> RefusedError:
    """The error with which plans are refused."""
    with pytest.raises(RefusedError) as caught:
        check_gate(plans, options or GateOptions())
    return caught.value


def test_a_plan_with_nothing_against_it_passes() -> None:
    passed = LIMIT._replace(actual=4.8, passed=True)

    check_gate([(plan(update(None), create(None))._replace(safety=(passed,)), SETTINGS)], GateOptions())


def test_a_passed_limit_is_refused_with_its_figures_and_can_be_lifted() -> None:
    limited = plan(update(None))._replace(safety=(LIMIT, SafetyCheck("maxChanges", 5, 7, passed=False)))

    error = refusal((limited, SETTINGS))

    assert "42.5 % of the live schedules would change, more than safety.maxChangedPercent 30 %" in error.message
    assert "7 changes, more than safety.maxChanges 5 allows" in error.message
    assert "--force REASON" in error.hint
    check_gate([(limited, SETTINGS)], GateOptions(force="agreed"))


@pytest.mark.parametrize("change", [update(Origin.CONFLICT), update(None, "Weekday", Origin.CHANGE, Origin.CONFLICT)])
def test_a_conflict_is_refused_and_can_be_lifted(change: Change) -> None:
    error = refusal((plan(change), SETTINGS))

    assert "'Weekday' of CAM_A" in error.message
    check_gate([(plan(change), SETTINGS)], GateOptions(force="agreed"))


@pytest.mark.parametrize("change", [update(Origin.DRIFT), update(None, "Weekday", Origin.DRIFT), create(Origin.DRIFT)])
def test_drift_is_refused_where_the_tenant_wants_it_and_no_force_lifts_that(change: Change) -> None:
    based = plan(change)._replace(base="abc")

    check_gate([(based, SETTINGS)], GateOptions())
    for force in (None, "please"):
        error = refusal((based, REFUSES_DRIFT), options=GateOptions(force=force))
        assert "safety.onDrift is refuse" in error.message
        assert error.hint == ""


def test_drift_that_nobody_can_tell_is_refused() -> None:
    assert "give --base REF" in refusal((plan(update(None)), REFUSES_DRIFT)).message
    check_gate([(plan(create(None)), REFUSES_DRIFT)], GateOptions())  # nothing live is overwritten
    check_gate([(plan(), REFUSES_DRIFT)], GateOptions())


def test_all_reasons_of_all_tenants_are_told() -> None:
    limited = plan(update(Origin.CONFLICT))._replace(safety=(LIMIT,))
    other = limited._replace(tenant="bolt", safety=())

    message = refusal((limited, SETTINGS), (other, SETTINGS)).message

    assert message.count("tenant acme: ") == 2
    assert message.count("tenant bolt: ") == 1


def test_many_names_are_counted() -> None:
    changes = [update(Origin.CONFLICT, f"S{number}") for number in range(8)]

    assert "'S4' of CAM_A and 3 more" in refusal((plan(*changes), SETTINGS)).message


class TestDigests:
    """--expect-digest, by tenant name; the empty name stands for the only tenant."""

    ACME = plan()._replace(digest="sha256:a")
    BOLT = plan()._replace(tenant="bolt", digest="sha256:b")

    def check(self, expected: dict[str, str], *plans: Plan) -> None:
        check_gate([(saved, SETTINGS) for saved in plans], GateOptions(expected=expected))

    def test_equal_ones_pass(self) -> None:
        self.check({"": "sha256:a"}, self.ACME)
        self.check({"acme": "sha256:a"}, self.ACME)
        self.check({"acme": "sha256:a", "bolt": "sha256:b"}, self.ACME, self.BOLT)

    @pytest.mark.parametrize(
        "expected",
        [
            {},
            {"": ""},
            {"": "sha256:b"},
            {"": "SHA256:A"},
            {"acme": ""},
            {"bolt": "sha256:a"},
            {"": "sha256:a", "acme": "sha256:a"},
            {"acme": "sha256:a", "bolt": "sha256:b"},
        ],
        ids=str,
    )
    def test_others_of_one_tenant_do_not(self, expected: dict[str, str]) -> None:
        with pytest.raises(RefusedError, match="nothing was written"):
            self.check(expected, self.ACME)

    @pytest.mark.parametrize(
        "expected",
        [
            {},
            {"": "sha256:a"},
            {"acme": "sha256:a"},
            {"acme": "sha256:b", "bolt": "sha256:a"},
            {"acme": "sha256:a", "": "sha256:b"},
            {"acme": "sha256:a", "bolt": "sha256:b", "third": "sha256:c"},
        ],
        ids=str,
    )
    def test_others_of_several_do_not(self, expected: dict[str, str]) -> None:
        with pytest.raises(RefusedError, match="nothing was written"):
            self.check(expected, self.ACME, self.BOLT)

    def test_a_plan_without_a_digest_equals_none(self) -> None:
        for digest in ("", "null", "None"):
            with pytest.raises(RefusedError):
                self.check({"": digest}, self.ACME._replace(digest=None))

    def test_they_are_checked_first_and_force_does_not_lift_them(self) -> None:
        limited = self.ACME._replace(safety=(LIMIT,))

        with pytest.raises(RefusedError):
            check_gate([(limited, SETTINGS)], GateOptions(force="x", expected={"": "sha256:b"}))


def test_only_unread_campaigns_may_be_left_out() -> None:
    codes = ("campaign-unreadable", "agents-unreadable", "campaign-not-found", "schema")
    errors = tuple(Finding(Severity.ERROR, code, "wrong") for code in codes)
    warning = Finding(Severity.WARNING, "not-active", "look")
    found = plan()._replace(findings=(*errors, warning))

    assert blocking_findings(found, keep_going=False) == errors
    assert blocking_findings(found, keep_going=True) == errors[1:]


class TestLive:
    """A saved plan holds for exactly what it saw."""

    CONTENT = canonical.content(
        "Weekday",
        "America/New_York",
        schedule("CAM_A", "S1", "Weekday")["scheduleDetails"],
        (),
        schedule("CAM_A", "S1", "Weekday")["complianceRules"],
    )
    SEEN = LiveSchedule("CAM_A", "S1", CONTENT, "ACTIVE", ((("owner",), "anna"), (("version",), 3)))
    SETTINGS = SETTINGS._replace(preserved=(("owner",),))
    UPDATE = Change(
        Action.UPDATE,
        "CAM_A",
        "S1",
        "Weekday",
        REQUEST,
        (),
        {},
        put_body.fingerprint(SEEN, (), (("owner",),)),
    )
    CREATE = Change(Action.CREATE, "CAM_A", "S2", "New", REQUEST)

    NEW = SEEN._replace(schedule_id="S9", content={**CONTENT, "name": "Beside"})

    def check(self, *now: LiveSchedule, create: Change = CREATE) -> None:
        """Hold a plan that saw SEEN alone against what is live now."""
        seen = CampaignLive("CAM_A", (self.SEEN,))
        touched = Touched("CAM_A", put_body.campaign_fingerprint(seen, (), (("owner",),)))
        saved = plan(self.UPDATE, create)._replace(touched=(touched,))
        check_unmoved(saved, self.SETTINGS, [CampaignLive("CAM_A", now)])

    def test_what_it_saw_passes(self) -> None:
        self.check(self.SEEN._replace(status="PAUSED", extras=((("owner",), "anna"), (("version",), 4))))

    @pytest.mark.parametrize(
        "now",
        [
            (),
            (SEEN._replace(content={**CONTENT, "timezone": "America/Chicago"}),),
            (SEEN._replace(extras=((("owner",), "ben"),)),),
            (SEEN, SEEN._replace(schedule_id="S2")),
        ],
        ids=["gone", "edited", "handed over", "created"],
    )
    def test_anything_else_does_not(self, now: tuple[LiveSchedule, ...]) -> None:
        with pytest.raises(RefusedError, match=r"no longer what the plan saw, in '(Weekday|New)' of CAM_A$"):
            self.check(*now)

    def test_nor_does_a_schedule_beside_those_that_it_writes(self) -> None:
        with pytest.raises(RefusedError, match="in CAM_A, a schedule that the plan leaves alone"):
            self.check(self.SEEN, self.NEW)

    def test_nor_one_of_a_name_that_is_to_be_created(self) -> None:
        named = self.CREATE._replace(name="Beside", schedule_id=canonical.derived_id("CAM_A", "Beside"))
        with pytest.raises(RefusedError, match="in 'Beside' of CAM_A, a name that schedule S9 has by now"):
            self.check(self.SEEN, self.NEW, create=named)
