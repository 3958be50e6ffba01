"""The rules as they are declared: what is looked at, from when on it is an alert, and where it says what to do."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from warehouse.errors import SettingsError
from warehouse.settings import Settings

RULES = Path(__file__).parent / "rules" / "rules.yaml"

_DURATION = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Severity(StrEnum):
    """How soon somebody must look: at once, today, some time."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


def _duration(value: object) -> object:
    """`90s`, `5m`, `2h`, `1d`."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a duration is a number with s, m, h or d, such as 5m")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


Duration = Annotated[timedelta, BeforeValidator(_duration)]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Declared):
    """One rule: a query or a probe finds causes with values, and a value beyond the threshold is an alert.

    Attributes:
        says: one line for people; may hold `{cause}`, `{value}` and `{detail}`.
        sql: file beside the rules, without `.sql`: a SELECT of `cause` (String), `value` (number) and `detail`
            (String), which takes the time from `{now:DateTime64(3, 'UTC')}`.
        probe: name of a function, where no query can tell.
        parameters: what query or probe are given besides.
        needs: tables without which there is nothing to look at, as `database.table`.
        above: alert where the value is larger.
        below: alert where it is smaller.
        lasting: for how long it must be so.
        severity: how soon somebody must look.
        behind: rules whose alerts explain this one: while one of them finds something, nobody is told of this.
        enabled: whether it is looked at.
    """

    says: str
    sql: str | None = None
    probe: str | None = None
    parameters: dict[str, Any] = Field(default={}, alias="with")
    needs: tuple[str, ...] = ()
    above: float | None = None
    below: float | None = None
    lasting: Duration = Field(default=timedelta(0), alias="for")
    severity: Severity
    behind: tuple[str, ...] = ()
    enabled: bool = True

    @model_validator(mode="after")
    def _sound(self) -> Rule:
        if (self.sql is None) == (self.probe is None):
            raise ValueError("has either `sql` or `probe`")
        if (self.above is None) == (self.below is None):
            raise ValueError("has either `above` or `below`")
        try:
            self.said("cause", 1.0, "detail")
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError(f"`says` may hold {{cause}}, {{value}} and {{detail}}, but {error!r}") from error
        return self

    def holds(self, value: float) -> bool:
        """Whether a value is beyond the threshold."""
        return value > self.above if self.above is not None else value < (self.below or 0.0)

    def said(self, cause: str, value: float, detail: str) -> str:
        """Its line, of one cause."""
        return self.says.format(cause=cause, value=value, detail=detail)

    @property
    def condition(self) -> str:
        """Threshold and duration in words, e.g. `> 900 for 5m`."""
        edge = f"> {self.above:g}" if self.above is not None else f"< {self.below:g}"
        return f"{edge} for {shown(self.lasting)}" if self.lasting else edge


class Reminders(_Declared):
    """How often it is said again while an alert lasts, and how many times at most."""

    every: Duration
    at_most: int = Field(ge=0, le=100)


class Rules(_Declared):
    """A file of rules.

    Attributes:
        runbooks: the page with a section for every rule, by its name; a path of the project or an address.
        reminders: of alerts that last.
        recovers_after: for how long nothing must be found until an alert is over.
        rules: by name.
    """

    runbooks: str
    reminders: Reminders
    recovers_after: Duration
    rules: dict[str, Rule]

    @model_validator(mode="after")
    def _known(self) -> Rules:
        for name, rule in self.rules.items():
            if unknown := set(rule.behind) - set(self.rules):
                raise ValueError(f"{name} is behind what is no rule: {', '.join(sorted(unknown))}")
        return self

    def runbook(self, name: str) -> str:
        """Where it says what to do."""
        return f"{self.runbooks}#{name}"


class RuleBook:
    """The rules in force and their queries.

    Args:
        settings: `alert_rules` names a file whose rules come on top: each replaces the members it names of the rule of
            the same name, or is a new one, and its queries are looked for beside it first.

    Raises:
        SettingsError: a file is not sound; names it and says why.
    """

    def __init__(self, settings: Settings) -> None:
        own = settings.alert_rules
        declared, folders = _yaml(RULES), [RULES.parent]
        if own is not None:
            added = _yaml(own)
            rules = declared["rules"]
            for name, members in (added.pop("rules", None) or {}).items():
                rules[name] = rules.get(name, {}) | (members or {})
            declared |= added
            folders.insert(0, own.parent)
        try:
            self.declared = Rules.model_validate(declared)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise SettingsError(f"{own or RULES}: {where}: {first['msg']}", "correct the rules of alerts") from error
        self._sql = {
            name: _query(rule.sql, folders)
            for name, rule in self.declared.rules.items()
            if rule.sql is not None and rule.enabled
        }

    @property
    def rules(self) -> dict[str, Rule]:
        """Those that are looked at, by name."""
        return {name: rule for name, rule in self.declared.rules.items() if rule.enabled}

    def sql(self, name: str) -> str:
        """The query of a rule."""
        return self._sql[name]


def shown(duration: timedelta) -> str:
    """A duration as rules have it."""
    seconds = int(duration.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _yaml(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise SettingsError(f"the rules of alerts cannot be read: {error}", f"correct {file}") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{file} holds no rules", "see docs/alerts.md")
    return content


def _query(name: str, folders: list[Path]) -> str:
    for folder in folders:
        if (file := folder / f"{name}.sql").is_file():
            return file.read_text("utf-8")
    raise SettingsError(f"there is no {name}.sql for a rule of that name", f"put it into {folders[0]}")
