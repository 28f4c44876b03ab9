"""The only writers of people, bodies and duty matrices."""

from __future__ import annotations

from xiuhua.responsibility.actions.accounts import UsersRefused, import_users
from xiuhua.responsibility.actions.delivering import address_of, clear_accounts, deliver_link
from xiuhua.responsibility.actions.duty import write_matrix
from xiuhua.responsibility.actions.links import (
    AccountsThere,
    EmailMalformed,
    LinkDead,
    accept,
    ask_reset,
    invite,
    invite_again,
    open_set_up,
    reset,
    reset_link,
    set_up,
)
from xiuhua.responsibility.actions.passwords import (
    PasswordWeak,
    PasswordWrong,
    UserUnknown,
    change_password,
    check_current,
    check_new_password,
    set_password,
)
from xiuhua.responsibility.actions.people import UserExists, UserMalformed, create_user, observe_bodies
from xiuhua.responsibility.actions.second import (
    CodeWrong,
    SecondFactorMissing,
    SecondFactorThere,
    begin_second_factor,
    confirm_second_factor,
    drop_second_factor,
    pass_second_factor,
    renew_recovery_codes,
    secrets_of,
    take_second_factor,
)
from xiuhua.responsibility.actions.sessions import (
    clear_sessions,
    end_other_sessions,
    end_session,
    end_sessions,
    touch,
)
from xiuhua.responsibility.actions.standing import deactivate, describe, reactivate
from xiuhua.responsibility.actions.trying import (
    TooManyTries,
    Try,
    begin_try,
    fail_try,
    pass_try,
    record_sign_in,
    record_sign_out,
)
from xiuhua.responsibility.actions.units import UnitsRefused, import_units

__all__ = [
    "AccountsThere",
    "CodeWrong",
    "EmailMalformed",
    "LinkDead",
    "PasswordWeak",
    "PasswordWrong",
    "SecondFactorMissing",
    "SecondFactorThere",
    "TooManyTries",
    "Try",
    "UnitsRefused",
    "UserExists",
    "UserMalformed",
    "UserUnknown",
    "UsersRefused",
    "accept",
    "address_of",
    "ask_reset",
    "begin_second_factor",
    "begin_try",
    "change_password",
    "check_current",
    "check_new_password",
    "clear_accounts",
    "clear_sessions",
    "confirm_second_factor",
    "create_user",
    "deactivate",
    "deliver_link",
    "describe",
    "drop_second_factor",
    "end_other_sessions",
    "end_session",
    "end_sessions",
    "fail_try",
    "import_units",
    "import_users",
    "invite",
    "invite_again",
    "observe_bodies",
    "open_set_up",
    "pass_second_factor",
    "pass_try",
    "reactivate",
    "record_sign_in",
    "record_sign_out",
    "renew_recovery_codes",
    "reset",
    "reset_link",
    "secrets_of",
    "set_password",
    "set_up",
    "take_second_factor",
    "touch",
    "write_matrix",
]
