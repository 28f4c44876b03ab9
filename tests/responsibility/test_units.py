"""Units and accounts from people's tables: whole or not at all, observed units confirmed, no password anywhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from xiuhua.kernel.actions import create_tenant, install_pack
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import read_pack
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import (
    PasswordWeak,
    UnitsRefused,
    UsersRefused,
    UserUnknown,
    create_user,
    import_units,
    import_users,
    observe_bodies,
    set_password,
)
from xiuhua.responsibility.models import Body, User
from xiuhua.responsibility.queries import bodies_of, unit_template
from xiuhua.responsibility.words import UnitReport, UserReport
from xiuhua.territory.actions import observe_territories

KINDS = Path(django_settings.PACKS, "units/cn-kinds/1")


@pytest.fixture
def office(street: Tenant, ana: Actor, at: datetime) -> Tenant:
    """An office with one community and the kinds of units installed."""
    observe_territories(street, "community", ["东河社区"])
    install_pack(street, read_pack(KINDS), by=ana, at=at)
    return street


def _units(office: Tenant, ana: Actor, at: datetime, *rows: str, dry_run: bool = False) -> UnitReport:
    data = "\n".join(["编码,名称,类别,所属社区,别名", *rows]).encode()
    return import_units(office, data, by=ana, at=at, dry_run=dry_run)


def _users(office: Tenant, ana: Actor, at: datetime, *rows: str, dry_run: bool = False) -> UserReport:
    data = "\n".join(["账号,姓名,角色,单位", *rows]).encode()
    return import_users(office, data, by=ana, at=at, dry_run=dry_run)


def test_units_when_new_then_as_the_rows_say(office: Tenant, ana: Actor, at: datetime) -> None:
    report = _units(office, ana, at, "U1,东河居委会,社区,东河社区,东河居委", "U2,环卫所,sanitation,,", "示例U3,甲,,,")
    assert (report.created, report.updated, report.examples) == (2, 0, 1)
    said = [(b.code, b.name, b.kind, b.territory.code if b.territory else None, b.aliases) for b in bodies_of(office)]
    assert said == [
        ("U1", "东河居委会", "community", "community-01", ["东河居委"]),
        ("U2", "环卫所", "sanitation", None, []),
    ]


def test_units_when_brought_again_then_nothing_changes(office: Tenant, ana: Actor, at: datetime) -> None:
    _units(office, ana, at, "U1,甲,,,", "U2,乙,,,")
    lines = LedgerLine.objects.count()
    assert _units(office, ana, at, "U1,甲,,,", "U2,乙,,,").unchanged == 2
    assert _units(office, ana, at, "U1,甲,,,").absent == ("U2",)
    assert LedgerLine.objects.count() == lines


def test_unit_when_it_was_observed_then_confirmed_under_the_files_code(
    office: Tenant, ana: Actor, at: datetime
) -> None:
    seen = observe_bodies(office, ["环卫所", "路灯站"])
    report = _units(office, ana, at, "U1,环卫所,,,所里")
    assert (report.created, report.updated, report.confirmed, report.absent) == (0, 1, 1, ("路灯站",))
    kept = Body.objects.get(pk=seen["环卫所"].pk)
    assert (kept.code, kept.confirmed) == ("U1", True)


def test_body_when_a_case_names_its_alias_then_it_is_that_unit(office: Tenant, ana: Actor, at: datetime) -> None:
    _units(office, ana, at, "U1,环卫所,,,所里;共名", "U2,河道队,,,共名")
    found = observe_bodies(office, ["所里", "环卫所", "共名"])
    assert {name: (body.code, body.confirmed) for name, body in found.items()} == {
        "所里": ("U1", True),
        "环卫所": ("U1", True),
        "共名": ("共名", False),
    }


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (["U1,甲,,,", "U1,乙,,,"], [("unit.code_repeated", 3, "编码")]),
        (["U1,甲,,,", "U2,甲,,,"], [("unit.name_repeated", 3, "名称")]),
        (["U1,甲,茶馆,,"], [("unit.kind_unknown", 2, "类别")]),
        (["U1,甲,,南社区,"], [("unit.territory_unknown", 2, "所属社区")]),
        (["U2,旧队,,,"], [("unit.name_taken", 2, "名称")]),
        ([",甲,,,"], [("form.cell_missing", 2, "编码")]),
    ],
)
def test_units_when_something_is_wrong_then_refused_and_nothing_is_kept(
    office: Tenant, ana: Actor, at: datetime, rows: list[str], faults: list[tuple[str, int, str]]
) -> None:
    _units(office, ana, at, "U9,旧队,,,")
    with pytest.raises(UnitsRefused) as refused:
        _units(office, ana, at, *rows)
    assert [(one.code, one.row, one.column) for one in refused.value.faults] == faults
    assert [body.code for body in bodies_of(office)] == ["U9"]


def test_units_when_exported_then_the_table_brings_the_same(office: Tenant, ana: Actor, at: datetime) -> None:
    _units(office, ana, at, "U1,东河居委会,社区,东河社区,东河居委", "U2,环卫所,sanitation,,")
    again = import_units(office, unit_template(office, bodies_of(office)), by=ana, at=at)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)


def test_units_when_dry_run_then_nothing_is_written(office: Tenant, ana: Actor, at: datetime) -> None:
    assert (_units(office, ana, at, "U1,甲,,,", dry_run=True).created, Body.objects.count()) == (1, 0)


def test_users_when_new_then_no_password_opens_them_until_one_is_set(office: Tenant, ana: Actor, at: datetime) -> None:
    _units(office, ana, at, "U1,环卫所,,,所里")
    report = _users(office, ana, at, "li,李,综合岗,所里", "wu,吴,,")
    assert (report.created, report.existing) == (2, 0)
    li = User.objects.get(username="li")
    assert (li.name, li.posts.get().role, li.body and li.body.code, li.has_usable_password()) == (
        "李",
        "staff",
        "U1",
        False,
    )
    set_password(office, "li", "quiet-canal-77", by=ana, at=at)
    assert User.objects.get(username="li").check_password("quiet-canal-77")
    assert [line.verb for line in LedgerLine.objects.filter(about="user:li").order_by("pk")] == [
        "user.create",
        "user.password",
    ]
    assert "quiet-canal-77" not in str(list(LedgerLine.objects.values()))


def test_users_when_they_exist_then_they_stay_as_they_are(office: Tenant, ana: Actor, at: datetime) -> None:
    create_user("li", "quiet-canal-78", name="老李", tenant=office, by=ana, at=at)
    report = _users(office, ana, at, "li,新名,,", "wu,吴,,")
    li = User.objects.get(username="li")
    assert (report.created, report.existing, li.name) == (1, 1, "老李")
    assert li.check_password("quiet-canal-78")


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("l i,李,,", "user.name_malformed", "账号"),
        ("eli,伊,,", "user.elsewhere", "账号"),
        ("li,李,皇帝,", "user.role_unknown", "角色"),
        ("li,李,,没有的单位", "user.unit_unknown", "单位"),
        (",李,,", "form.cell_missing", "账号"),
        ("ok,好,,", "user.repeated", "账号"),
    ],
)
def test_users_when_something_is_wrong_then_none_is_created(
    office: Tenant, ana: Actor, at: datetime, row: str, code: str, column: str
) -> None:
    other = create_tenant("other", "别处", by=ana, at=at)
    create_user("eli", "quiet-canal-79", name="", tenant=other, by=ana, at=at)
    with pytest.raises(UsersRefused) as refused:
        _users(office, ana, at, "ok,好,,", row)
    assert [(one.code, one.row, one.column) for one in refused.value.faults] == [(code, 3, column)]
    assert User.objects.count() == 1


def test_password_when_weak_or_of_nobody_then_refused(office: Tenant, ana: Actor, at: datetime) -> None:
    _users(office, ana, at, "li,李,,")
    with pytest.raises(PasswordWeak):
        set_password(office, "li", "short", by=ana, at=at)
    with pytest.raises(UserUnknown):
        set_password(office, "nobody", "quiet-canal-77", by=ana, at=at)
    assert not User.objects.get(username="li").has_usable_password()
