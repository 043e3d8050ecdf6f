"""A certificate authority in memory, so that the port can be every host over TLS."""

import datetime
import ssl
import tempfile
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """The authority; `bundle` is the file with its certificate."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._contexts = {}
        self._lock = threading.Lock()
        certificate = (
            self._unsigned("identity tests", self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.bundle = self._folder / "authority.pem"
        self.bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, host):
        """What a server of that host speaks TLS with."""
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._made(host)
            return self._contexts[host]

    def _unsigned(self, subject, key, days=30):
        now = datetime.datetime.now(datetime.timezone.utc)
        return (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name("identity tests"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=days))
        )

    def context_that_ended(self, host):
        """The same, with a certificate that ended yesterday."""
        return self._made(host, days=-1)

    def _made(self, host, days=30):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._unsigned("a host", key, days)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with tempfile.NamedTemporaryFile(dir=self._folder) as chain:
            chain.write(certificate.public_bytes(serialization.Encoding.PEM) + private)
            chain.flush()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(chain.name)
        return context
