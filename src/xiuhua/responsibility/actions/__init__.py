"""The only writers of people and bodies."""

from __future__ import annotations

from xiuhua.responsibility.actions.accounts import UsersRefused, UserUnknown, import_users, set_password
from xiuhua.responsibility.actions.people import PasswordWeak, UserExists, create_user, observe_bodies
from xiuhua.responsibility.actions.units import UnitsRefused, import_units

__all__ = [
    "PasswordWeak",
    "UnitsRefused",
    "UserExists",
    "UserUnknown",
    "UsersRefused",
    "create_user",
    "import_units",
    "import_users",
    "observe_bodies",
    "set_password",
]
