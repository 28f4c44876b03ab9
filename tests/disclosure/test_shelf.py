"""The shelf of packs: whole files, also when two people press the button at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from xiuhua.disclosure.pack import MANIFEST
from xiuhua.disclosure.shelf import read_manifest, write_files

FILES = {
    **{f"{number}.bin": bytes([number]) * 50_000 for number in range(6)},
    MANIFEST: b'{"files": [{"name": "0.bin"}]}',
}


def test_pack_when_written_by_many_at_once_then_each_file_is_whole_and_no_draft_is_left(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write_files, FILES, tmp_path) for _click in range(8)]:
            done.result()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == FILES
    assert read_manifest(tmp_path) == {"files": [{"name": "0.bin"}]}
