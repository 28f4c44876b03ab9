"""The index of words: of each case that may wait in a stage's queue, every two characters beside each other in its texts.

Chinese leaves no spaces, and people search for two characters: what two characters stand nowhere in is found out from
this index without reading a case. It only says where a text may stand; whether it does is read from the case. The
database keeps it by itself, in the transaction that writes the case and whoever writes it: cases in other stages are
not in it. SQLite takes its full-text search without the texts, PostgreSQL an array under GIN; neither needs an extension.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

#: Stages of the queues (cases.rules.queues.NEXT).
STAGES = (
    *("reported", "pre_check", "filed", "returned", "arbitration", "dispatched", "handling", "review", "checking"),
    *("to_close", "suspended", "open"),
)
TEXTS = ("number", "title", "address", "description")
#: How long the texts of a case may be on SQLite; a longer one counts as holding everything.
REACH = 2000
#: Cases that are put in at once.
BATCH = 5000

_IN = "IN (" + ", ".join(f"'{stage}'" for stage in STAGES) + ")"
_OF = ", ".join(("stage", *TEXTS))


def _changed(equal: str) -> str:
    """Return the condition that an update concerns the index: a text is another, or the case comes into it or leaves it."""
    texts = " OR ".join(f"OLD.{name} {equal} NEW.{name}" for name in TEXTS)
    return f"(OLD.stage {_IN}) <> (NEW.stage {_IN}) OR (NEW.stage {_IN} AND ({texts}))"


def _spelled(row: str) -> str:
    """Return the SQL for a case's pairs of characters on SQLite: in hexadecimal, small letters for capitals, with spaces."""
    text = " || char(10) || ".join(f"{row}.{name}" for name in TEXTS)
    return f"""(SELECT CASE WHEN length(t) > {REACH} THEN 'long' ELSE coalesce(
        (SELECT group_concat(hex(lower(substr(t, n, 2))), ' ') FROM cases_steps WHERE n < length(t)), '') END
        FROM (SELECT {text} AS t))"""


_SQLITE_FOLLOW = {
    "cases_words_insert": f"""AFTER INSERT ON cases_case WHEN NEW.stage {_IN} BEGIN
        INSERT INTO cases_words(rowid, pairs) VALUES (NEW.id, {_spelled("NEW")}); END""",
    "cases_words_update": f"""AFTER UPDATE OF {_OF} ON cases_case WHEN {_changed("<>")} BEGIN
        INSERT INTO cases_words(cases_words, rowid, pairs)
            SELECT 'delete', OLD.id, {_spelled("OLD")} WHERE OLD.stage {_IN};
        INSERT INTO cases_words(rowid, pairs) SELECT NEW.id, {_spelled("NEW")} WHERE NEW.stage {_IN}; END""",
    "cases_words_delete": f"""AFTER DELETE ON cases_case WHEN OLD.stage {_IN} BEGIN
        INSERT INTO cases_words(cases_words, rowid, pairs) VALUES ('delete', OLD.id, {_spelled("OLD")}); END""",
}
_SQLITE_OFF = (
    *(f"DROP TRIGGER IF EXISTS {name}" for name in _SQLITE_FOLLOW),
    "DROP TABLE IF EXISTS cases_words",
    "DROP TABLE IF EXISTS cases_steps",
)

