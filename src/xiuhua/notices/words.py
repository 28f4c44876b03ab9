"""Words of notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChannelKind(TextChoices):
    """Where an office sends what happened, beside the inboxes of its people."""

    ROBOT = "robot", _("群机器人")
    WEBHOOK = "webhook", _("签名回调")
    EMAIL = "email", _("公用信箱")


class MailWish(TextChoices):
    """Whether a person wants notices by e-mail too."""

    OFF = "off", _("不发邮件")
    EACH = "each", _("每条都发")
    DAILY = "daily", _("每天汇总一封")


class Audience(TextChoices):
    """Who hears of an event, as seen from its case or bulletin."""

    UNIT = "unit", _("责任单位")
    UNIT_BEFORE = "unit_before", _("原责任单位")
    PERSON = "person", _("责任人")
    INSPECTORS = "inspectors", _("监督员")
    CLERKS = "clerks", _("受理员")
    DISPATCHERS = "dispatchers", _("派遣员")
    VERIFIERS = "verifiers", _("核查员")
    SUPERVISORS = "supervisors", _("督查员")
    APPROVERS = "approvers", _("轮到审的人")
    ISSUERS = "issuers", _("发文的人")
    AUTHORS = "authors", _("起草的人")
    TOOK_PART = "took_part", _("经手的人")


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as notices tell it: no names, phones or texts of people – a robot's group is not the office.

    `due` is an ISO moment or empty; `link` a path of this site.
    """

    key: str
    name: str
    at: datetime
    number: str
    kind: str = ""
    place: str = ""
    unit: str = ""
    due: str = ""
    link: str = ""

    def facts(self) -> dict[str, Any]:
        """Return what is kept with a notice, as JSON values."""
        return {name: getattr(self, name) for name in ("number", "kind", "place", "unit", "due", "link")}
