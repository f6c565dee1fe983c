"""The question about a server's unknown host key, asked at a real prompt, with a real SSH server behind it."""

import os
import pathlib
import shutil
import subprocess

import pytest

from screen import Screen

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("APEXSH") or str(ROOT / ".build/debug/apexsh")


@pytest.fixture
def lab(tmp_path):
    """`scripts/lab-sshd` with a folder of its own, which holds no key of the server's yet."""
    if not shutil.which("sshd", path="/usr/sbin:/usr/bin"):
        pytest.skip("needs openssh-server")
    servers = subprocess.Popen(
        [ROOT / "scripts/lab-sshd", "--dir", tmp_path, "--agents", "1"],
        env={**os.environ, "APEXSH": BINARY}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        assert any(line == "ready\n" for line in servers.stdout), "lab-sshd ended"
        known = tmp_path / "config/known_hosts"
        known.write_text("".join(line for line in known.open() if not line.startswith("apexone.")))
        yield tmp_path
    finally:
        servers.terminate()
        servers.wait()


def test_an_unknown_server_is_asked_about_once(lab):
    folders = ["--config-dir", str(lab / "config"), "--state-dir", str(lab / "state")]
    screen = Screen(BINARY, [*folders, "--context", "ssh-lab"], columns=120, prompt="apexsh ssh-lab>")
    try:
        known = lab / "config/known_hosts"
        before = known.read_text()
        prompt = "apexsh ssh-lab> "
        screen.see_at_cursor(prompt).enter("connect").see("shows a host key that is not known")
        shown = subprocess.run(["ssh-keygen", "-l", "-f", lab / "sshd/host.pub"], capture_output=True, text=True).stdout
        screen.see(shown.split()[1]).see("(yes/no)").enter("no").see("was not trusted").see_at_cursor(prompt)
        assert known.read_text() == before
        screen.enter("connect").see("(yes/no)")
        screen.pump(0.2)
        screen.enter("yes").see("mismatched   not known yet").see_at_cursor(prompt)
        assert known.read_text().startswith(before) and "apexone.contoso.local" in known.read_text()
        assert known.stat().st_mode & 0o777 == 0o600
        questions = screen.raw.count(b"(yes/no)")
        screen.enter("connect").see_at_cursor(prompt)
        screen.wait(lambda: screen.text().count("not known yet") == 2, "the second answer")
        assert screen.raw.count(b"(yes/no)") == questions
    finally:
        screen.close()
