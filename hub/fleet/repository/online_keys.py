"""The hub's own two keys, for snapshot and timestamp: made when first wanted, sealed on disk, never rotated.

Where an operator has made them beforehand they are taken over instead, as long as nothing is signed by others. A key
that got out is exchanged by deleting its file and publishing a root that names the new one.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, Key

from hub.core.errors import BadInput
from hub.core.keys import Vault
from hub.core.private_files import make_folder, replace_file, write_once
from hub.core.texts import gettext as _

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
        return CryptoSigner(key)

    def take_over(self, role: str, pem: str) -> None:
        """Sign with this private key from now on; BadInput for what is no Ed25519 key in PEM."""
        try:
            key = load_pem_private_key(pem.encode(), None)
        except (ValueError, TypeError) as error:
            raise BadInput(role, _("This is no private key in PEM.")) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise BadInput(role, _("The key must be an Ed25519 key."))
        path = self._folder / f"{role}.key"
        make_folder(path.parent)
        replace_file(path, self._vault.seal(CryptoSigner(key).private_bytes))

    def public(self, role: str) -> Key:
        """What root has to name."""
        return self.signer(role).public_key
