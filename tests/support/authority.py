"""An authority of our own, made in the test, and certificates that it vouches for."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import final

from attrs import frozen
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = ["Authority"]


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@final
@frozen
class Authority:
    """Vouches for servers.

    Attributes:
        folder: where its files lie.
        certificate: the file that those who trust it are given.
    """

    folder: Path
    certificate: Path
    _key: ec.EllipticCurvePrivateKey

    @classmethod
    def made(cls, folder: Path, name: str = "authority") -> "Authority":
        """A new one."""
        key = ec.generate_private_key(ec.SECP256R1())
        path = folder / f"{name}.pem"
        signed = _begun(_named(name), key.public_key(), _named(name), valid_days=2).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        signed = signed.add_extension(
            x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True
        )
        path.write_bytes(signed.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return cls(folder, path, key)

    def server(self, host: str = "127.0.0.1", *, valid_days: int = 1) -> ssl.SSLContext:
        """What a server of this name speaks TLS with. With no days left, its certificate is over."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.load_pem_x509_certificate(self.certificate.read_bytes()).subject
        try:
            name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        signed = _begun(_named(host), key.public_key(), issuer, valid_days=valid_days).add_extension(
            x509.SubjectAlternativeName([name]), critical=False
        )
        path = self.folder / f"{host}-{valid_days}.server.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + signed.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _begun(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name, *, valid_days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=valid_days, minutes=-5))
    )
