"""The sentence of every fault of a labelled set."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from xiuhua.kernel.phrases import sentences

sentences({"privacy.label_unread": _("这一行不是标注好的句子。")})
