"""The only writers of links that work once: set-up of an office, invitations, forgotten passwords."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import emit, record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.responsibility.actions.passwords import give_password, others_account
from xiuhua.responsibility.actions.people import add_user
from xiuhua.responsibility.models import AccountLink, User
from xiuhua.responsibility.queries.accounts import bound_to, link_opened, no_accounts, token_of
from xiuhua.responsibility.words import LinkKind, Role

#: How long each kind of link works: ASVS 6.4.1, 6.4.3.
LASTS = {
    LinkKind.SET_UP: timedelta(days=1),
    LinkKind.INVITE: timedelta(days=7),
    LinkKind.RESET: timedelta(minutes=30),
}


#: Length of an e-mail address in the database (RFC 5321).
EMAIL_LENGTH = 254


class LinkDead(Refusal):
    """The link is wrong, used, late, or about a password that has changed since."""

    code = "account.link_dead"
    sentence = _("这个链接用过了或已过期，请再要一个。")


class AccountsThere(Refusal):
    """The office has accounts: it is set up already."""

    code = "account.there"
    sentence = _("单位已有账号，不能再做首次设置。")


class EmailMalformed(Refusal):
    """The text is no e-mail address."""

    code = "user.email_malformed"
    sentence = _("“%(email)s”不是邮箱地址。")


def open_set_up(tenant: Tenant, *, by: Actor, at: datetime) -> str:
    """Make the link with which an office without accounts is set up; return its token. All of them are void once there is an account. Raises AccountsThere."""
    with transaction.atomic():
        if not no_accounts(tenant):
            raise AccountsThere
        link = _made(LinkKind.SET_UP, tenant, None, at)
        record("account.set_up_link", about=f"tenant:{tenant.code}", by=by, at=at, tenant=tenant)
    return token_of(link)


def set_up(token: str, username: str, password: str, *, name: str, at: datetime) -> User:
    """Create an office's first account, with a post in the whole office, and return it. Raises LinkDead, UserMalformed, UserExists, PasswordWeak."""
    with transaction.atomic():
        link = _used(LinkKind.SET_UP, token, at)
        if link.tenant is None:
            raise LinkDead
        by = Actor(f"user:{username}")
        return add_user(username, password, name=name, tenant=link.tenant, by=by, at=at, role=Role.STAFF)


def invite(
    tenant: Tenant, username: str, *, name: str, by: Actor, at: datetime, email: str = "", role: Role | None = None
) -> tuple[User, str]:
    """Create an account without a password and return it with the token by which its owner sets one, within seven days.

    With `role` it gets a post in the whole office. An e-mail address gets the link as well. Raises UserMalformed, UserExists, EmailMalformed.
    """
    address = checked_email(email)
    with transaction.atomic():
        user = add_user(username, None, name=name, tenant=tenant, by=by, at=at, role=role, email=address)
        link = _made(LinkKind.INVITE, tenant, user, at)
        facts = {"mailed": bool(address)}
        record("account.invite", about=f"user:{user.username}", by=by, at=at, tenant=tenant, facts=facts)
        if address:
            emit("account.invite", tenant=tenant, about=f"user:{user.username}", at=at, facts={"link": link.pk})
    return user, token_of(link)


def invite_again(tenant: Tenant, username: str, *, by: Actor, at: datetime) -> str:
    """Return the token of a new invitation for somebody who has no password yet; earlier ones are void.

    Raises UserUnknown, OwnAccount, AccountsThere.
    """
    with transaction.atomic():
        user = others_account(tenant, username, by)
        if user.has_usable_password():
            raise AccountsThere
        AccountLink.objects.filter(user=user, kind=LinkKind.INVITE, used_at=None).update(used_at=at)
        link = _made(LinkKind.INVITE, tenant, user, at)
        record("account.invite", about=f"user:{user.username}", by=by, at=at, tenant=tenant, facts={"mailed": False})
    return token_of(link)


def accept(token: str, password: str, *, at: datetime) -> User:
    """Give an invited account its first password and return it. Raises LinkDead, PasswordWeak."""
    return _with_password(LinkKind.INVITE, token, password, "account.accept", at)


def ask_reset(username: str, *, at: datetime) -> None:
    """Write a reset link for an account and have it sent to its e-mail address.

    For a name nobody has, an account switched off or one without an address the same statements write a link that
    opens nothing, so that neither the answer nor its time says which it was.
    """
    with transaction.atomic():
        found = User.objects.filter(username=username.strip(), is_active=True).exclude(email="")
        user = found.select_related("tenant").first()
        tenant = Tenant.objects.order_by("pk").first()
        tenant = user.tenant if user else tenant
        if tenant is None:
            return
        link = _made(LinkKind.RESET, tenant, user, at)
        about = f"user:{user.username}" if user else f"link:{link.pk}"
        record("account.forgot", about=about, by=Actor("visitor"), at=at, tenant=user.tenant if user else None)
        emit("account.reset", tenant=tenant, about=about, at=at, facts={"link": link.pk})


def reset_link(tenant: Tenant, username: str, *, by: Actor, at: datetime) -> str:
    """Return the token of a reset link that an administrator hands over himself. Raises UserUnknown, OwnAccount."""
    with transaction.atomic():
        user = others_account(tenant, username, by)
        link = _made(LinkKind.RESET, tenant, user, at)
        record("account.reset_link", about=f"user:{user.username}", by=by, at=at, tenant=tenant)
    return token_of(link)


def reset(token: str, password: str, *, at: datetime) -> User:
    """Give an account a new password by a reset link and return it; its sessions end, its second factor stays. Raises LinkDead, PasswordWeak."""
    return _with_password(LinkKind.RESET, token, password, "account.reset", at)


def _with_password(kind: LinkKind, token: str, password: str, verb: str, at: datetime) -> User:
    with transaction.atomic():
        user = _used(kind, token, at).user
        if user is None:
            raise LinkDead
        give_password(user, password, at=at)
        by = Actor(f"user:{user.username}", user=user.pk)
        record(verb, about=f"user:{user.username}", by=by, at=at, tenant=user.tenant)
    return user


def _used(kind: LinkKind, token: str, at: datetime) -> AccountLink:
    """Use a link up and return it; of two uses at the same moment one wins. Raises LinkDead."""
    link = link_opened(kind, token, at)
    if link is None or not AccountLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
        raise LinkDead
    return link


def _made(kind: LinkKind, tenant: Tenant, user: User | None, at: datetime) -> AccountLink:
    return AccountLink.objects.create(
        kind=kind,
        tenant=tenant,
        user=user,
        nonce=secrets.token_urlsafe(24),
        bound=bound_to(user)[0] if user else "",
        made_at=at,
        until=at + LASTS[kind],
    )


def checked_email(email: str) -> str:
    """Return an e-mail address trimmed, "" for none. Raises EmailMalformed."""
    given = email.strip()
    if given:
        try:
            validate_email(given)
        except ValidationError as error:
            raise EmailMalformed(email=given[:60]) from error
        if len(given) > EMAIL_LENGTH:
            raise EmailMalformed(email=given[:60])
    return given
