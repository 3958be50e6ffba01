"""The client of S3 and compatible storage, with login and address from the environment as everywhere."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from warehouse.errors import WarehouseError

_ATTEMPTS = 5


def s3_login() -> tuple[str, str]:
    """Key and secret, for a program that reads or writes by itself.

    Raises:
        WarehouseError: there is no login.
    """
    import boto3

    found = boto3.Session().get_credentials()
    if found is None:
        raise WarehouseError("no login for S3", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile")
    frozen = found.get_frozen_credentials()
    return frozen.access_key, frozen.secret_key


@cache
def s3_client() -> Any:
    """A client for all threads of this process."""
    # Loaded by those who need it: most commands do not.
    import boto3
    from botocore.config import Config

    # Compatible storage is rarely reached by names made of bucket and host.
    compatible = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    return boto3.Session().client(
        "s3",
        region_name=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or None,
        config=Config(
            connect_timeout=10,
            read_timeout=60,
            retries={"mode": "standard", "max_attempts": _ATTEMPTS},
            s3={"addressing_style": "path"} if compatible else None,
            signature_version="s3v4",  # also in links, wherever the storage is
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
