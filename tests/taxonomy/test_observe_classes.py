"""Classes seen in an import."""

from __future__ import annotations

from xiuhua.kernel.models import Tenant
from xiuhua.taxonomy.actions import observe_classes
from xiuhua.taxonomy.models import CaseClass


def test_classes_when_a_name_holds_a_stroke_then_it_is_not_taken_for_a_sub_class(street: Tenant) -> None:
    found = observe_classes(street, "platform", [("A/B", ""), ("A", "B"), ("A", "")])
    assert found["A/B", ""].parent is None
    assert found["A", "B"].parent == found["A", ""]
    assert CaseClass.objects.filter(tenant=street).count() == 3


def test_classes_when_seen_again_then_they_are_the_same(street: Tenant) -> None:
    first = observe_classes(street, "platform", [("市容环境", "暴露垃圾")])
    assert observe_classes(street, "platform", [("市容环境", "暴露垃圾")]) == first
    assert not first["市容环境", "暴露垃圾"].confirmed
