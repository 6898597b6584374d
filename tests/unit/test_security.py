"""What a connection's settings must hold, and what of them is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancewire.errors import ConfigError
from stancewire.security import Security
from stancewire.settings import KafkaSettings


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("open sesame\n")
    return file


def test_by_default_nothing_is_encrypted_and_nobody_logs_in() -> None:
    assert Security().client() == {"security_protocol": "PLAINTEXT"}


def test_the_password_comes_from_its_file_without_the_line_feed(secret: Path) -> None:
    client = Security("SASL_SSL", username="ana", password_file=secret).client()
    assert client == {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "ana",
        "sasl_plain_password": "open sesame",
    }


def test_a_password_that_was_changed_is_read_anew(secret: Path) -> None:
    security = Security("SASL_SSL", username="ana", password_file=secret)
    security.client()
    secret.write_text("rotated")
    assert security.client()["sasl_plain_password"] == "rotated"


def test_settings_do_not_show_the_password(secret: Path) -> None:
    settings = KafkaSettings(security=Security("SASL_SSL", username="ana", password_file=secret))
    settings.client()
    assert "sesame" not in repr(settings)


def test_a_certificate_and_its_key_are_given_as_files(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("ca", "cert", "key")]
    for file in files:
        file.touch()
    ca, cert, key = files
    client = Security("SSL", ca_file=ca, cert_file=cert, key_file=key).client()
    assert client["ssl_cafile"] == str(ca)
    assert client["ssl_certfile"] == str(cert)
    assert client["ssl_keyfile"] == str(key)


FILE = Path("some.file")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"protocol": "SASL_SSL"}, "needs a user name and a password file"),
        ({"protocol": "SASL_PLAINTEXT", "username": "a"}, "needs a user name and a password file"),
        ({"username": "a", "password_file": FILE}, "PLAINTEXT logs in as nobody"),
        ({"protocol": "SSL", "password_file": FILE}, "SSL logs in as nobody"),
        ({"ca_file": FILE}, "PLAINTEXT is not encrypted"),
        ({"protocol": "SSL", "cert_file": FILE}, "one is missing"),
        ({"protocol": "SSL", "key_file": FILE}, "one is missing"),
    ],
)
def test_what_does_not_fit_together_is_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        Security(**settings)  # type: ignore[arg-type]


def test_files_that_are_missing_or_empty_are_named(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    with pytest.raises(ConfigError, match=f"No such file.*{absent}"):
        Security("SASL_SSL", username="a", password_file=absent).client()
    with pytest.raises(ConfigError, match=f"No such file.*{absent}"):
        Security("SSL", ca_file=absent).client()
    empty = tmp_path / "empty"
    empty.write_text("\n")
    with pytest.raises(ConfigError, match=f"is empty.*{empty}"):
        Security("SASL_SSL", username="a", password_file=empty).client()
