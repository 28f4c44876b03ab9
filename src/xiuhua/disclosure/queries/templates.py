"""How an office's bulletins are begun and approved: a pack of one file that its setting `bulletins` names."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.conf import settings

from xiuhua.disclosure.bulletin import Template
from xiuhua.disclosure.rules.templates import read_template, template_faults
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules.digests import digest
from xiuhua.kernel.words import Refusal, marked

DEFAULT = "monthly"


class TemplateUnknown(Refusal):
    """The office's settings name a template that no pack holds."""

    code = "bulletins.unknown"
    sentence = marked("找不到通报模板“%(pack)s”；现有：%(known)s。")


class TemplateFaulty(Refusal):
    """A template does not follow its schema."""

    code = "bulletins.faulty"
    sentence = marked("通报模板“%(pack)s”有 %(count)s 处不合格式。")


def template_of(tenant: Tenant) -> Template:
    """Return the template that the office's setting `bulletins` names. Raises TemplateUnknown, TemplateFaulty. No query."""
    folder = Path(settings.PACKS) / "bulletins"
    name = str(tenant.settings.get("bulletins", DEFAULT))
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if name not in known:  # never a path: settings are data
        raise TemplateUnknown(pack=name, known="、".join(known) or "—")
    text = (folder / f"{name}.toml").read_text(encoding="utf-8")
    faults = template_faults(text)
    if faults:
        raise TemplateFaulty(faults, pack=name, count=len(faults))
    return read_template(tomllib.loads(text), digest({name: text}))
