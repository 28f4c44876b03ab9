"""Pages of a list of very many cases: queues of the desk, filters, search, deep pages; beside the same page in bare SQL."""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from xiuhua.bench.stand import PROGRAM, Blind, standing

PAGE = 100
#: The moment that pages are asked for at.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
#: Of a hundred cases so many stand in each stage: most of an office's cases are closed.
STAGES = (
    *(
        ("closed", 87),
        ("reported", 1),
        ("filed", 1),
        ("dispatched", 3),
        ("handling", 4),
        ("review", 1),
        ("checking", 1),
    ),
    *(("to_close", 1), ("suspended", 1)),
)
#: What is told of a case, put together in turn: no text is like every other, and none is short.
_TOLD = (
    ("幼儿园门口", "菜市场后门", "公交站台旁", "老小区南门", "河边步道", "高架桥下", "学校围墙外"),
    ("有一堆建筑垃圾没人清", "的井盖松动有响声", "的路灯不亮", "有人占道摆摊", "的垃圾桶满溢", "的树枝压着电线"),
    ("，居民反映已经好几天了", "，下雨时积水", "，老人小孩经过不安全", "，昨天来过又回潮", "，影响通行"),
    ("，请派人到现场看一下。", "，希望尽快处理并回复。", "，上次说当天解决。", "，附照片。"),
)
_COLUMNS = (
    *(
        "tenant_id",
        "number",
        "mirrored",
        "stage",
        "reported_at",
        "due_at",
        "ruled_due_at",
        "closed_at",
        "undetermined",
        "title",
    ),
    *("description", "address", "channel", "filed_under", "extensions", "platform_verdict", "case_class_id", "body_id"),
    *("territory_id", "place_method", "version", "remedy", "filed_at", "refusals", "reworks", "reopened"),
    *("lost_seconds", "arbitrated", "stage_before"),
)


