"""How erased people are recognised without their ids being kept: by a tag, made with a key that is a secret.

The tag is SipHash-2-4 of the id, 64 bits: with the key it tells people apart, without it nobody can try ids. The key
comes from PII_HMAC_SECRET, the one secret that must never change in the life of a warehouse and is in its backups.
"""

from __future__ import annotations

import hashlib
import hmac

from warehouse.settings import Settings

#: What an id may be made of when it stands inside of other text; ids with other characters are found as whole values.
WORD = "[A-Za-z0-9_.@+-]+"
BETWEEN = "[^A-Za-z0-9_.@+-]+"


def tag_key(settings: Settings) -> tuple[int, int]:
    """The key of the tags, as the two numbers that `sipHash64Keyed` takes.

    Raises:
        SettingsError: a server is configured and PII_HMAC_SECRET is not set.
    """
    derived = hmac.digest(settings.pii_secret().encode(), b"tags of erased people", hashlib.sha256)
    return int.from_bytes(derived[:8], "little"), int.from_bytes(derived[8:16], "little")
