"""The only writers of people, bodies and duty matrices."""

from __future__ import annotations

from xiuhua.responsibility.actions.accounts import UsersRefused, UserUnknown, import_users, set_password
from xiuhua.responsibility.actions.duty import write_matrix
from xiuhua.responsibility.actions.people import PasswordWeak, UserExists, create_user, observe_bodies
from xiuhua.responsibility.actions.tokens import (
    NewToken,
    TokenNotYours,
    TokenRefused,
    TokenUnknown,
    make_token,
    note_use,
    revoke_token,
)
from xiuhua.responsibility.actions.units import UnitsRefused, import_units

__all__ = [
    "NewToken",
    "PasswordWeak",
    "TokenNotYours",
    "TokenRefused",
    "TokenUnknown",
    "UnitsRefused",
    "UserExists",
    "UserUnknown",
    "UsersRefused",
    "create_user",
    "import_units",
    "import_users",
    "make_token",
    "note_use",
    "observe_bodies",
    "revoke_token",
    "set_password",
    "write_matrix",
]
