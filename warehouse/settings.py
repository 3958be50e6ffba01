"""Settings from the environment, and the credentials of the embedded engine.

Every variable of the command contract is a field. Secrets that nobody set are generated once per home
when the engine is embedded; against a configured server a missing one is an error that names its variable.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, AnyHttpUrl, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from warehouse import secret_files
from warehouse.errors import SettingsError

#: Scheme and host as browsers send them; never `*`, as an allow-list that allows all is none.
Origin = Annotated[str, Field(pattern=r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?$")]
Port = Annotated[int, Field(ge=1, le=65535)]
KafkaSecurity = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]

DEFAULT_HTTP_PORT = 8123
DEFAULT_TCP_PORT = 9000

PII_HMAC_SECRET = "PII_HMAC_SECRET"  # noqa: S105 - the name of the variable
#: Key of the links under which finished reports can be downloaded.
REPORT_LINK_SECRET = "REPORT_LINK_SECRET"  # noqa: S105 - the name of the variable
#: Opens a collector that nobody has given keys, which listens on loopback only.
DEVELOPMENT_KEY = "COLLECTOR_DEVELOPMENT_KEY"


class Identity(StrEnum):
    """The database users; one per arrow of the flow, plus the one that migrates."""

    ADMIN = "admin"
    LOADER = "loader"
    TRANSFORMER = "transformer"
    READER = "reader"

    @property
    def password_variable(self) -> str:
        """Name of the environment variable that holds this identity's password."""
        return f"CLICKHOUSE_{self.name}_PASSWORD"


