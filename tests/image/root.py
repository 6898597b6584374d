"""A folder as the root of processes, which is what remains of a container without an engine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# $1 is the root, $2 "ro" or "rw", $3 the user; then pairs of folders to mount, "--", the command.
_ENTER = """
set -e
root=$1 mode=$2 user=$3
shift 3
mount --bind "$root" "$root"
while [ "$1" != -- ]; do
  mkdir -p "$root$2"
  mount --bind "$1" "$root$2"
  shift 2
done
shift
mount -o "remount,bind,$mode" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot --userspec="$user" "$root" "$@"
"""


@dataclass(frozen=True)
class Root:
    folder: Path

    @classmethod
    def of_debian(cls, folder: Path, release: str) -> Root:
        """What the image `debian` holds: the packages that Debian calls essential, and apt."""
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", release, str(folder)], check=True
        )
        return cls(folder)

    def copy(self, folder: Path) -> Root:
        subprocess.run(["cp", "--archive", self.folder, folder], check=True)
        return Root(folder)

    def path(self, inside: str) -> Path:
        return self.folder / inside.lstrip("/")

    def put(self, sources: Sequence[Path], inside: str) -> None:
        """As COPY does: a folder's content, not the folder."""
        target = self.path(inside)
        for source in sources:
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
            else:
                into = target / source.name if inside.endswith("/") else target
                into.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, into)

    def start(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: str = "/",
        user: str = "0:0",
        read_only: bool = False,
        network: bool = True,
        mounts: Mapping[Path, str] | None = None,
    ) -> subprocess.Popen[str]:
        """`mounts` are folders of this machine. It is process 1, as in a container; to kill the
        process that is returned kills it, but no other signal reaches it: see `inner`."""
        pairs = [word for pair in (mounts or {}).items() for word in map(str, pair)]
        return subprocess.Popen(
            [
                "unshare", "--mount", *([] if network else ["--net"]),
                "--pid", "--fork", "--kill-child=SIGKILL",
                "sh", "-c", _ENTER, "enter",
                self.folder, "ro" if read_only else "rw", user, *pairs, "--",
                "env", "--ignore-environment", f"--chdir={folder}",
                *(f"{name}={value}" for name, value in environment.items()), *command,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip


def inner(process: subprocess.Popen[str]) -> int:
    """The command itself, which is the only child of what started it."""
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())


def can_enter() -> str | None:
    """What is missing here to run a Dockerfile's steps, if anything."""
    if os.geteuid() != 0:
        return "only root may mount and change the root folder"
    missing = [tool for tool in ("mmdebstrap", "unshare", "chroot") if not shutil.which(tool)]
    return f"{', '.join(missing)} not installed" if missing else None
