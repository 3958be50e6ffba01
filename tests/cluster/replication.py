"""What replication does between the copies of a whole table, when it is waited for: parts, as they are, to the others.

A part is passed on by hard links, as both servers are on one disk, and so costs what a fetch does: no reading, no
sorting, no compressing. Merges are each node's own.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

#: Runs a statement on a node, and gives what it answers.
Run = Callable[[str, str], str]

_COPY = """
SELECT
    toString(uuid) AS uuid,
    data_paths[1] AS folder,
    (
        SELECT groupArray((name, path, max_block_number, hash_of_all_files)) FROM system.parts
        WHERE active AND database = '{database}' AND table = '{table}'
    ) AS parts
FROM system.tables WHERE database = '{database}' AND name = '{table}' FORMAT JSONEachRow
SETTINGS output_format_json_quote_64bit_integers = 0
"""


@dataclass(frozen=True, slots=True)
class _Copy:
    """What a node has of a table: which one it is, where it lies, its active parts as (name, hash), their folders."""

    node: str
    uuid: str
    folder: Path
    parts: frozenset[tuple[str, str]]
    paths: tuple[Path, ...]
    block: int


class Replication:
    """The copies of whole tables on these nodes; the first is the one that most is written to."""

    def __init__(self, nodes: Sequence[str], run: Run) -> None:
        self._nodes, self._run, self._lock = nodes, run, Lock()
        self._known: dict[tuple[str, str], tuple[frozenset[tuple[str, str]], int]] = {}
        #: Tables that others than the first have put rows into.
        self.written_by_others: set[str] = set()

    def wait_for(self, table: str) -> None:
        """Return when every node has all rows of a table.

        Raises:
            RuntimeError: several nodes have written to a table that was the same on all before, which this cannot do.
        """
        if "__shard" in table:
            return  # a part of a divided table, of which each shard has one replica here
        with self._lock:
            copies = [self._copy(node, table) for node in self._nodes]
            first, others = copies[0], copies[1:]
            writers = [copy for copy in others if copy.block > self._of(copy)[1]]
            if self._of(first)[0] != first.parts:
                writers.insert(0, first)
            if not writers:
                return
            if writers != [first]:
                self.written_by_others.add(table.replace("`", ""))
                if any(self._of(copy)[0] for copy in copies):
                    raise RuntimeError(f"{table} was written to on {len(writers)} nodes after it had been replicated")
            else:
                for copy in others:
                    self._run(copy.node, f"TRUNCATE TABLE {table}")
            for copy in copies:
                if given := [path for writer in writers if writer is not copy for path in writer.paths]:
                    _link(given, copy.folder / "detached")
                    self._run(copy.node, f"ALTER TABLE {table} ATTACH PARTITION ALL")
            for node in self._nodes:
                copy = self._copy(node, table)
                self._known[copy.node, copy.uuid] = copy.parts, copy.block

    def _of(self, copy: _Copy) -> tuple[frozenset[tuple[str, str]], int]:
        return self._known.get((copy.node, copy.uuid), (frozenset(), -1))

    def _copy(self, node: str, table: str) -> _Copy:
        database, _, name = table.replace("`", "").partition(".")
        told = json.loads(self._run(node, _COPY.format(database=database, table=name)))
        return _Copy(
            node,
            told["uuid"],
            Path(told["folder"]),
            frozenset((name, hashed) for name, _, _, hashed in told["parts"]),
            tuple(Path(path) for _, path, _, _ in told["parts"]),
            max((block for _, _, block, _ in told["parts"]), default=-1),
        )


def _link(parts: Sequence[Path], folder: Path) -> None:
    for part in parts:
        for source, _, files in os.walk(part):
            target = folder / part.name / Path(source).relative_to(part)
            target.mkdir(parents=True)
            for file in files:
                # What is small and may be written anew is no link, as in ClickHouse's own copies.
                (shutil.copyfile if file.endswith(".txt") else os.link)(Path(source) / file, target / file)
