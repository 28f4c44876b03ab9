"""The sentence of every warning about a photo. Warnings are no verdicts: they say what is odd, people decide."""

from __future__ import annotations

from xiuhua.kernel.phrases import sentences
from xiuhua.kernel.words import marked as _

sentences(
    {
        "photo.copied": _("同一张照片也用在案件 %(case)s 里；请核对是不是同一处。"),
        "photo.alike": _("与案件 %(case)s 的一张照片很像（哈希 %(percent)s%% 相同）；请对比两张照片。"),
        "photo.future": _("照片自称拍于 %(taken)s，晚于服务器收到它的 %(received)s；设备的时钟可能不准。"),
        "photo.clock": _("照片自称拍于 %(taken)s，比服务器收到它（%(received)s）早 %(minutes)s 分钟；拍摄时间未校验。"),
        "photo.before_report": _("照片自称拍于 %(taken)s，早于案件上报的 %(reported)s；请确认是不是这次处置后拍的。"),
        "photo.far": _("照片自带的位置离案件 %(metres)s 米（容许 %(limit)s 米）；请核对拍摄地点。"),
        "photo.speed": _("与同一人的另一张照片相距 %(metres)s 米，只隔 %(seconds)s 秒；请核对时间和位置。"),
    }
)
