"""Apache Kafka with TLS, SCRAM, client certificates and an authorizer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from stancewire.security import Security
from stancewire.settings import KafkaSettings
from tests.support.apache_kafka import ApacheKafka, free_port

ADMIN = "admin"

CONFIG = """\
listeners=SASL_SSL://127.0.0.1:PORT,SSL://127.0.0.1:{tls_port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=SASL_SSL://127.0.0.1:PORT,SSL://127.0.0.1:{tls_port}
controller.quorum.voters=1@127.0.0.1:{controller}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL
inter.broker.listener.name=SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required \
username="{admin}" password="{password}";
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
listener.name.ssl.ssl.client.auth=required
ssl.principal.mapping.rules=RULE:^.*CN=([^,]+).*$/$1/
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:{admin};User:ANONYMOUS
"""
# Nobody is anonymous but the controller: its listener is the only one without a login.


class SecuredKafka(ApacheKafka):
    """A broker whose users are named at the start; each one's password is its name and a suffix."""

    def __init__(self, folder: Path, users: Iterable[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._authority = trustme.CA()
        self.tls_port = free_port()
        self._write_certificates(folder)
        config = CONFIG.format(
            tls_port=self.tls_port,
            controller=free_port(),
            admin=ADMIN,
            password=self.password(ADMIN),
            folder=folder,
        )
        credentials = [
            part
            for user in (ADMIN, *users)
            for part in (
                "--add-scram",
                f"SCRAM-SHA-512=[name={user},password={self.password(user)}]",
            )
        ]
        super().__init__(folder, config, credentials)

    @staticmethod
    def password(user: str) -> str:
        return f"{user}-S3cret!"

    def _write_certificates(self, folder: Path) -> None:
        self.ca_file = folder / "ca.pem"
        self._authority.cert_pem.write_to_path(str(self.ca_file))
        certificate, key = self.certificate(folder, "127.0.0.1")
        (folder / "broker.pem").write_text(key.read_text() + certificate.read_text())

    def certificate(self, folder: Path, name: str) -> tuple[Path, Path]:
        """The files of a certificate with its chain and of its key; Kafka reads PKCS #8 alone."""
        issued = self._authority.issue_cert(name, common_name=name)
        key = load_pem_private_key(issued.private_key_pem.bytes(), password=None)
        files = folder / f"{name}.crt", folder / f"{name}.key"
        files[0].write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return files

    def settings(self, user: str) -> KafkaSettings:
        """How `user` logs in by name and password."""
        file = self.folder / f"{user}.password"
        file.write_text(self.password(user) + "\n")
        security = Security("SASL_SSL", username=user, password_file=file, ca_file=self.ca_file)
        return KafkaSettings(self.bootstrap_servers, 30, security)

    def tls_settings(self, name: str) -> KafkaSettings:
        """How a client logs in by a certificate of its own; its principal is `User:name`."""
        certificate, key = self.certificate(self.folder, name)
        security = Security("SSL", ca_file=self.ca_file, cert_file=certificate, key_file=key)
        return KafkaSettings(f"127.0.0.1:{self.tls_port}", 30, security)