def project_root() -> Path:
    """The folder with `pyproject.toml` above this package, else the working directory."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "pyproject.toml").is_file():
            return folder
    return Path.cwd()


def shipped() -> Path:
    """The folder that has `dbt_project` and `deploy`: in the wheel, else of the checkout."""
    folder = Path(__file__).with_name("shipped")
    return folder if folder.is_dir() else project_root()


def _env(name: str) -> AliasChoices:
    return AliasChoices(name)


class Settings(BaseSettings):
    """All configuration, read from the environment once; immutable.

    `http_port` and `tcp_port` are None unless set: the embedded engine then takes the default or the
    next free port and records it under `home`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    home: Path = Field(default_factory=lambda: project_root() / ".warehouse", validation_alias=_env("WAREHOUSE_HOME"))
    engine_dir: Path = Field(
        default_factory=lambda: project_root() / ".engine", validation_alias=_env("WAREHOUSE_ENGINE_DIR")
    )

    clickhouse_url: AnyHttpUrl | None = Field(default=None, validation_alias=_env("CLICKHOUSE_URL"))
    clickhouse_cluster: str | None = Field(default=None, validation_alias=_env("CLICKHOUSE_CLUSTER"))
    admin_user: str | None = Field(default=None, validation_alias=_env("CLICKHOUSE_ADMIN_USER"))
    admin_password: SecretStr | None = Field(default=None, validation_alias=_env("CLICKHOUSE_ADMIN_PASSWORD"))
    loader_password: SecretStr | None = Field(default=None, validation_alias=_env("CLICKHOUSE_LOADER_PASSWORD"))
    transformer_password: SecretStr | None = Field(
        default=None, validation_alias=_env("CLICKHOUSE_TRANSFORMER_PASSWORD")
    )
    reader_password: SecretStr | None = Field(default=None, validation_alias=_env("CLICKHOUSE_READER_PASSWORD"))
    pii_hmac_secret: SecretStr | None = Field(default=None, validation_alias=_env(PII_HMAC_SECRET))

    #: Where backups are kept: a folder, or s3://bucket/prefix.
    backups: str | None = Field(default=None, validation_alias=_env("WAREHOUSE_BACKUPS"))

    http_port: Port | None = Field(default=None, validation_alias=_env("WAREHOUSE_HTTP_PORT"))
    tcp_port: Port | None = Field(default=None, validation_alias=_env("WAREHOUSE_TCP_PORT"))
    collector_port: Port = Field(default=3004, validation_alias=_env("COLLECTOR_PORT"))
    api_port: Port = Field(default=8004, validation_alias=_env("API_PORT"))
    dagster_port: Port = Field(default=3000, validation_alias=_env("DAGSTER_PORT"))

    rabbitmq_url: SecretStr | None = Field(default=None, validation_alias=_env("RABBITMQ_URL"))
    rabbitmq_queue: str = Field(
        default="analytics.events.warehouse", min_length=1, max_length=200, validation_alias=_env("RABBITMQ_QUEUE")
    )
    rabbitmq_prefetch: int = Field(default=40_000, ge=1, le=65_535, validation_alias=_env("RABBITMQ_PREFETCH"))
    kafka_bootstrap_servers: str | None = Field(default=None, validation_alias=_env("KAFKA_BOOTSTRAP_SERVERS"))
    kafka_group: str = Field(default="warehouse", min_length=1, validation_alias=_env("KAFKA_GROUP"))
    kafka_topics: str = Field(
        default="user.registered,product.viewed,order.created,rating.updated", validation_alias=_env("KAFKA_TOPICS")
    )
    kafka_topic_pattern: str | None = Field(default=None, pattern=r"^\^", validation_alias=_env("KAFKA_TOPIC_PATTERN"))
    kafka_session_seconds: int = Field(default=45, ge=6, le=300, validation_alias=_env("KAFKA_SESSION_SECONDS"))
    kafka_security_protocol: KafkaSecurity = Field(
        default="PLAINTEXT", validation_alias=_env("KAFKA_SECURITY_PROTOCOL")
    )
    kafka_sasl_mechanism: str = Field(default="SCRAM-SHA-512", validation_alias=_env("KAFKA_SASL_MECHANISM"))
    kafka_sasl_username: str | None = Field(default=None, validation_alias=_env("KAFKA_SASL_USERNAME"))
    kafka_sasl_password: SecretStr | None = Field(default=None, validation_alias=_env("KAFKA_SASL_PASSWORD"))
    kafka_ca_file: Path | None = Field(default=None, validation_alias=_env("KAFKA_CA_FILE"))
    door_batch_events: int = Field(default=5_000, ge=1, le=1_000_000, validation_alias=_env("DOOR_BATCH_EVENTS"))
    door_batch_seconds: float = Field(default=0.5, gt=0, le=60, validation_alias=_env("DOOR_BATCH_SECONDS"))
    postgres_url: SecretStr | None = Field(default=None, validation_alias=_env("POSTGRES_URL"))
    landing_prefixes: str | None = Field(default=None, validation_alias=_env("LANDING_PREFIXES"))
    smtp_url: SecretStr | None = Field(default=None, validation_alias=_env("SMTP_URL"))
    smtp_from: str = Field(default="warehouse@localhost", validation_alias=_env("SMTP_FROM"))

    #: Where alerts go: a webhook as Slack has them, and addresses for e-mails; None of both = they are only shown.
    alert_webhook_url: SecretStr | None = Field(default=None, validation_alias=_env("ALERT_WEBHOOK_URL"))
    alert_email_to: Annotated[tuple[str, ...], NoDecode] = Field(default=(), validation_alias=_env("ALERT_EMAIL_TO"))
    #: A file of rules beside those that come with the project.
    alert_rules: Path | None = Field(default=None, validation_alias=_env("ALERT_RULES"))

    collector_api_keys: SecretStr | None = Field(default=None, validation_alias=_env("COLLECTOR_API_KEYS"))
    collector_spool_mib: Annotated[int, Field(ge=1)] = Field(default=1024, validation_alias=_env("COLLECTOR_SPOOL_MIB"))
    #: Of several collectors in one home; None = the only one.
    collector_name: Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")] | None = Field(
        default=None, validation_alias=_env("COLLECTOR_NAME")
    )
    collector_cors_origins: str | None = Field(default=None, validation_alias=_env("COLLECTOR_CORS_ORIGINS"))

    api_jwt_secret: SecretStr | None = Field(default=None, validation_alias=_env("API_JWT_SECRET"))
    api_jwks_url: AnyHttpUrl | None = Field(default=None, validation_alias=_env("API_JWKS_URL"))

    form_1099_threshold_usd: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)] = Field(
        default=Decimal(600), validation_alias=_env("FORM_1099_THRESHOLD_USD")
    )

    api_rate_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=100, validation_alias=_env("API_RATE_PER_MINUTE")
    )
    #: Memory for answers of the generation in force; 0 for none.
    api_cache_mib: Annotated[int, Field(ge=0, le=65_536)] = Field(default=64, validation_alias=_env("API_CACHE_MIB"))
    api_redis_url: SecretStr | None = Field(default=None, validation_alias=_env("API_REDIS_URL"))
    api_cors_origins: Annotated[tuple[Origin, ...], NoDecode] = Field(
        default=(), validation_alias=_env("API_CORS_ORIGINS")
    )

    api_port_shared: bool = Field(default=False, validation_alias=_env("API_PORT_SHARED"))
    api_workers: Annotated[int, Field(ge=1, le=256)] = Field(default=1, validation_alias=_env("API_WORKERS"))
    api_log_format: Literal["text", "json"] | None = Field(default=None, validation_alias=_env("API_LOG_FORMAT"))
    #: What Prometheus shows to read `/metrics`.
    api_metrics_token: Annotated[SecretStr, Field(min_length=32)] | None = Field(
        default=None, validation_alias=_env("API_METRICS_TOKEN")
    )
    #: The collector to which the API sends its own requests as events; None = nobody is told.
    api_events_url: AnyHttpUrl | None = Field(default=None, validation_alias=_env("API_EVENTS_URL"))
    api_events_key: SecretStr | None = Field(default=None, validation_alias=_env("API_EVENTS_KEY"))
    otlp_endpoint: AnyHttpUrl | None = Field(default=None, validation_alias=_env("OTEL_EXPORTER_OTLP_ENDPOINT"))

    #: Where the warehouse itself reaches its collector and its API, from the machine that runs Dagster.
    collector_url: AnyHttpUrl | None = Field(default=None, validation_alias=_env("COLLECTOR_URL"))
    api_url: AnyHttpUrl | None = Field(default=None, validation_alias=_env("API_URL"))
    #: Where people reach the API; links in e-mails begin with it.
    api_public_url: AnyHttpUrl | None = Field(default=None, validation_alias=_env("API_PUBLIC_URL"))

    #: Where Dagster's webserver answers the API.
    dagster_url: AnyHttpUrl | None = Field(default=None, validation_alias=_env("DAGSTER_URL"))
    #: Where Dagster keeps runs, events and ticks; None = SQLite in its home.
    dagster_postgres_url: SecretStr | None = Field(default=None, validation_alias=_env("DAGSTER_POSTGRES_URL"))
    #: Where a run is started, and where its steps are executed.
    dagster_launcher: Literal["local", "kubernetes"] = Field(default="local", validation_alias=_env("DAGSTER_LAUNCHER"))
    dagster_executor: Literal["in_process", "multiprocess", "kubernetes"] = Field(
        default="in_process", validation_alias=_env("DAGSTER_EXECUTOR")
    )
    #: Runs under way at once; steps of a run at once, where they are not executed one after another.
    dagster_max_runs: Annotated[int, Field(ge=1, le=1000)] = Field(default=4, validation_alias=_env("DAGSTER_MAX_RUNS"))
    dagster_max_steps: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=4, validation_alias=_env("DAGSTER_MAX_STEPS")
    )
    #: Events that one run builds anew, if it can choose: of a longer history, a span of months.
    dagster_rebuild_events: Annotated[int, Field(ge=1)] = Field(
        default=100_000_000, validation_alias=_env("DAGSTER_REBUILD_EVENTS")
    )
    reports_prefix: Annotated[str, Field(pattern=r"^s3://[^/]+(/|$)")] | None = Field(
        default=None, validation_alias=_env("REPORTS_PREFIX")
    )
    reports_database_url: SecretStr | None = Field(default=None, validation_alias=_env("REPORTS_DATABASE_URL"))
    report_link_secret: Annotated[SecretStr, Field(min_length=32)] | None = Field(
        default=None, validation_alias=_env(REPORT_LINK_SECRET)
    )

    #: Certificate and key with which collector and API listen; without them they speak HTTP.
    tls_cert_file: Path | None = Field(default=None, validation_alias=_env("WAREHOUSE_TLS_CERT_FILE"))
    tls_key_file: Path | None = Field(default=None, validation_alias=_env("WAREHOUSE_TLS_KEY_FILE"))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, and the files that it names for secrets."""
        return init_settings, env_settings, secret_files.SecretFiles(settings_cls)

    @field_validator("api_cors_origins", "alert_email_to", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @property
    def scheme(self) -> str:
        """How collector and API are spoken to."""
        return "http" if self.tls_cert_file is None else "https"

    @property
    def embedded(self) -> bool:
        """True when no server is configured, so that the warehouse runs its own engine."""
        return self.clickhouse_url is None

    @property
    def engine_home(self) -> Path:
        """Folder of the embedded engine: data, configuration, log, state."""
        return self.home / "engine"

    @property
    def backup_folder(self) -> Path:
        """The one folder in which the embedded engine writes and reads backups."""
        elsewhere = self.backups is not None and not self.backups.startswith("s3://")
        return Path(self.backups or "").expanduser().absolute() if elsewhere else self.home / "backups"

    @property
    def dbt_target(self) -> Path:
        """Folder of dbt's artifacts (manifest, run results)."""
        return self.home / "dbt" / "target"

    @property
    def dbt_docs(self) -> Path:
        """The page that `warehouse docs` lets dbt write."""
        return self.dbt_target / "static_index.html"

    def user(self, identity: Identity) -> str:
        """Database user name of an identity."""
        if identity is Identity.ADMIN and self.admin_user is not None:
            return self.admin_user
        if identity is Identity.ADMIN and not self.embedded:
            return "default"
        return identity.value

    def password(self, identity: Identity) -> str:
        """Password of an identity: from the environment, else generated when embedded.

        Raises:
            SettingsError: a server is configured and the variable is not set.
        """
        given: dict[Identity, SecretStr | None] = {
            Identity.ADMIN: self.admin_password,
            Identity.LOADER: self.loader_password,
            Identity.TRANSFORMER: self.transformer_password,
            Identity.READER: self.reader_password,
        }
        return self._secret(identity.password_variable, given[identity])

    def pii_secret(self) -> str:
        """Key of the HMAC that replaces e-mail addresses; must never change in the life of a warehouse.

        Raises:
            SettingsError: a server is configured and PII_HMAC_SECRET is not set.
        """
        return self._secret(PII_HMAC_SECRET, self.pii_hmac_secret)

    def link_secret(self) -> str:
        """Key of the signatures under links to finished reports; the API and whoever mails links share it.

        Raises:
            SettingsError: a server is configured and REPORT_LINK_SECRET is not set.
        """
        return self._secret(REPORT_LINK_SECRET, self.report_link_secret)

    def beside(self, home: Path) -> Settings:
        """These settings for another home, with an embedded engine of its own at free ports."""
        elsewhere = dict.fromkeys(("clickhouse_url", "clickhouse_cluster", "http_port", "tcp_port"))
        return self.model_copy(update={"home": home, **elsewhere})

    @property
    def public_url(self) -> str:
        """Where people reach the API, without a slash at the end."""
        return str(self.api_public_url or f"{self.scheme}://127.0.0.1:{self.api_port}").rstrip("/")

    @property
    def own_collector(self) -> str:
        """Where the warehouse itself reaches its collector."""
        return str(self.collector_url or f"{self.scheme}://127.0.0.1:{self.collector_port}").rstrip("/")

    @property
    def own_api(self) -> str:
        """Where the warehouse itself reaches its API."""
        return str(self.api_url or f"{self.scheme}://127.0.0.1:{self.api_port}").rstrip("/")

    def _secret(self, variable: str, given: SecretStr | None) -> str:
        if given is not None:
            return given.get_secret_value()
        if not self.embedded:
            raise SettingsError(
                f"{variable} is not set",
                f"CLICKHOUSE_URL names a server, so its secrets must be given: set {variable}",
            )
        return generated_credentials(self.home)[variable]


