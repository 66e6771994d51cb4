"""The hub's own two keys, for snapshot and timestamp: made when first wanted, sealed on disk, never rotated.

A root that names other keys for these roles is how they are replaced; the files are then deleted by hand.
"""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, Key

from hub.core.keys import Vault
from hub.core.private_files import write_once

SNAPSHOT, TIMESTAMP = "snapshot", "timestamp"
ROLES = (SNAPSHOT, TIMESTAMP)


class OnlineKeys:
    """One Ed25519 key for each of the two roles."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def signer(self, role: str) -> CryptoSigner:
        """Who signs for a role; of two processes that make its key at once, one wins and both use it."""
        path = self._folder / f"{role}.key"
        if not path.exists():
            made = CryptoSigner.generate_ed25519()
            write_once(path, self._vault.seal(made.private_bytes))
        key = load_pem_private_key(self._vault.open(path.read_bytes()), None)
        return CryptoSigner(key)  # type: ignore[arg-type]  # it is the Ed25519 key that was made above

    def public(self, role: str) -> Key:
        """What root has to name."""
        return self.signer(role).public_key
