"""The only writers of notices, messages, channels and wishes."""

from __future__ import annotations

from xiuhua.notices.actions.channels import (
    AddressMalformed,
    ChannelNameTaken,
    ChannelUnknown,
    EventUnknown,
    TrialFailed,
    add_channel,
    channel_named,
    remove_channel,
    switch_channel,
    try_channel,
)
from xiuhua.notices.actions.hearing import hear
from xiuhua.notices.actions.inbox import mark_read, wish
from xiuhua.notices.actions.reminding import remind_dormant, remind_due_soon, remind_overdue
from xiuhua.notices.actions.sending import mail, mail_digest, post
from xiuhua.notices.actions.weekly import hear_weekly, weekly_digests

__all__ = [
    "AddressMalformed",
    "ChannelNameTaken",
    "ChannelUnknown",
    "EventUnknown",
    "TrialFailed",
    "add_channel",
    "channel_named",
    "hear",
    "hear_weekly",
    "mail",
    "mail_digest",
    "mark_read",
    "post",
    "remind_dormant",
    "remind_due_soon",
    "remind_overdue",
    "remove_channel",
    "switch_channel",
    "try_channel",
    "weekly_digests",
    "wish",
]
