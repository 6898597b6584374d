"""The Dockerfile's default target, its steps carried out in folders, as a read-only container.

What an engine adds to that, its layers and its isolation, is not tried.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stancewire import __version__
from tests.image.build import Builder, Image, finished
from tests.image.context import copy_context
from tests.image.dockerfile import read
from tests.image.root import can_enter, inner
from tests.image.test_dockerfile import DOCKERFILE, ROOT
from tests.support.apache_kafka import ApacheKafka, free_port

pytestmark = pytest.mark.skipif(can_enter() is not None, reason=str(can_enter()))

ARTICLE = "“A carbon tax is the cheapest climate policy we have,” Anneke Vos said on Monday.\n"
# Packages and weights; docs/deploy.md says it, too.
SIZE_LIMIT = 700 * 2**20
UP_LIMIT_S = 60.0


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    folder = tmp_path_factory.mktemp("image")
    cache = Path.home() / ".cache/pip"
    cache.mkdir(parents=True, exist_ok=True)
    dockerfile = read(DOCKERFILE)
    # In memory: a hundred thousand small files are slow to write, and as slow to remove.
    subprocess.run(["mount", "-t", "tmpfs", "none", folder], check=True)
    try:
        copy_context(ROOT, folder / "context")
        builder = Builder(dockerfile, folder / "context", folder, cache)
        image = builder.build(dockerfile.default.name, VERSION=__version__, REVISION="abc")
        for left in folder.iterdir():
            if left != image.root.folder:
                shutil.rmtree(left)
        yield image
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def articles(tmp_path: Path) -> dict[Path, str]:
    """A folder to mount, with an article in it that anybody may read."""
    tmp_path.chmod(0o755)
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    return {tmp_path: "/articles"}


def test_the_program_says_its_version(image: Image) -> None:
    done = finished(image.start("stancewire", "--version"))
    assert (done.returncode, done.stderr) == (0, "")
    assert __version__ in done.stdout
    assert image.labels["org.opencontainers.image.version"] == __version__
    assert image.labels["org.opencontainers.image.revision"] == "abc"


@pytest.mark.parametrize("role", ["produce", "consume quotes", "consume stances", "topics"])
def test_the_command_picks_the_role(image: Image, role: str) -> None:
    done = finished(image.start(*image.entrypoint, *role.split(), "--help"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: stancewire {role}")


def test_its_user_is_nobody_and_can_write_nothing(image: Image) -> None:
    done = finished(image.start("sh", "-c", "id -u; touch /tmp/x /opt/stancewire/x"))
    assert done.stdout.strip() == image.user.split(":")[0] != "0"
    assert done.stderr.count("Read-only file system") == 2


def test_an_article_is_annotated_without_a_network(image: Image, articles: dict[Path, str]) -> None:
    target = "a carbon tax"
    command = ["annotate", "/articles/article.txt", "--target", target]
    done = finished(image.start(*image.entrypoint, *command, mounts=articles, network=False))
    assert (done.returncode, done.stderr) == (0, "")
    stance = json.loads(done.stdout)
    assert (stance["target"]["name"], stance["label"]) == (target, "favor")


def test_documents_are_parsed_in_their_sandbox(image: Image, articles: dict[Path, str]) -> None:
    command = ["feeds", "check", "--json", "file:/articles/article.txt"]
    done = finished(image.start(*image.entrypoint, *command, mounts=articles, network=False))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["articles"][0]["text"] == ARTICLE.strip()


def test_a_role_is_healthy_while_it_runs_and_ends_when_asked(image: Image, tmp_path: Path) -> None:
    broker = ApacheKafka(tmp_path / "kafka")
    environment = {
        "STANCEWIRE_METRICS_PORT": str(free_port()),
        "STANCEWIRE_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
        "STANCEWIRE_PARTITIONS": "1",
    }

    def start(*command: str) -> subprocess.Popen[str]:
        return image.start(*command, environment=environment)

    def is_healthy() -> bool:
        return finished(start(*image.health_check)).returncode == 0

    broker.start()
    try:
        made = finished(start(*image.entrypoint, "topics"))
        assert made.returncode == 0, made.stderr
        assert not is_healthy()
        role = start(*image.entrypoint, "consume", "quotes")
        try:
            deadline = time.monotonic() + UP_LIMIT_S
            while not is_healthy():
                assert role.poll() is None, role.communicate()
                assert time.monotonic() < deadline, "the role never became healthy"
            os.kill(inner(role), signal.SIGTERM)
            assert (role.wait(UP_LIMIT_S), is_healthy()) == (0, False)
        finally:
            role.kill()
            role.communicate()
    finally:
        broker.close()


def test_nothing_of_the_build_is_left(image: Image) -> None:
    tools = "gcc cc make pip pip3 /pip/bin/pip"
    assert finished(image.start("sh", "-c", f"command -v {tools}")).stdout == ""
    find = "import importlib.util as u; print(*filter(u.find_spec, ('pip', 'setuptools', 'torch')))"
    assert finished(image.start("python", "-c", find)).stdout.strip() == ""
    assert not image.root.path("/source").exists()


def test_the_servers_of_feeds_can_be_told_from_others(image: Image) -> None:
    count = "import ssl; print(len(ssl.create_default_context().get_ca_certs()))"
    assert int(finished(image.start("python", "-c", count)).stdout) > 100


def test_it_is_not_larger_than_it_says(image: Image) -> None:
    files = image.root.path("/opt/stancewire").rglob("*")
    assert sum(path.lstat().st_blocks * 512 for path in files) < SIZE_LIMIT
