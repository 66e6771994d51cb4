"""The hub's own two keys, for snapshot and timestamp: made when first wanted, or taken over; sealed on disk.

Which keys are the right ones is said by the root alone.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner

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

    def read(self, role: str, pem: str) -> CryptoSigner:
        """A private key that was made elsewhere; BadInput for what is no Ed25519 key in PEM."""
        try:
            key = load_pem_private_key(pem.encode(), None)
        except (ValueError, TypeError) as error:
            raise BadInput(
                role, _("This is no private key in PEM, without a passphrase.")
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise BadInput(role, _("The key must be an Ed25519 key."))
        return CryptoSigner(key)

    def take_over(self, role: str, signer: CryptoSigner) -> None:
        """Sign with this one from now on."""
        make_folder(self._folder)
        replace_file(self._folder / f"{role}.key", self._vault.seal(signer.private_bytes))
