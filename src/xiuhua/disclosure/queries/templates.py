"""How an office's bulletins are begun and approved: a pack of one file that its setting `bulletins` names."""

from __future__ import annotations

import tomllib

from xiuhua.disclosure.bulletin import Template
from xiuhua.disclosure.queries.chosen import chosen_text
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
    name, text = chosen_text(
        tenant, "bulletins", DEFAULT, template_faults, unknown=TemplateUnknown, faulty=TemplateFaulty
    )
    return read_template(tomllib.loads(text), digest({name: text}))
