"""Users, limits and grants, declared in `identities.yaml`, rendered to users.xml or to SQL."""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from warehouse.settings import Identity, Settings

Value = int | str

_BOOTSTRAP = "bootstrap"
_BOOTSTRAP_STATEMENTS = 3
# The longest interval a quota takes.
_QUOTA_SECONDS = 2**31 - 1


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Grant(_Declared):
    """Privileges on databases (names of groups, plain names, or `*`), maybe on some tables only."""

    databases: list[str]
    privileges: list[str]
    tables: list[str] = ["*"]


class Clustered(_Declared):
    """What an identity has besides in cluster mode (ADR 25)."""

    settings: dict[str, Value] = {}
    grants: list[Grant] = []


class Rules(_Declared):
    """What one identity may do; see the head of `identities.yaml` for the meaning of each part."""

    superuser: bool = False
    settings: dict[str, Value] = {}
    limits: dict[str, int] = {}
    fixed: dict[str, Value] = {}
    grants: list[Grant] = []
    clustered: Clustered = Clustered()

    def within(self, cluster: str | None) -> Rules:
        """The rules on one node, or in a cluster."""
        if not cluster:
            return self
        more = self.clustered
        return self.model_copy(
            update={"settings": self.settings | more.settings, "grants": [*self.grants, *more.grants]}
        )


class Declaration(_Declared):
    """The whole file: groups of databases, and rules by identity."""

    databases: dict[str, list[str]]
    identities: dict[Identity, Rules]

    def grants(self, identity: Identity, cluster: str | None = None) -> list[str]:
        """Elements of a GRANT statement, for example `SELECT, SHOW ON marts.*`."""
        return [
            f"{', '.join(grant.privileges)} ON {database}.{table}"
            for grant in self.identities[identity].within(cluster).grants
            for group in grant.databases
            for database in self.databases.get(group, [group])
            for table in grant.tables
        ]


@cache
def declaration() -> Declaration:
    """The declared identities."""
    text = files("warehouse.engine").joinpath("identities.yaml").read_text(encoding="utf-8")
    return Declaration.model_validate(yaml.safe_load(text))


def users_xml(settings: Settings, *, with_bootstrap: bool) -> str:
    """users.xml of the embedded engine: one user and one profile per identity, loopback only.

    Args:
        settings: names and passwords; only hashes of these are written.
        with_bootstrap: add the user that the library, but not the server binary, needs to start.
    """
    root = ET.Element("clickhouse")
    profiles, users = ET.SubElement(root, "profiles"), ET.SubElement(root, "users")
    ET.SubElement(profiles, "default")
    quotas = ET.SubElement(root, "quotas")
    ET.SubElement(quotas, "default")
    declared = declaration()
    for identity, rules in declared.identities.items():
        _add_profile(profiles, identity, rules.within(settings.clickhouse_cluster))
        user = ET.SubElement(users, settings.user(identity))
        _add(user, "password_sha256_hex", _sha256(settings.password(identity)))
        networks = ET.SubElement(user, "networks")
        _add(networks, "ip", "127.0.0.1")
        _add(networks, "ip", "::1")
        _add(user, "profile", identity.value)
        _add(user, "quota", "default")
        if rules.superuser:
            for switch in ("access_management", "named_collection_control", "show_named_collections"):
                _add(user, switch, "1")
            _add(user, "show_named_collections_secrets", "0")
            continue
        grants = ET.SubElement(user, "grants")
        for grant in declared.grants(identity, settings.clickhouse_cluster):
            _add(grants, "query", f"GRANT {grant}")
    if with_bootstrap:
        _add_bootstrap_user(quotas, users)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def identity_statements(settings: Settings) -> list[str]:
    """SQL that makes loader, transformer and reader on a server as declared; safe to run again.

    Profiles, passwords and grants are replaced, so whatever was granted before and is no longer declared
    goes away. Runs as the admin, after the databases exist or before, with the same result.

    Raises:
        SettingsError: a password variable is not set.
    """
    cluster = f" ON CLUSTER {_identifier(settings.clickhouse_cluster)}" if settings.clickhouse_cluster else ""
    statements: list[str] = []
    declared = declaration()
    for identity, rules in declared.identities.items():
        if rules.superuser:
            continue
        user, profile = _identifier(settings.user(identity)), _identifier(f"warehouse_{identity.value}")
        secret = f"IDENTIFIED WITH sha256_hash BY {_literal(_sha256(settings.password(identity)))}"
        statements += [
            f"CREATE SETTINGS PROFILE IF NOT EXISTS {profile}{cluster}",
            f"ALTER SETTINGS PROFILE {profile}{cluster} SETTINGS"
            f" {_profile_elements(rules.within(settings.clickhouse_cluster))}",
            f"CREATE USER IF NOT EXISTS {user}{cluster} {secret}",
            f"ALTER USER {user}{cluster} {secret} SETTINGS PROFILE {profile}",
            f"GRANT{cluster} {', '.join(declared.grants(identity, settings.clickhouse_cluster))}"
            f" TO {user} WITH REPLACE OPTION",
        ]
    return statements


def _add_bootstrap_user(quotas: ET.Element, users: ET.Element) -> None:
    """The user as whom the library runs its own command line: always `default`, without a password.

    Every local process could be this user, so it may do nothing but listen, and its quota ends with the
    statements that start the engine (see `host`): whoever comes after them is refused.
    """
    interval = ET.SubElement(ET.SubElement(quotas, _BOOTSTRAP), "interval")
    _add(interval, "duration", str(_QUOTA_SECONDS))
    _add(interval, "queries", str(_BOOTSTRAP_STATEMENTS))
    user = ET.SubElement(users, "default")
    ET.SubElement(user, "password")
    _add(ET.SubElement(user, "networks"), "ip", "127.0.0.1")
    _add(user, "profile", "default")
    _add(user, "quota", _BOOTSTRAP)
    grants = ET.SubElement(user, "grants")
    for grant in ("SYSTEM LISTEN ON *.*", "CREATE TEMPORARY TABLE ON *.*"):
        _add(grants, "query", f"GRANT {grant}")


def _add_profile(profiles: ET.Element, identity: Identity, rules: Rules) -> None:
    profile = ET.SubElement(profiles, identity.value)
    for name, value in (rules.settings | rules.fixed).items():
        _add(profile, name, str(value))
    constraints = ET.SubElement(profile, "constraints")
    for name, limit in rules.limits.items():
        bounds = ET.SubElement(constraints, name)
        _add(bounds, "min", "1")
        _add(bounds, "max", str(limit))
    for name in rules.fixed:
        ET.SubElement(ET.SubElement(constraints, name), "const")


def _profile_elements(rules: Rules) -> str:
    elements = []
    for name, value in rules.settings.items():
        bounds = f" MIN 1 MAX {_literal(rules.limits[name])}" if name in rules.limits else ""
        elements.append(f"{name} = {_literal(value)}{bounds}")
    elements += [f"{name} = {_literal(value)} CONST" for name, value in rules.fixed.items()]
    return ", ".join(elements)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _sha256(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


# Users and grants are DDL, which takes no bound parameters: quoting is the only way.
def _literal(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _identifier(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"
