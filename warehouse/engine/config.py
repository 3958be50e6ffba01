"""config.xml of the embedded engine."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from warehouse import loopback
from warehouse.engine.identities import users_xml
from warehouse.settings import Settings

HOST = loopback.ADDRESS

# Sized for a small machine that also runs dbt, Dagster and the API; RAM left to those is on purpose.
_SERVER: dict[str, str] = {
    "max_server_memory_usage_to_ram_ratio": "0.6",
    "background_pool_size": "4",
    "background_schedule_pool_size": "16",
    "background_fetches_pool_size": "2",
    "background_common_pool_size": "4",
    "max_concurrent_queries": "500",
    "max_connections": "1024",
    # Threads of ended bursts are given back instead of keeping their memory.
    "max_thread_pool_free_size": "64",
    "keep_alive_timeout": "30",
    "mark_cache_size": str(512 << 20),
    "uncompressed_cache_size": "0",
    "default_profile": "default",
    "default_database": "default",
}

# The library reports an insert as done whose file it could not write; refusing early, while there is space, is safe.
_RESERVED_BYTES = 256 << 20

# Without these, system tables and ON CLUSTER are open to everybody.
_ACCESS: dict[str, str] = {
    "users_without_row_policies_can_read_rows": "true",
    "on_cluster_queries_require_cluster_grant": "true",
    "select_from_system_db_requires_grant": "true",
    "select_from_information_schema_requires_grant": "true",
    "settings_constraints_replace_previous": "true",
    "table_engines_require_grant": "false",
}


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports of the engine."""

    http: int
    tcp: int


@dataclass(frozen=True, slots=True)
class Files:
    """Where the embedded engine keeps its things, below `WAREHOUSE_HOME/engine`."""

    folder: Path

    @property
    def config(self) -> Path:
        """Server configuration."""
        return self.folder / "config.xml"

    @property
    def users(self) -> Path:
        """Identities, grants and limits."""
        return self.folder / "users.xml"

    @property
    def data(self) -> Path:
        """ClickHouse's own files."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the engine says."""
        return self.folder / "engine.log"

    @property
    def lock(self) -> Path:
        """Held by the engine while it runs."""
        return self.folder / "engine.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the engine's supervisor while it runs."""
        return self.folder / "supervisor.lock"

    @property
    def start_lock(self) -> Path:
        """Held by whoever starts it."""
        return self.folder / "start.lock"

    @property
    def state(self) -> Path:
        """Process and ports of the running engine."""
        return self.folder / "state.json"


def config_xml(files: Files, ports: Ports, backups: Path) -> str:
    """Server configuration: loopback only, given ports, small pools, backups to one folder."""
    root = ET.Element("clickhouse")
    values = {
        "listen_host": HOST,
        "http_port": str(ports.http),
        "tcp_port": str(ports.tcp),
        "path": f"{files.data}/",
        "tmp_path": f"{files.data / 'tmp'}/",
        "user_files_path": f"{files.data / 'user_files'}/",
        "format_schema_path": f"{files.data / 'format_schemas'}/",
        "users_config": str(files.users),
    }
    for name, value in (values | _SERVER).items():
        ET.SubElement(root, name).text = value
    logger = ET.SubElement(root, "logger")
    ET.SubElement(logger, "level").text = "warning"
    ET.SubElement(logger, "console").text = "true"
    access = ET.SubElement(root, "access_control_improvements")
    for name, value in _ACCESS.items():
        ET.SubElement(access, name).text = value
    disk = ET.SubElement(ET.SubElement(ET.SubElement(root, "storage_configuration"), "disks"), "default")
    ET.SubElement(disk, "keep_free_space_bytes").text = str(_RESERVED_BYTES)
    ET.SubElement(ET.SubElement(root, "backups"), "allowed_path").text = str(backups)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def write(files: Files, ports: Ports, settings: Settings, *, with_bootstrap: bool) -> None:
    """Write config.xml and users.xml, readable by the owner only; see `users_xml` for `with_bootstrap`."""
    users = users_xml(settings, with_bootstrap=with_bootstrap)
    for path, text in ((files.users, users), (files.config, config_xml(files, ports, settings.backup_folder))):
        staged = path.with_suffix(".new")
        staged.unlink(missing_ok=True)
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        staged.replace(path)
