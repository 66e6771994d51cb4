"""The name under which OpenSSL looks for an authority in a folder, as `openssl rehash` gives it.

Such a folder is looked into whenever an authority is met that is not known yet, so that a new one is believed by a
program that goes on running; a file of authorities is read at the start, and never again.
"""

from collections import Counter
from hashlib import sha1

from cryptography import x509

_SHORT = 0x80
"""From here on the length of a DER value takes octets of its own."""


def hashed_names(authorities: str) -> dict[str, str]:
    """Certificates in PEM, one behind the other, each by its file's name."""
    taken: Counter[str] = Counter()
    found = {}
    for text in authorities.split("-----BEGIN CERTIFICATE-----")[1:]:
        pem = f"-----BEGIN CERTIFICATE-----{text}"
        name = subject_hash(x509.load_pem_x509_certificate(pem.encode()).subject)
        found[f"{name}.{taken[name]}"] = pem
        taken[name] += 1
    return found


def subject_hash(subject: x509.Name) -> str:
    """X509_NAME_hash: of the name in small letters, with single blanks, without its outermost length."""
    plain = [
        x509.RelativeDistinguishedName(
            x509.NameAttribute(each.oid, " ".join(str(each.value).split()).lower()) for each in rdn
        )
        for rdn in subject.rdns
    ]
    der = x509.Name(plain).public_bytes()
    start = 2 if der[1] < _SHORT else 2 + der[1] - _SHORT
    digest = sha1(der[start:], usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}"
