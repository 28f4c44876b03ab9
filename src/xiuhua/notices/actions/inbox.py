"""The only writers of what people read and wish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from xiuhua.kernel.actions import record
from xiuhua.kernel.queries import personal_digest
from xiuhua.kernel.words import Actor
from xiuhua.notices.actions.channels import AddressMalformed
from xiuhua.notices.models import Notice, Preference
from xiuhua.notices.words import MailWish
from xiuhua.responsibility.models import User


def mark_read(user: User, at: datetime, keys: Sequence[int] | None = None) -> int:
    """Mark some of a person's notices as read, all if none are named; returns how many were not before."""
    unread = Notice.objects.filter(user=user, read_at=None)
    return unread.update(read_at=at) if keys is None else unread.filter(pk__in=keys).update(read_at=at)


def wish(user: User, *, email: str, mail: MailWish, language: str, by: Actor, at: datetime) -> Preference:
    """Write down how a person wants to hear; without an address no mail is wanted. Raises AddressMalformed."""
    if email or mail != MailWish.OFF:
        try:
            validate_email(email)
        except ValidationError as error:
            raise AddressMalformed from error
    chosen = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with transaction.atomic():
        made, _created = Preference.objects.update_or_create(
            user=user, defaults={"email": email, "mail": mail, "language": chosen}
        )
        facts = {"mail": str(mail), "language": chosen, "email": personal_digest(email) if email else ""}
        about = f"user:{user.username}"
        record("notice.wish", about=about, by=by, at=at, tenant=user.tenant, facts=facts)
    return made
