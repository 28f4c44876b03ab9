"""An official document with every element, and with as few as may be."""

from __future__ import annotations

from xiuhua.disclosure.official.words import Attachment, Imprint, Layer, Official, Paragraph, Table

TABLE = Table(
    head=("名次", "单位", "得分"),
    rows=tuple((str(place), f"第{place}社区", "97.33") for place in range(1, 61)),
    widths=(1, 3, 2),
    notes=("总分四舍五入到 2 位小数。",),
    left=frozenset({1}),
)
BODY = (
    Paragraph("根据《考核办法》，现将10月份考核情况通报如下。"),
    Paragraph("一、考核排名", Layer.ONE),
    Paragraph("（一）总体情况", Layer.TWO),
    Paragraph("1.按期结案", Layer.THREE),
    Paragraph("（1）按期结案率", Layer.FOUR),
    *[Paragraph("一是桂花社区“暴露垃圾”超期未结5件，占全街道的五分之一，须逐件办结并反馈。")] * 12,
)


def paper(**more: object) -> Official:
    """Return a document; `more` replaces elements."""
    given: dict[str, object] = {
        "mark": "星河街道办事处文件",
        "number": "演街发〔2026〕31号",
        "title": ("关于10月份城市精细化管理", "考核情况的通报"),
        "addressee": "各社区，各有关单位",
        "body": BODY,
        "attachments": (Attachment("考核成绩表", (TABLE,), landscape=True), Attachment("任务清单", (TABLE,))),
        "issuer": "星河街道办事处",
        "date": "2026年11月2日",
        "sealed": True,
        "note": "此件公开发布",
        "imprint": Imprint("演示用抄送单位", "星河街道办事处办公室", "2026年11月2日"),
        "made": "2026-11-02T01:00:00+00:00",
        "copy_number": "000001",
        **more,
    }
    return Official(**given)  # type: ignore[arg-type]
