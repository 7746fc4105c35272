"""Ids of public appeals: from them follows neither the appeal's number, nor how many appeals there are.

The number stands on the applicant's receipt, and whoever knows it can use up the attempts to open the appeal. So the
row's key is encrypted, as one block, with a key of the database: the id stays the same, and nobody else reads it.
"""

import re
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from otklik.database.access.public_appeals import AppealKey

BLOCK = struct.Struct(">IQI")
MARK = int.from_bytes(b"O311")
"""What a block ends with that was encrypted here: a made-up id decrypts to something else."""
PATTERN = re.compile(r"[0-9a-f]{32}", re.ASCII)


class PublicIds:
    """Makes public ids of keys, and reads them."""

    def __init__(self, key: bytes) -> None:
        """`key`: 16 bytes."""
        self._cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 -- each text is one block, and none comes twice

    def public_id(self, appeal: AppealKey) -> str:
        """The id of an appeal: 32 hexadecimal digits."""
        encryptor = self._cipher.encryptor()
        return (encryptor.update(BLOCK.pack(*appeal, MARK)) + encryptor.finalize()).hex()

    def appeal_key(self, public_id: str) -> AppealKey | None:
        """The appeal with this id; None for one that wasn't made here."""
        if not PATTERN.fullmatch(public_id):
            return None
        decryptor = self._cipher.decryptor()
        region_id, appeal_id, mark = BLOCK.unpack(decryptor.update(bytes.fromhex(public_id)) + decryptor.finalize())
        return AppealKey(region_id, appeal_id) if mark == MARK else None