_TOLD = " || E'\\n' || ".join(f"{{row}}.{name}" for name in TEXTS)
_POSTGRESQL_ON = (
    # what stands beside each other, as numbers; capitals as the search takes them
    """CREATE OR REPLACE FUNCTION cases_pairs(told text) RETURNS integer[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(DISTINCT pair), '{}') FROM (
            SELECT ((ascii(one) * 65599::bigint + ascii(lead(one) OVER (ORDER BY n))) % 2147483647)::integer AS pair
            FROM unnest(string_to_array(upper(told), NULL)) WITH ORDINALITY AS letter(one, n)) AS beside
        WHERE pair IS NOT NULL $$""",
    "CREATE TABLE IF NOT EXISTS cases_words (case_id bigint PRIMARY KEY, pairs integer[] NOT NULL)",
    # never by reading the table through: how often several pairs stand together is beyond what the planner knows
    """CREATE OR REPLACE FUNCTION cases_holding(told text, most integer) RETURNS SETOF bigint LANGUAGE sql STABLE
        SET enable_seqscan TO off AS $$
        SELECT case_id FROM cases_words WHERE pairs @> cases_pairs(told) LIMIT most $$""",
    f"""CREATE OR REPLACE FUNCTION cases_words_follow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                TRUNCATE cases_words;
            ELSIF TG_OP = 'DELETE' THEN
                DELETE FROM cases_words WHERE case_id = OLD.id;
            ELSIF NEW.stage {_IN} THEN
                INSERT INTO cases_words VALUES (NEW.id, cases_pairs({_TOLD.format(row="NEW")}))
                    ON CONFLICT (case_id) DO UPDATE SET pairs = EXCLUDED.pairs;
            ELSE
                DELETE FROM cases_words WHERE case_id = NEW.id;
            END IF;
            RETURN NULL;
        END $$""",
    f"""CREATE OR REPLACE TRIGGER cases_words_insert AFTER INSERT ON cases_case FOR EACH ROW
        WHEN (NEW.stage {_IN}) EXECUTE FUNCTION cases_words_follow()""",
    f"""CREATE OR REPLACE TRIGGER cases_words_update AFTER UPDATE OF {_OF} ON cases_case FOR EACH ROW
        WHEN ({_changed("IS DISTINCT FROM")}) EXECUTE FUNCTION cases_words_follow()""",
    f"""CREATE OR REPLACE TRIGGER cases_words_delete AFTER DELETE ON cases_case FOR EACH ROW
        WHEN (OLD.stage {_IN}) EXECUTE FUNCTION cases_words_follow()""",
    """CREATE OR REPLACE TRIGGER cases_words_truncate AFTER TRUNCATE ON cases_case FOR EACH STATEMENT
        EXECUTE FUNCTION cases_words_follow()""",
)
_POSTGRESQL_OFF = (
    *(f"DROP TRIGGER IF EXISTS cases_words_{name} ON cases_case" for name in ("insert", "update", "delete", "truncate")),
    "DROP FUNCTION IF EXISTS cases_words_follow(), cases_holding(text, integer)",
    "DROP TABLE IF EXISTS cases_words",
    "DROP FUNCTION IF EXISTS cases_pairs(text)",
)


def raise_index(connection: Any) -> None:
    """Make the index and put in what waits, or put in what is missing; whatever is written meanwhile is in it."""
    if connection.vendor == "sqlite":
        _raise_sqlite(connection)
    else:
        _raise_postgresql(connection)


def lower_index(connection: Any) -> None:
    """Take the index away."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in _SQLITE_OFF if connection.vendor == "sqlite" else _POSTGRESQL_OFF:
            cursor.execute(statement)


def mend_index(connection: Any) -> None:
    """Make the index anew where the table of cases was: SQLite changes a table by making another, without what follows it."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name = 'cases_words' OR tbl_name = 'cases_case'")
        names = {name for (name,) in cursor.fetchall()}
    if "cases_words" in names and not names >= _SQLITE_FOLLOW.keys():
        raise_index(connection)


def _raise_sqlite(connection: Any) -> None:
    """Make all of it in one transaction: nothing else can write meanwhile, and there is no half an index."""
    lower_index(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE cases_steps (n INTEGER PRIMARY KEY)")
        cursor.executemany("INSERT INTO cases_steps VALUES (%s)", [(n,) for n in range(1, REACH + 1)])
        cursor.execute(
            "CREATE VIRTUAL TABLE cases_words USING fts5(pairs, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
        for name, follow in _SQLITE_FOLLOW.items():
            cursor.execute(f"CREATE TRIGGER {name} {follow}")
        for first, last in _batches(cursor):
            cursor.execute(
                f"INSERT INTO cases_words(rowid, pairs) SELECT c.id, {_spelled('c')} FROM cases_case AS c"  # noqa: S608 - names of ours
                f" WHERE c.stage {_IN} AND c.id BETWEEN %s AND %s",
                [first, last],
            )


def _raise_postgresql(connection: Any) -> None:
    """Let the index follow first, then put in what was there, each batch in its own transaction: writers go on."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in _POSTGRESQL_ON:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        for first, last in _batches(cursor):
            cursor.execute(
                f"INSERT INTO cases_words SELECT c.id, cases_pairs({_TOLD.format(row='c')}) FROM cases_case AS c"  # noqa: S608 - the same
                f" WHERE c.stage {_IN} AND c.id BETWEEN %s AND %s ON CONFLICT (case_id) DO NOTHING",
                [first, last],
            )
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS cases_words_pairs ON cases_words USING gin (pairs) WITH (fastupdate = off)"
        )


def _batches(cursor: Any) -> list[tuple[int, int]]:
    """Return the ranges of keys, so many keys each, that cover all cases."""
    cursor.execute("SELECT min(id), max(id) FROM cases_case")
    first, last = cursor.fetchone()
    return [] if first is None else [(start, start + BATCH - 1) for start in range(first, last + 1, BATCH)]
