"""Words of privacy: kinds of personal data, and one place in a text where some was found."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from xiuhua.kernel.words import Refusal
from xiuhua.kernel.words import marked as _


class Kind(TextChoices):
    """A kind of personal data that free text holds (docs/privacy.md)."""

    PHONE = "phone", _("电话号码")
    IDENTITY = "identity", _("身份证号")
    CARD = "card", _("银行卡号")
    PLATE = "plate", _("车牌号")
    EMAIL = "email", _("电子邮箱")
    HOUSE = "house", _("门牌户室")
    NAME = "name", _("姓名")
    ACCOUNT = "account", _("微信、QQ 号")


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data in a text: what, from which sign to which (end excluded), and what stands there once it is masked."""

    kind: Kind
    start: int
    end: int
    masked: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a labelled set: its text and (start, end, kind) of what is personal in it; none in a hard negative."""

    text: str
    labels: tuple[tuple[int, int, Kind], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many labels of a kind there are and how many of them were found whole."""

    labels: int
    found: int


@dataclass(frozen=True, slots=True)
class Quality:
    """How well the detector does on a labelled set. `stray`: finds that touch no label, over all sentences."""

    sentences: int
    negatives: int
    alarms: int
    stray: int
    kinds: dict[Kind, Tally]

    @property
    def recall(self) -> float:
        """Return the share of labels found whole, 1 where there are none."""
        labels = sum(one.labels for one in self.kinds.values())
        return sum(one.found for one in self.kinds.values()) / labels if labels else 1.0

    @property
    def false_alarm_rate(self) -> float:
        """Return the share of hard negatives in which anything was found, 0 where there are none."""
        return self.alarms / self.negatives if self.negatives else 0.0


class LabelsMalformed(Refusal):
    """A labelled set cannot be read, or holds nothing."""

    code = "privacy.labels_malformed"
    sentence = _("标注集读不出来（%(lines)s 行有误）：每行一个 JSON 对象，含 text 和 labels。")


class LabelsAbsent(Refusal):
    """No labelled set was named, and none comes with an installed program."""

    code = "privacy.labels_absent"
    sentence = _("这里没有标注集，请给出文件。标注集在源码的 tests/privacy 里。")
