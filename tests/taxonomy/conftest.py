"""Standards made up for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from xiuhua.kernel.actions import install_pack
from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.kernel.rules.packs import pack_of
from xiuhua.kernel.words import Actor, PackContent

HEADER = """schema = 1
kind = "taxonomy"
code = "{code}"
version = "{version}"
title = {{ zh = "试", en = "Trial" }}
effective_from = {day}

[provenance]
source = "made up for this test"
"""
CLASSES = """kind,code,name,parent
event,01,市容环境,
event,0101,暴露垃圾,01
event,0102,道路不洁,01
component,01,公用设施,
component,0101,井盖,01
"""
CONDITIONS = """kind,code,number,text,limit,limit_text,closing,thresholds,basis,remedy,default
event,0101,1,少量,4工作时,,清走,,,清运,1
event,0101,2,堵住通道,2紧急工作时,,清走,,,先清通道,
event,0102,1,有尘土,2工作时,,扫净,,,机扫,
component,0101,1,缺失,2紧急工作时,,补上,,,围挡,
component,0101,2,松动,2工作日,,加固,,,垫圈,
"""


def trial(
    *,
    code: str = "trial",
    version: str = "1",
    day: str = "2026-01-01",
    classes: str = CLASSES,
    conditions: str = CONDITIONS,
    scheme: str = 'kind = "local"\n',
    **files: str,
) -> PackContent:
    """Return a pack; further files by their name with "_" for "."."""
    texts = {
        "pack.toml": HEADER.format(code=code, version=version, day=day),
        "scheme.toml": scheme,
        "classes.csv": classes,
        "conditions.csv": conditions,
    }
    pack, faults = pack_of(texts | {name.replace("_", "."): text for name, text in files.items()})
    assert pack is not None, faults
    return pack


Install = Callable[..., InstalledPack]


@pytest.fixture
def install(street: Tenant, ana: Actor, at: datetime) -> Install:
    """Install a trial pack in the street, or in the office `at_office`."""

    def installed(at_office: Tenant | None = None, **given: str) -> InstalledPack:
        return install_pack(at_office or street, trial(**given), by=ana, at=at)

    return installed
