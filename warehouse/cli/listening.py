"""How the collector and the API listen: a socket that is bound before anything is printed, and TLS where it is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse import loopback

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from warehouse.settings import Settings

_EVERYWHERE = "0.0.0.0"  # noqa: S104 - only when somebody configured a key


def address_of(host: str | None, *, guarded: bool, service: str, keys: str) -> str:
    """The address to listen on: who asks for no key may be reached from this machine only.

    Args:
        host: what was asked for.
        guarded: whether there is a key that callers have to show.
        service: the name of who listens, for the error.
        keys: the settings that would guard it, for the error.

    Raises:
        SettingsError: it is not guarded, and `host` is not of this machine.
    """
    from warehouse.errors import SettingsError

    if guarded:
        return host or _EVERYWHERE
    if host is not None and host not in loopback.NAMES:
        raise SettingsError(f"without a key, {service} listens on loopback only, not on {host}", f"set {keys}")
    return loopback.ADDRESS


def listen(address: str, port: int, variable: str, backlog: int = 128, *, shared: bool = False) -> socket.socket:
    """A socket that listens; bound here and not by uvicorn, so that the printed address is one that answers.

    Args:
        address: of this machine.
        port: of it.
        variable: the setting of the port, for the error.
        backlog: connections that may wait to be taken.
        shared: whether other processes of this user may listen there, too, if all of them say so. The others are to
            answer until this one can: it is bound, and whoever serves begins to listen.

    Raises:
        WarehouseError: the port cannot be used.
    """
    import socket

    from warehouse.errors import WarehouseError

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((address, port))
        if not shared:
            listener.listen(backlog)
    except OSError as error:
        listener.close()
        raise WarehouseError(
            f"port {port} of {address} cannot be used: {error.strerror}", f"set {variable} to a free port"
        ) from error
    return listener


def url(settings: Settings, address: str, port: int) -> str:
    """The address of a service on this machine, as it is printed."""
    return f"{settings.scheme}://{loopback.ADDRESS if address == _EVERYWHERE else address}:{port}"


def tls(settings: Settings) -> tuple[Path | None, Path | None]:
    """Certificate and key to listen with; None and None where it is HTTP.

    Raises:
        SettingsError: one of the two is missing or cannot be used, or others can read the key.
    """
    import ssl

    from warehouse import secret_files
    from warehouse.errors import SettingsError

    certificate, key = settings.tls_cert_file, settings.tls_key_file
    if certificate is None and key is None:
        return None, None
    if certificate is None or key is None:
        raise SettingsError(
            "TLS needs a certificate and its key", "set WAREHOUSE_TLS_CERT_FILE and WAREHOUSE_TLS_KEY_FILE, or neither"
        )
    secret_files.require_private(key, "WAREHOUSE_TLS_KEY_FILE")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except OSError as error:
        raise SettingsError(
            f"WAREHOUSE_TLS_CERT_FILE and WAREHOUSE_TLS_KEY_FILE are no certificate and its key: {error.strerror}",
            "both are PEM files, the key without a password; the certificate first, then those that vouch for it",
        ) from error
    return certificate, key