def get_settings() -> Settings:
    """Settings from the present environment.

    Raises:
        SettingsError: a variable holds a value that cannot be used; names the variable.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        variable = str(first["loc"][0]) if first["loc"] else "the environment"
        raise SettingsError(f"{variable}: {first['msg']}", f"correct {variable} or unset it") from error
    if settings.clickhouse_cluster is not None and settings.embedded:
        raise SettingsError(
            "CLICKHOUSE_CLUSTER is set, but CLICKHOUSE_URL is not: the embedded ClickHouse is one node",
            "set CLICKHOUSE_URL to a node of the cluster, or unset CLICKHOUSE_CLUSTER",
        )
    absolute = {"home": settings.home, "engine_dir": settings.engine_dir}
    return settings.model_copy(update={name: path.expanduser().absolute() for name, path in absolute.items()})


def generated_credentials(home: Path) -> dict[str, str]:
    """The secrets of the embedded engine and of loopback by variable name; made on first use, file mode 0600.

    Raises:
        SettingsError: the home cannot be written, or the file is damaged.
    """
    path = home / "credentials.json"
    try:
        home.mkdir(parents=True, exist_ok=True)
        # Two first commands at once must agree on one set of passwords.
        with (home / "credentials.lock").open("a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return _read_or_create(path)
    except OSError as error:
        raise SettingsError(
            f"cannot keep credentials in {home}: {error.strerror}",
            "make the directory writable, free some space, or set WAREHOUSE_HOME to another one",
        ) from error


def _read_or_create(path: Path) -> dict[str, str]:
    known: dict[str, str] = {}
    if path.exists():
        secret_files.require_private(path, "credentials")
        try:
            loaded = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise SettingsError(
                f"{path} is damaged", "restore it from a backup: it holds the key of the e-mail hashes"
            ) from error
        known = {str(name): str(value) for name, value in loaded.items()}
    passwords = (identity.password_variable for identity in Identity)
    names = [*passwords, PII_HMAC_SECRET, REPORT_LINK_SECRET, DEVELOPMENT_KEY]
    missing = [name for name in names if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(32) for name in missing}
        staged = path.with_suffix(".new")
        staged.unlink(missing_ok=True)
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(known, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    return known
