"""Whether anything that was acknowledged is ever lost or doubled, whatever is killed and when (docs/reliability.md).

Real clients send reports, photos and moves to a real server and send the same again until they are answered; a witness
outside the store writes down each answer before it counts. Server – and, where the measurement owns it, PostgreSQL –
are killed with SIGKILL at random moments. In the end the store is read by a fresh process and held against the witness.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xiuhua.bench.cluster import Cluster
from xiuhua.bench.stand import Stand, door, standing
from xiuhua.bench.witness import Client, Witness

#: Seconds that a server works before it is killed: from, to.
ALIVE = (0.0, 1.5)
#: Seconds until clients must be answered again after a start.
PATIENCE = 30.0
#: Confidence of the upper bound.
BOUND = 0.95


@dataclass(frozen=True, slots=True)
class Order:
    """What a campaign does. `url` is a PostgreSQL server for scratch databases; `postmaster` brings a server of its own."""

    kills: int = 200
    clients: int = 8
    seed: int = 1
    url: str = ""
    postmaster: bool = False
    faulty: str = ""
    #: Kills at each failpoint instead of random moments; 0 for none.
    points: int = 0


#: Between each two steps of taking something: what a kill there must not break (R3).
POINTS = (
    *("files.before_fsync", "files.after_fsync", "files.before_rename", "files.after_rename", "files.after_dir_fsync"),
    *("report.before_commit", "report.after_commit", "move.before_commit", "move.after_commit"),
)


@dataclass
class _Seen:
    recovery: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def run(order: Order) -> dict[str, Any]:
    """Return what a campaign found: the counts of the issue, by kind, with the 95 % upper bound of the share lost.

    `lost` were acknowledged and are not stored as acknowledged; `doubled` are stored twice; `indeterminate` were sent
    and never answered, and may be stored once or not at all. Raises Blind where the store cannot be read.
    """
    seen = _Seen()
    with (
        TemporaryDirectory(prefix="xiuhua-witness-") as name,
        _server(order) as (url, cluster),
        closing(Witness(Path(name) / "witness.jsonl")) as witness,
        standing(url, **door(order.faulty)) as stand,
    ):
        _campaign(order, stand, cluster, witness, seen)
        stored = stand.ground("look")
    return _told(order, witness, stored, seen, bool(url))


@contextmanager
def _server(order: Order) -> Iterator[tuple[str, Cluster | None]]:
    if not order.postmaster:
        yield order.url, None
        return
    with TemporaryDirectory(prefix="xiuhua-postgres-") as name:
        cluster = Cluster(Path(name))
        try:
            yield cluster.start(), cluster
        finally:
            cluster.kill()


def _campaign(order: Order, stand: Stand, cluster: Cluster | None, witness: Witness, seen: _Seen) -> None:
    chance = random.Random(order.seed)  # noqa: S311 - no secret
    stand.start()
    stand.wait()
    clients = [Client(number, order.seed, stand.port, stand.secret, witness) for number in range(order.clients)]
    for client in clients:
        client.start()
    for point in POINTS if order.points else ():
        for passes in range(1, order.points + 1):
            _point(stand, f"{point}:{passes}", seen)
    for number in range(0 if order.points else order.kills):
        _work(witness)
        time.sleep(chance.uniform(*ALIVE))
        began = time.monotonic()
        if cluster is not None and number % 2:
            cluster.kill()
            cluster.start()
        else:
            stand.kill()
            stand.start()
        stand.wait()
        seen.recovery.append(time.monotonic() - began)
    _work(witness)
    for client in clients:
        client.end()
    for client in clients:
        client.join()
    stand.kill()
    seen.troubles += sorted({client.trouble for client in clients if client.trouble})


def _point(stand: Stand, point: str, seen: _Seen) -> None:
    """Start the server so that it kills itself at a point, and when it has, start it as it should be."""
    stand.kill()
    stand.extra = {**stand.extra, "XIUHUA_FAILPOINT": point}
    stand.start()
    if not stand.died(PATIENCE):
        seen.troubles.append(f"{point} was not reached")
    stand.kill()
    stand.extra = {**stand.extra, "XIUHUA_FAILPOINT": ""}
    began = time.monotonic()
    stand.start()
    stand.wait()
    seen.recovery.append(time.monotonic() - began)


def _work(witness: Witness) -> None:
    """Wait until a server that was started answers clients again: a kill finds it at work."""
    before, began = len(witness.acknowledged), time.monotonic()
    while len(witness.acknowledged) == before and time.monotonic() - began < PATIENCE:
        time.sleep(0.01)


def _told(order: Order, witness: Witness, stored: dict[str, Any], seen: _Seen, server: bool) -> dict[str, Any]:
    kept = {"report": stored["reports"], "photo": stored["photos"], "move": dict.fromkeys(stored["moves"])}
    lost = {"report": 0, "photo": 0, "move": 0}
    altered = 0
    for key, (kind, digest, case) in witness.acknowledged.items():
        if key not in kept[kind]:
            lost[kind] += 1
        elif kind != "move":
            held_digest, held_case = kept[kind][key]
            altered += held_digest != digest or (kind == "report" and held_case != case)
    open_ones = [key for key in witness.sent if key not in witness.acknowledged]
    came = sum(1 for key in open_ones if key in kept[witness.sent[key]])
    strangers = sum(1 for kind in kept for key in kept[kind] if key not in witness.sent)
    doubled = len(stored["doubled"]) + sum(abs(count - len(kept["report"])) for count in stored["uneven"].values())
    count = len(witness.acknowledged)
    return {
        "name": "crash",
        "database": "postgresql" if server else "sqlite",
        "seed": order.seed,
        "kills": len(seen.recovery),
        "points": len(POINTS) if order.points else 0,
        "clients": order.clients,
        "postmaster": order.postmaster,
        "acknowledged": count,
        "stored": sum(len(one) for one in kept.values()),
        "lost": sum(lost.values()),
        "doubled": doubled,
        "indeterminate": len(open_ones),
        "recovery_s": round(max(seen.recovery, default=0.0), 2),
        "recovery_median_s": round(statistics.median(seen.recovery or [0.0]), 2),
        "lost_share_upper_95": _bound(sum(lost.values()), count),
        "acknowledged_by_kind": witness.count(),
        "lost_by_kind": lost,
        "altered": altered,
        "strangers": strangers,
        "indeterminate_stored": came,
        "ledger_whole": stored["whole"],
        "database_faults": stored["database"],
        "troubles": seen.troubles,
        "commit": _commit(),
        "faulty": order.faulty,
    }


def clean(found: dict[str, Any]) -> bool:
    """Return whether a campaign found nothing wrong."""
    counts = ("lost", "doubled", "altered", "strangers")
    return (
        not any(found[name] for name in counts)
        and found["ledger_whole"]
        and not found["database_faults"]
        and not found["troubles"]
        and found["acknowledged"] > 0
    )


def _bound(lost: int, count: int) -> float | None:
    """Return the one-sided upper bound of Clopper and Pearson at 95 %: for none of n it is 1 - 0.05 ** (1 / n)."""
    if not count:
        return None
    from scipy.stats import beta

    return 1.0 if lost >= count else float(f"{beta.ppf(BOUND, lost + 1, count - lost):.3g}")


def _commit() -> str:
    """Return the commit of the source, "" outside a repository."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - ours
    except OSError:
        return ""
