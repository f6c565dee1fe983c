"""What the program has loaded when it asks for the first line, and what it says where it can't load more."""

import os
import subprocess

import pytest

from test_shell import BINARY, lab, shell  # noqa: F401

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEw9hFdgbJoTMrbDnoLGmMOOWLSqPNDSG2dU4wkqK0GM"


def loaded(screen, library):
    with open(f"/proc/{screen.child.pid}/maps") as maps:
        return f"/{library}.so" in maps.read()


def run(folder, *arguments):
    """The program with libraries in front of the system's that are none."""
    broken = folder / "libraries"
    broken.mkdir(exist_ok=True)
    for name in ("libssh.so.4", "libarchive.so.13"):
        (broken / name).write_text("no library\n")
    folders = ["--state-dir", str(folder / "state"), "--config-dir", str(folder / "config")]
    env = {**os.environ, "SWIFT_BACKTRACE": "enable=no", "LD_LIBRARY_PATH": str(broken)}
    return subprocess.run(
        [BINARY, *folders, *arguments], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def test_libraries_are_loaded_when_they_are_needed(lab, shell):
    assert not loaded(lab, "libssh") and not loaded(lab, "libarchive")
    (shell.folder / "keys").write_text(f"WS-001 {KEY}\n")
    lab.enter(f"trust import {shell.folder}/keys").see("added")
    assert loaded(lab, "libssh") and not loaded(lab, "libarchive")
    lab.enter(f"escalate WS-001 --kind on-premises --summary x --output {shell.folder}").see("on-premises")
    lab.wait(lambda: loaded(lab, "libarchive"), "libarchive among what is loaded")


def test_a_library_that_is_none_stops_only_what_needs_it(tmp_path):
    assert run(tmp_path, "--version").returncode == 0
    assert "mismatched" in run(tmp_path, "--lab", "--agents", "3", "connect").stdout
    connect = run(tmp_path, "connect", "ssh://admin@127.0.0.1:9/C:/PCCSRV")
    assert "libssh.so.4" in connect.stderr and "libssh-4" in connect.stderr, connect.stderr
    assert connect.returncode not in (0, 127)
    (tmp_path / "keys").write_text(f"WS-001 {KEY}\n")
    trust = run(tmp_path, "--lab", "--agents", "3", "trust", "import", str(tmp_path / "keys"))
    assert trust.returncode not in (0, 127) and "libssh.so.4" in trust.stderr, trust.stderr
    case = run(
        tmp_path, "--lab", "--agents", "3", "escalate", "WS-001", "--kind", "on-premises", "--summary", "x",
        "--output", str(tmp_path))
    assert case.returncode not in (0, 127) and "libarchive.so.13" in case.stderr, case.stderr


def without_proc(*arguments):
    """The program where /proc is an empty folder, as in a chroot that nobody mounted it in."""
    line = 'mount -t tmpfs none /proc && exec "$@"'
    return subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", line, "sh", *map(str, arguments)],
        env={**os.environ, "SWIFT_BACKTRACE": "enable=no"}, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def test_without_proc_nothing_is_done(tmp_path):
    if without_proc("true").returncode != 0:
        if os.environ.get("CI"):
            pytest.fail("no mount namespace can be made here")
        pytest.skip("no mount namespace can be made here")
    folders = ["--state-dir", tmp_path / "state", "--config-dir", tmp_path / "config"]
    for words in (["--version"], ["no-such-command"], [*folders, "--lab", "--agents", "3", "transfer", "all", "--confirm", "3"]):
        end = without_proc(BINARY, *words)
        assert end.returncode == 70 and "/proc is not there" in end.stderr and not end.stdout, end
    assert not (tmp_path / "state").exists()
