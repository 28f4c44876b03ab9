"""The labels of an office's documents: a pack of one file (`packs/documents`) that its setting `documents` names."""

from __future__ import annotations

import tomllib

from xiuhua.disclosure.queries.chosen import chosen_text
from xiuhua.disclosure.rules.labels import labels_faults, read_labels
from xiuhua.disclosure.words import Labels
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules.digests import digest
from xiuhua.kernel.words import Refusal, marked

DEFAULT = "basic"


class LabelsUnknown(Refusal):
    """The office's settings name labels that no pack holds."""

    code = "documents.unknown"
    sentence = marked("找不到公文要素包“%(pack)s”；现有：%(known)s。")


class LabelsFaulty(Refusal):
    """A pack of labels does not follow its schema."""

    code = "documents.faulty"
    sentence = marked("公文要素包“%(pack)s”有 %(count)s 处不合格式。")


def labels_of(tenant: Tenant) -> Labels:
    """Return the labels that the office's setting `documents` names, else the general ones.

    Raises LabelsUnknown, LabelsFaulty with every fault. No query.
    """
    name, text = chosen_text(tenant, "documents", DEFAULT, labels_faults, unknown=LabelsUnknown, faulty=LabelsFaulty)
    return read_labels(tomllib.loads(text), digest({name: text}))
