"""An office for measurements of the living case: outlines, units, duty matrix, classes, flow; and what is stored of it.

Both run in processes of their own (cli.benchdoor): `make` opens it in the configured database; `look` reads everything
back through a connection of its own, and fails where it cannot.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ZONE = "Asia/Shanghai"
PACKS = ("holidays/cn", "calendar/demo-street", "taxonomy/demo-street", "flow/demo-street")
#: Communities along one side of the square ground.
SIDE = 5
_DUTY = """schema = 1
kind = "duty"
code = "bench"
version = "1"
title = { zh = "测量用责任矩阵（虚构）", en = "Duty matrix for measurements (made up)" }
effective_from = 2020-01-01
made_up = true
[provenance]
source = "made up: each community answers for its own ground"
"""
_COLUMNS = "tier,territory,site_type,site,class,weekdays,from,until,unit,assisting,basis"


def make() -> dict[str, Any]:
    """Open the office in an empty database; return the secret of a token that may do everything there."""
    from django.core.management import call_command

    from xiuhua.kernel.actions import create_tenant, install_pack, use_pack
    from xiuhua.kernel.queries import read_pack
    from xiuhua.kernel.words import SYSTEM
    from xiuhua.responsibility.actions.tokens import make_token
    from xiuhua.responsibility.models import Post, User
    from xiuhua.responsibility.rules.tokens import OFFERED
    from xiuhua.responsibility.words import Role

    call_command("migrate", interactive=False, verbosity=0)
    at = datetime.now(UTC)
    tenant = create_tenant("bench", "测量街道（虚构）", by=SYSTEM, at=at, zone=ZONE)
    for pack in _packs():
        install_pack(tenant, pack, by=SYSTEM, at=at)
    use_pack(tenant, "taxonomy", "demo-street", by=SYSTEM, at=at)
    _ground(tenant, at)
    with tempfile.TemporaryDirectory(prefix="xiuhua-duty-") as folder:
        rows = [f"territory,{code},,,*,,,,unit-{code},,属地（虚构）" for code in codes()]
        Path(folder, "pack.toml").write_text(_DUTY, encoding="utf-8")
        Path(folder, "matrix.csv").write_text("\n".join([_COLUMNS, *rows]) + "\n", encoding="utf-8")
        install_pack(tenant, read_pack(Path(folder)), by=SYSTEM, at=at)
    user = User.objects.create(username="bench", name="测量", tenant=tenant)
    Post.objects.create(user=user, role=Role.STAFF)
    return {"secret": make_token(user, name="bench", scopes=OFFERED, days=30, by=SYSTEM, at=at).secret}


def codes() -> list[str]:
    """Return the codes of the communities."""
    return [f"C{number:02d}" for number in range(SIDE * SIDE)]


def _packs() -> list[Any]:
    from django.conf import settings

    from xiuhua.kernel.queries import read_pack, shipped_pack

    return [read_pack(shipped_pack(Path(settings.PACKS), name)) for name in PACKS]


def _ground(tenant: Any, at: datetime) -> None:
    """Draw the communities with crooked outlines, and give each its unit."""
    import shapely

    from xiuhua.bench.locate import tiles
    from xiuhua.kernel.words import SYSTEM
    from xiuhua.responsibility.models import Body
    from xiuhua.territory.actions import import_territories
    from xiuhua.territory.words import Order, Reading

    shapes = zip(codes(), tiles(SIDE, 1), strict=True)
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shape)),
            "properties": {"code": code, "name": f"第{code}社区"},
        }
        for code, shape in shapes
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    reading = Reading(name_field="name", code_field="code")
    import_territories(tenant, data, Order(level="community", reading=reading), by=SYSTEM, at=at)
    Body.objects.bulk_create(Body(tenant=tenant, code=f"unit-{code}", name=f"第{code}社区居委会") for code in codes())


def look() -> dict[str, Any]:
    """Return what is stored, from tables and disk; whatever cannot be read raises.

    Reports by number with the digest of their text and the number of their case, photos by (number, digest) with the
    digest of the bytes on the disk, moves by number; what is there twice; and whether database and ledger are whole.
    """
    from xiuhua.cases.models import Case, CaseMove, Evidence, Report
    from xiuhua.files import store
    from xiuhua.kernel.actions import seal
    from xiuhua.kernel.models import LedgerLine, OutboxEvent
    from xiuhua.kernel.queries import prove

    seal()
    reports = [
        (str(number), hashlib.sha256(text.encode()).hexdigest(), case)
        for number, text, case in Report.objects.values_list("client_uuid", "text", "case__number")
    ]
    photos = [
        (f"{number}/{sha}", hashlib.sha256(store.original(tenant, sha).read_bytes()).hexdigest(), case)
        for number, tenant, sha, case in Evidence.objects.values_list(
            "client_uuid", "tenant", "file__sha256", "case__number"
        )
    ]
    moves = [str(number) for number in CaseMove.objects.exclude(client_uuid=None).values_list("client_uuid", flat=True)]
    twice = [*(one[0] for one in reports), *(one[0] for one in photos), *moves]
    proof = prove()
    told = {
        "case": Case.objects.count(),
        "line": LedgerLine.objects.filter(verb="case.report").count(),
        "event": OutboxEvent.objects.filter(name="case.report").count(),
    }
    return {
        "reports": {number: [digest, case] for number, digest, case in reports},
        "photos": {key: [digest, case] for key, digest, case in photos},
        "moves": moves,
        "doubled": sorted(key for key, count in Counter(twice).items() if count > 1),
        "uneven": {name: count for name, count in told.items() if count != len(reports)},
        "whole": proof.whole,
        "database": database_faults(),
    }


def database_faults() -> list[str]:
    """Return what the database finds wrong with itself: pages and indexes, and keys that point nowhere."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            found = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            return [*found, *(f"key: {row}" for row in cursor.fetchall())]
        return [*_pages(cursor), *_keys(cursor)]


def _pages(cursor: Any) -> list[str]:
    """Let amcheck look at every index where the server has it; where it has not, say so in no fault: keys are checked anyway."""
    cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'")
    if not cursor.fetchone()[0]:
        return []
    cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    cursor.execute(
        "SELECT c.oid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.amname = 'btree' AND n.nspname = 'public'"
    )
    faults = []
    for (index,) in cursor.fetchall():
        try:
            cursor.execute("SELECT bt_index_check(%s::regclass, true)", [index])
        except Exception as error:  # noqa: BLE001 - whatever it says is what is wrong
            faults.append(f"{index}: {error}")
            break  # the transaction is over
    return faults


def _keys(cursor: Any) -> list[str]:
    """Look every foreign key up."""
    cursor.execute(
        "SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text, b.attname FROM pg_constraint k"
        " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
        " JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1] WHERE k.contype = 'f'"
    )
    faults = []
    for table, column, other, key in cursor.fetchall():
        cursor.execute(
            f'SELECT count(*) FROM {table} t WHERE t."{column}" IS NOT NULL'  # noqa: S608 - names from the catalogue
            f' AND NOT EXISTS (SELECT 1 FROM {other} o WHERE o."{key}" = t."{column}")'
        )
        if lost := cursor.fetchone()[0]:
            faults.append(f"key: {table}.{column} ×{lost}")
    return faults
