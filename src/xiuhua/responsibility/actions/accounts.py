"""The import of a table of accounts. No password is ever read from a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Fault, Refusal
from xiuhua.responsibility.actions.people import USERNAME
from xiuhua.responsibility.models import Body, Post, User
from xiuhua.responsibility.queries.units import bodies_of, form
from xiuhua.responsibility.rules.roles import SCOPED
from xiuhua.responsibility.words import Role, UserReport
from xiuhua.tables.reading.filled import read_filled
from xiuhua.tables.words import Filled, FormRow
from xiuhua.territory.queries import CodeBook, NameBook
from xiuhua.territory.rules.names import fold


class UsersRefused(Refusal):
    """Something in the file is wrong, so no account was created; `faults` says what and where."""

    code = "user.refused"
    sentence = _("文件有 %(count)s 处毛病，一个账号也没有新建。")


def import_users(tenant: Tenant, data: bytes, *, by: Actor, at: datetime, dry_run: bool = False) -> UserReport:
    """Create accounts from a table (CSV, XLSX) in one transaction with a ledger line for each; return the counts.

    New accounts cannot sign in until `set_password` gives them one. Accounts that exist are left as they are.
    `dry_run` does everything and rolls it back. Raises UsersRefused with all faults, and the refusals of tables.words.
    """
    file, faults = read_filled(data, form("user"))
    with transaction.atomic():
        users, existing, wrong = _Reader(tenant, file).users()
        faults += wrong
        if faults:
            raise UsersRefused(sorted(faults, key=lambda fault: fault.row or 0), count=len(faults))
        for user, post in users:
            user.set_unusable_password()
            user.save(force_insert=True)
            post.user = user
            post.save(force_insert=True)
            facts = {
                "role": post.role,
                "unit": post.body.code if post.body else None,
                "territory": post.territory_id,
                "file": file.digest,
            }
            record("user.create", about=f"user:{user.username}", by=by, at=at, tenant=tenant, facts=facts)
        if dry_run:
            transaction.set_rollback(True)
    return UserReport(len(users), existing, file.examples, file.ignored, dry_run)


class _Reader:
    """Reads rows against what there is: accounts, units, roles."""

    def __init__(self, tenant: Tenant, file: Filled) -> None:
        self._tenant, self._file = tenant, file
        names = [row["username"] for row in file.rows]
        self._known = dict(User.objects.filter(username__in=names).values_list("username", "tenant_id"))
        self._codes, self._names = CodeBook.load(tenant), NameBook.load(tenant)
        self._units: defaultdict[str, dict[int, Body]] = defaultdict(dict)
        for body in bodies_of(tenant):
            for name in (body.code, body.name, *body.aliases):
                self._units[fold(name)][body.pk] = body
        self._roles = {fold(text): str(value) for value, label in Role.choices for text in (str(value), str(label))}

    def users(self) -> tuple[list[tuple[User, Post]], int, list[Fault]]:
        """Return the accounts to create, each with its post, how many exist, and every fault of the rows."""
        faults: list[Fault] = [fault for row in self._file.rows for fault in self._faults(row)]
        first: dict[str, int] = {}
        for row in self._file.rows:
            username = row["username"]
            if username and first.setdefault(username, row.row) != row.row:
                faults.append(self._fault(row, "username", "user.repeated", username=username, first=first[username]))
        new = [row for row in self._file.rows if row["username"] not in self._known]
        return [] if faults else [self._user(row) for row in new], len(self._file.rows) - len(new), faults

    def _user(self, row: FormRow) -> tuple[User, Post]:
        body = next(iter(self._units[fold(row["unit"])].values())) if row["unit"] else None
        return User(username=row["username"], name=row["name"], tenant=self._tenant, body=body), Post(
            role=self._role(row), body=body, territory_id=self._territory(row)
        )

    def _role(self, row: FormRow) -> str:
        return self._roles.get(fold(row["role"]), "") if row["role"] else str(Role.STAFF)

    def _territory(self, row: FormRow) -> int | None:
        text = row["territory"]
        return (self._codes.find(text) or self._names.match(text).territory_id) if text else None

    def _faults(self, row: FormRow) -> Iterator[Fault]:
        username = row["username"]
        if username and not USERNAME.fullmatch(username):
            yield self._fault(row, "username", "user.name_malformed", username=username)
        if username in self._known and self._known[username] != self._tenant.pk:
            yield self._fault(row, "username", "user.elsewhere", username=username)
        if row["role"] and fold(row["role"]) not in self._roles:
            listed = "、".join(str(label) for _value, label in Role.choices)
            yield self._fault(row, "role", "user.role_unknown", role=row["role"], known=listed)
        if row["unit"] and len(self._units.get(fold(row["unit"]), {})) != 1:
            yield self._fault(row, "unit", "user.unit_unknown", unit=row["unit"])
        if row["territory"] and self._territory(row) is None:
            yield self._fault(row, "territory", "user.territory_unknown", territory=row["territory"])
        role = self._role(row)
        if role in SCOPED and not (row["unit"] or row["territory"]):
            yield self._fault(row, "unit", "user.scope_missing", role=str(Role(role).label))

    def _fault(self, row: FormRow, key: str, code: str, /, **facts: str | int) -> Fault:
        return Fault(code, row=row.row, column=self._file.headings.get(key, ""), facts=dict(facts))
