"""What is found in a text, what is not, and what stands there instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.privacy.rules import find, mask
from xiuhua.privacy.rules.checksums import card_valid, check_sign, identity_valid, luhn_valid

MASKS = {
    "mobile": ("电话13800005678", "电话138****5678"),
    "mobile set apart": ("电话138 0000 5678", "电话138 **** 5678"),
    "with country": ("+86 13800005678。", "+86 138****5678。"),
    "landline": ("0510-82701234", "0510-****1234"),
    "landline with extension": ("010-65550003转8012", "010-****0003转****"),
    "service": ("客服电话400-000-1234打不通", "客服电话400-***-1234打不通"),
    "identity": ("身份证320299197805143028", "身份证3202**********3028"),
    "old identity": ("310199481225031", "3101*******5031"),
    "card": ("卡号6229990123456789016", "卡号6229***********9016"),
    "plate": ("苏B·6X123违停", "苏B·***23违停"),
    "e-mail": ("wang@example.com", "w***@example.com"),
    "account": ("微信号：lanhua_2020", "微信号：la****"),
    "house": ("3栋2单元501室漏水", "*栋*单元***室漏水"),
    "house in Chinese numerals": ("十二栋二单元三零一室", "**栋*单元***室"),
    "home on a road": ("家住锦绣路88号", "家住锦绣路**号"),
    "flat": ("lives in Apt 4B", "lives in Apt **"),
    "name": ("投诉人张丽华反映", "投诉人张**反映"),
    "name of two signs": ("投诉人张伟反映", "投诉人张**反映"),
    "compound surname": ("联系人：欧阳明", "联系人：欧阳**"),
    "name with title": ("市民刘女士来电", "市民刘**来电"),
    "English name": ("Caller John Smith says", "Caller J*** S*** says"),
}


@pytest.mark.parametrize(("text", "masked"), MASKS.values(), ids=list(MASKS))
def test_mask_writes_the_prescribed_form(text: str, masked: str) -> None:
    assert mask(text) == masked


CLEAR = {
    "hotline": "拨打12345或12319",
    "task number": "任务号20250716000123已派遣",
    "grid code": "单元网格320299001005003",
    "component code": "部件3202990101000123",
    "amount": "造价13800001234元",
    "coordinate in feet": "1165075.57835123, 1899886.1234",
    "coordinates": "120.30012345678,31.58001234567",
    "moment": "2025-07-16 09:15:32",
    "public address": "中山路88号门前",
    "building": "3号楼前堆物",
    "staircase": "5幢2单元门口",
    "room of an office": "居委会203室",
    "body": "联系人：城管中队",
    "sentence that goes on": "投诉人要求尽快处理",
    "body of owners": "业主委员会",
    "masked already": "张**，138****5678，3202**********1234",
}


@pytest.mark.parametrize("text", CLEAR.values(), ids=list(CLEAR))
def test_what_is_public_stays(text: str) -> None:
    assert find(text) == ()
    assert mask(text) == text


def test_find_gives_kind_and_place() -> None:
    assert [(str(one.kind), one.start, one.end) for one in find("联系人张伟，13800001234")] == [
        ("name", 3, 5),
        ("phone", 6, 17),
    ]


def test_a_number_that_is_known_to_be_the_cases_own_stays() -> None:
    number = "13800001234"
    assert mask(f"任务{number}，电话13800005678", known=(number, "")) == f"任务{number}，电话138****5678"


@given(st.text(alphabet="0123456789-+.()@ 转栋单元室号楼张伟联系人业主苏Bxapt:，*一二微信", max_size=60))
def test_law_finds_are_in_order_within_the_text_and_do_not_overlap(text: str) -> None:
    at = 0
    for one in find(text):
        assert at <= one.start < one.end <= len(text)
        at = one.end


@given(st.text(alphabet="0123456789-+ 转栋单元室号楼张伟联系人业主苏Bxapt:，*", max_size=60))
def test_law_what_is_outside_the_finds_stays_sign_for_sign(text: str) -> None:
    rest, masked, at = [], mask(text), 0
    for one in find(text):
        rest += [text[at : one.start], one.masked]
        at = one.end
    assert masked == "".join([*rest, text[at:]])


@given(st.integers(10**16, 10**17 - 1))
def test_law_one_check_sign_of_eleven_is_right(digits: int) -> None:
    sign = check_sign(str(digits))
    assert sign in "0123456789X"
    assert sum(check_sign(str(digits)) == one for one in "0123456789X") == 1


@given(st.text(alphabet="0123456789", min_size=15, max_size=18))
def test_law_one_last_digit_of_ten_passes_luhn(digits: str) -> None:
    assert sum(luhn_valid(digits + last) for last in "0123456789") == 1
    assert sum(card_valid(digits + last) for last in "0123456789") == 1


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("32029919780514302" + check_sign("32029919780514302"), True),
        ("32029919781314302" + check_sign("32029919781314302"), False),
        ("99029919780514302" + check_sign("99029919780514302"), False),
        ("320299560312123", True),
        ("320299001005003", False),
        ("3202995603121", False),
    ],
    ids=["right", "thirteenth month", "no province", "old", "grid code", "short"],
)
def test_identity_valid(text: str, valid: bool) -> None:
    assert identity_valid(text) is valid


@given(st.text(alphabet="0123456789-+ 转栋单元室号楼张伟联系人业主苏Bx@:，*", max_size=40))
def test_law_masking_twice_is_masking_once_for_numbers(text: str) -> None:
    masked = mask(text)
    assert [one for one in find(masked) if str(one.kind) in {"identity", "card"}] == []


HOSTILE = [
    "1",
    "1-",
    "1 ",
    "138 ",
    "a@",
    "@",
    "业主赵",
    "联系人:",
    "3栋",
    "一",
    "苏B",
    "apt 1, ",
    "owner A ",
    "家住",
    "微信",
    "+86 ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_long_text_that_begins_like_personal_data_everywhere_is_read_to_its_end(unit: str) -> None:
    """A reading that goes back over the text from each place would not end within the suite's patience."""
    text = (unit * 50_000)[:50_000]
    found = find(f"{text}。联系电话13800001234")
    assert found[-1].masked.endswith("1234")
