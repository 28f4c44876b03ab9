"""The only writers of people, bodies and duty matrices."""

from __future__ import annotations

from xiuhua.responsibility.actions.accounts import UsersRefused, UserUnknown, import_users, set_password
from xiuhua.responsibility.actions.duty import write_matrix
from xiuhua.responsibility.actions.leaving import Passed, pass_posts, switch_off
from xiuhua.responsibility.actions.people import PasswordWeak, UserExists, create_user, observe_bodies
from xiuhua.responsibility.actions.posts import (
    LastManager,
    NotManager,
    OwnPost,
    PostEnded,
    PostRefused,
    change_post,
    check_manager,
    deputise,
    end_post,
    give_post,
)
from xiuhua.responsibility.actions.units import UnitsRefused, import_units

__all__ = [
    "LastManager",
    "NotManager",
    "OwnPost",
    "Passed",
    "PasswordWeak",
    "PostEnded",
    "PostRefused",
    "UnitsRefused",
    "UserExists",
    "UserUnknown",
    "UsersRefused",
    "change_post",
    "check_manager",
    "create_user",
    "deputise",
    "end_post",
    "give_post",
    "import_units",
    "import_users",
    "observe_bodies",
    "pass_posts",
    "set_password",
    "switch_off",
    "write_matrix",
]
