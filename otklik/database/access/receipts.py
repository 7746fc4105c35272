"""Receipts: the secret that lets an applicant follow an appeal, of which the database keeps a salted hash alone."""

import hashlib
import secrets
import unicodedata

from sqlalchemy import Connection, text

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: no letter that looks like another sign. https://www.crockford.com/base32.html"""
SECRET_LENGTH = 28
"""Signs of 5 bits each: 140 random bits, which nobody guesses."""
GROUP_LENGTH = 4
SALT_BYTES = 16
# What people type for a sign: what looks like it, in Cyrillic letters too.
LOOKALIKES = str.maketrans("OILUАВСЕКМНРТУХОЗІ", "011VABCEKMHPTYX031")
ISSUE_SQL = """
    WITH issued AS (
        INSERT INTO receipt (region_id, appeal_id, salt, digest) VALUES (:region, :appeal, :salt, :digest)
        ON CONFLICT (region_id, appeal_id) DO UPDATE
        SET salt = excluded.salt, digest = excluded.digest, issued_at = clock_timestamp()
        RETURNING region_id, appeal_id
    ), ended AS (
        DELETE FROM receipt_session AS s USING issued AS i WHERE (s.region_id, s.appeal_id) = (i.region_id, i.appeal_id)
    )
    SELECT audit_append('receipt issued', 'appeal ' || a.number, :reason, NULL, NULL)
    FROM issued AS i JOIN appeal AS a ON a.region_id = i.region_id AND a.id = i.appeal_id"""


def issue_receipt(connection: Connection, region_id: int, appeal_id: int, reason: str = "") -> str:
    """Issue a new secret for an appeal on the owner's connection, and record it in the audit; returns the secret.

    It can't be read again. An earlier one doesn't count from now on, and visits that it opened are over.
    """
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    salt = secrets.token_bytes(SALT_BYTES)
    connection.execute(
        text(ISSUE_SQL),
        {
            "region": region_id,
            "appeal": appeal_id,
            "salt": salt,
            "digest": hashlib.sha256(salt + secret_hash(secret)).digest(),
            "reason": reason,
        },
    )
    return "-".join(secret[start : start + GROUP_LENGTH] for start in range(0, SECRET_LENGTH, GROUP_LENGTH))


def secret_hash(typed_secret: str) -> bytes:
    """The hash of a secret as somebody typed it: without hyphens, in any case, lookalikes taken for its signs."""
    folded = unicodedata.normalize("NFKC", typed_secret).upper().translate(LOOKALIKES)
    return hashlib.sha256("".join(sign for sign in folded if sign in ALPHABET).encode()).digest()
