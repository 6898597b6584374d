"""How a connection to Kafka is encrypted and who it logs in as; secrets come from files alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stancewire.errors import ConfigError

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")


@dataclass(frozen=True, slots=True)
class Security:
    """Kafka's own terms; `ca_file` absent trusts what the system trusts."""

    protocol: str = "PLAINTEXT"
    mechanism: str = MECHANISMS[0]
    username: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None

    def __post_init__(self) -> None:
        """Raises: ConfigError: what is given does not fit together."""
        sasl = self.protocol.startswith("SASL")
        if sasl and not (self.username and self.password_file):
            raise ConfigError(f"{self.protocol} needs a user name and a password file")
        if not sasl and (self.username or self.password_file):
            raise ConfigError(f"{self.protocol} logs in as nobody: give no user name or password")
        files = (self.ca_file, self.cert_file, self.key_file)
        if not self.protocol.endswith("SSL") and any(files):
            raise ConfigError(f"{self.protocol} is not encrypted: give no certificate or key")
        if bool(self.cert_file) != bool(self.key_file):
            raise ConfigError("a certificate and its key belong together: one is missing")

    def client(self) -> dict[str, Any]:
        """The options that a Kafka client takes; the password is read anew each time.

        Raises:
            ConfigError: a file cannot be read, or the password file is empty.
        """
        options: dict[str, Any] = {"security_protocol": self.protocol}
        if self.password_file is not None:
            options["sasl_mechanism"] = self.mechanism
            options["sasl_plain_username"] = self.username
            options["sasl_plain_password"] = read_secret(self.password_file)
        for name, file in (
            ("ssl_cafile", self.ca_file),
            ("ssl_certfile", self.cert_file),
            ("ssl_keyfile", self.key_file),
        ):
            if file is not None:
                _check_readable(file)
                options[name] = str(file)
        return options


def read_secret(file: Path) -> str:
    """What a file holds and nothing else; raises ConfigError if it is empty or unreadable."""
    _check_readable(file)
    # Editors and `echo` end a file with a line feed that is no part of the secret.
    secret = file.read_text(encoding="utf-8").rstrip("\r\n")
    if not secret:
        raise ConfigError("the file is empty; a secret belongs there", file=file)
    return secret


def _check_readable(file: Path) -> None:
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file) from error
