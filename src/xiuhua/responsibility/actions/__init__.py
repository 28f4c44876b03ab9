"""The only writers of people, bodies and duty matrices."""

from __future__ import annotations

from xiuhua.responsibility.actions.duty import write_matrix
from xiuhua.responsibility.actions.people import PasswordWeak, UserExists, create_user, observe_bodies

__all__ = ["PasswordWeak", "UserExists", "create_user", "observe_bodies", "write_matrix"]