def run(*, cases: int = 1_000_000, times: int = 20, url: str = "") -> dict[str, Any]:
    """Fill a scratch database and return p50 and p95 of each page in milliseconds on the server, with its statements.

    `bare` is the first page of the queue as one hand-written SELECT of the same rows, in the same run.
    """
    with standing(url) as stand:
        command = [sys.executable, "-m", PROGRAM, "list", str(cases), str(times)]
        done = subprocess.run(command, env=stand.env, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        if done.returncode:
            raise Blind(done.stderr[-2000:])
        pages: dict[str, Any] = json.loads(done.stdout)
    return {"name": "list", "database": "postgresql" if url else "sqlite", "page": PAGE, **pages}


def fill(tenant: int, cases: int) -> float:
    """Put so many cases into the office with bulk SQL, refresh the planner's statistics, and return the seconds it took."""
    from django.db import connection, transaction

    began = time.perf_counter()
    rows = _rows(tenant, cases)
    names = ", ".join(_COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY cases_case ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(_COLUMNS))
            while batch := [[_text(value) for value in row] for row in islice(rows, 10_000)]:
                cursor.executemany(f"INSERT INTO cases_case ({names}) VALUES ({marks})", batch)  # noqa: S608 - our names
    with connection.cursor() as cursor:  # what an office's database does by itself within minutes
        cursor.execute("VACUUM ANALYZE cases_case" if connection.vendor == "postgresql" else "ANALYZE cases_case")
    return time.perf_counter() - began


def _text(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value


def _rows(tenant: int, cases: int) -> Iterator[tuple[Any, ...]]:
    """Return the rows to come; what they hang on is read at once, since nothing else can be asked within a COPY."""
    from xiuhua.responsibility.models import Body
    from xiuhua.taxonomy.models import CaseClass
    from xiuhua.territory.models import Territory

    bodies = list(Body.objects.filter(tenant=tenant).values_list("pk", flat=True))
    places = list(Territory.objects.filter(tenant=tenant).values_list("pk", flat=True))
    classes = list(CaseClass.objects.filter(tenant=tenant, parent__isnull=False).values_list("pk", flat=True))
    return _made(tenant, cases, bodies, places, classes)


def _made(
    tenant: int, cases: int, bodies: list[int], places: list[int], classes: list[int]
) -> Iterator[tuple[Any, ...]]:
    stages = [stage for stage, share in STAGES for _one in range(share)]
    for i in range(cases):
        reported = NOW - timedelta(seconds=i * 7919 % (365 * 86400))
        stage = stages[i * 37 % len(stages)]
        due = reported + timedelta(hours=1 + i * 31 % 240)
        closed = reported + timedelta(seconds=60 + i * 104729 % 864000) if stage == "closed" else None
        yield (
            *(tenant, f"L{i * 104729 % 10**9:09d}-{i}", False, stage, reported),
            *((None, due) if stage == "reported" else (due, None)),
            *(closed, "", "路口垃圾"),
            *(
                "".join(part[i // step % len(part)] for part, step in zip(_TOLD, (1, 7, 3, 11), strict=True)),
                f"{i % 900}号",
                "inspector",
                "",
                0,
                "",
                classes[i // 89 % len(classes)],
            ),
            *(bodies[i // 97 % len(bodies)], places[i // 101 % len(places)], "point", 4, "清理", reported, 0, 0, 0),
            *(0, False, ""),
        )


def measure(cases: int, times: int) -> dict[str, Any]:
    """Fill the office of this database and measure each page."""
    from xiuhua.kernel.queries import tenant_named

    tenant = tenant_named()
    seconds = fill(tenant.pk, cases)
    gc.collect()
    gc.freeze()  # as the server does
    found = {name: _timed(page, times) for name, page in _pages(tenant).items()}
    ours, bare = found["queue"]["p50_ms"], found["bare"]["p50_ms"]
    return {"cases": cases, "fill_s": round(seconds, 1), "pages": found, "ratio": round(ours / bare, 2)}


def _timed(page: Callable[[], Any], times: int) -> dict[str, Any]:
    from django.db import connection

    statements = 0

    def one(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*arguments)

    with connection.execute_wrapper(one):
        rows = page()
    taken = []
    for _time in range(times):
        began = time.perf_counter()
        page()
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(taken[min(len(taken) - 1, int(len(taken) * 0.95))], 1),
        "statements": statements,
        "rows": rows,
    }


def _pages(tenant: Any) -> dict[str, Callable[[], int]]:
    from xiuhua.cases.queries import queues
    from xiuhua.cases.queries.queues import Narrowed
    from xiuhua.cases.queries.shelf import flow_of
    from xiuhua.cases.words import Stage
    from xiuhua.cases.words.queues import Queue
    from xiuhua.kernel.words import EVERY, Actor, Grant
    from xiuhua.responsibility.models import User

    actor = Actor("bench", grants=(Grant(EVERY),), user=User.objects.values_list("pk", flat=True).get(username="bench"))
    flow = flow_of(tenant)
    handling, unfiled = Queue(Stage.HANDLING.value), Queue(Stage.REPORTED.value)

    def page(queue: Any, who: Actor = actor, after: str = "", **narrow: Any) -> Any:
        cases = queues.narrowed(tenant, queues.waiting(tenant, queue, who, flow, NOW), queue, Narrowed(**narrow))
        return queues.queue_page(cases, queue, size=PAGE, after=after)

    def total(queue: Any, **narrow: Any) -> int:
        wanted = Narrowed(**narrow)
        cases = queues.narrowed(tenant, queues.waiting(tenant, queue, actor, flow, NOW), queue, wanted)
        return queues.number_of(cases, queue, most=wanted.counted)

    def deep() -> str:
        after = ""
        for _page in range(30):
            found = page(handling, after=after).after
            if not found:
                break
            after = found
        return after

    far, first = deep(), page(handling).rows[0]
    body, place = first.body, first.territory_id
    unit = Actor("unit", grants=(Grant(EVERY, body=body.pk),), user=actor.user)
    local = Actor("local", grants=(Grant(EVERY, frozenset({place})),), user=actor.user)
    return {
        "queue": lambda: len(page(handling).rows),
        "unfiled": lambda: len(page(unfiled).rows),
        "deep": lambda: len(page(handling, after=far).rows),
        "unit": lambda: len(page(handling, unit).rows),
        "territory": lambda: len(page(handling, territories=frozenset({place})).rows),
        "filtered_unit": lambda: len(page(handling, body=body.code).rows),
        "channel_nowhere": lambda: len(page(handling, channel="phone").rows),
        "overdue": lambda: len(page(Queue.OVERDUE).rows),
        "overdue_channel_nowhere": lambda: len(page(Queue.OVERDUE, channel="phone").rows),
        "overdue_territory_total": lambda: total(Queue.OVERDUE, territories=frozenset({place})),
        "number": lambda: len(page(handling, text=first.number).rows),
        "words": lambda: len(page(handling, text="899号").rows),
        "words_nowhere": lambda: len(page(handling, text="坍塌").rows),
        "words_common": lambda: len(page(handling, text="垃圾").rows),
        "words_common_total": lambda: total(handling, text="垃圾"),
        "words_overdue": lambda: len(page(Queue.OVERDUE, text="7号").rows),
        "counts": lambda: len(queues.counts(tenant, actor, flow, NOW)),
        "counts_place": lambda: len(queues.counts(tenant, local, flow, NOW)),
        "bare": lambda: len(_bare(tenant.pk)),
        **_register(tenant, actor, body.code),
    }


def _register(tenant: Any, actor: Any, body: str) -> dict[str, Callable[[], int]]:
    """Return the pages of the register of all cases, closed ones too."""
    from xiuhua.cases.queries.lists import CaseFilter, filtered, page

    def rows(**wanted: Any) -> int:
        return len(page(filtered(tenant, CaseFilter(**wanted), by=actor), size=PAGE).rows)

    return {
        "register": rows,
        "register_closed": lambda: rows(stage="closed"),
        "register_unit": lambda: rows(body=body),
    }


def _bare(tenant: int) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.number, c.stage, c.due_at, c.reported_at, c.address, c.title, k.name, m.name, b.name, t.code"
            " FROM cases_case c LEFT JOIN taxonomy_caseclass k ON k.id = c.case_class_id"
            " LEFT JOIN taxonomy_caseclass m ON m.id = k.parent_id LEFT JOIN responsibility_body b ON b.id = c.body_id"
            " LEFT JOIN territory_territory t ON t.id = c.territory_id"
            " WHERE c.tenant_id = %s AND c.stage = 'handling' ORDER BY c.due_at, c.id LIMIT 101",
            [tenant],
        )
        return list(cursor.fetchall())
