"""Every block of the README is run: sessions at a terminal, programs by a shell, the rest by --check."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import time

import pytest

from screen import Screen

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = str(pathlib.Path(os.environ.get("APEXSH") or ROOT / ".build/debug/apexsh").resolve())
README = (ROOT / "README.md").read_text()
BLOCKS = [block.strip("\n") for block in re.findall(r"^```\n(.*?)^```$", README, re.S | re.M)]
PROMPT = re.compile(r"^(apexsh\b[^>]*>) ?(.*)$")


def block(start):
    found = [text for text in BLOCKS if text.startswith(start)]
    assert len(found) == 1, f"the README has {len(found)} blocks that begin with {start!r}"
    return found[0]


def told(text):
    """A session's parts: the prompt, what is typed, and what the README shows of the answer."""
    parts = []
    for line in text.splitlines():
        if match := PROMPT.match(line):
            parts.append((match[1], re.sub(r"\s+# .*$", "", match[2]), []))
        elif parts:
            parts[-1][2].append(line)
    return parts


# How each block is run, by how it begins.
RUN = {
    "scripts/run  ": "test_the_scripts_are_there",
    "$ scripts/run --lab": "test_the_session_to_copy",
    "apexsh (20 mismatched, 1 WITHOUT AGENT)> show run": "test_the_session_to_copy",
    ".build-release/release/apexsh --lab": "test_the_line_for_a_script",
    "apexsh> set server": "test_lines_are_understood",
    "scripts/build\nscripts/lab-sshd": "test_an_endpoint_over_real_ssh",
    'apexsh="$PWD': "test_an_endpoint_over_real_ssh",
    "apexsh> transfer @mismatched --dry-run --plan-out": "test_lines_are_understood",
    "apexsh> transfer @mismatched --canary": "test_lines_are_understood",
}


def test_every_block_is_run():
    assert README.count("\n```") == 2 * len(BLOCKS), "a block of another kind"
    for text in BLOCKS:
        ways = [way for start, way in RUN.items() if text.startswith(start)]
        assert len(ways) == 1 and ways[0] in globals(), f"no test runs the block:\n{text}"


def test_the_scripts_are_there():
    for line in block("scripts/run  ").splitlines():
        assert os.access(ROOT / line.split()[0], os.X_OK), line
    for name in re.findall(r"`(scripts/[a-z-]+)", README):
        assert os.access(ROOT / name, os.X_OK), name


def test_the_session_to_copy(tmp_path):
    first = block("$ scripts/run --lab")
    start, rest = first.split("\n", 1)
    lab = str(tmp_path / "lab")
    arguments = start.removeprefix("$ scripts/run ").replace("/tmp/apexsh-lab", lab).split()
    folders = ["--state-dir", str(tmp_path / "state"), "--config-dir", str(tmp_path / "config")]
    env = {"SWIFT_BACKTRACE": "enable=no", "PWD": str(tmp_path)}
    # High enough that nothing is paged; as wide as the README.
    screen = Screen("/bin/sh", ["-c", f'cd "{tmp_path}" && exec "$@"', "sh", BINARY, *folders, *arguments],
                    rows=400, columns=120, env=env, prompt="apexsh>")
    try:
        follow(screen, told(rest) + told(block("apexsh (20 mismatched, 1 WITHOUT AGENT)> show run")), lab)
    finally:
        screen.close()
    assert list(tmp_path.glob("apexsh-case-*.zip")), "escalate left no archive"


def follow(screen, parts, lab):
    for prompt, line, answer in parts:
        at_prompt(screen, prompt)
        before = len([row for row in screen.lines() if row])
        screen.enter(line.replace("/tmp/apexsh-lab", lab))
        screen.wait(lambda: line.split()[0] in "".join(screen.lines()), line)
        if re.match(r"(transfer|reinstall) (?!.*--dry-run)", line):
            question = re.compile(r"type the count, ([0-9,]+), to go on:")
            screen.wait(lambda: question.search(screen.cursor_line()), f"the question of: {line}", 60)
            screen.enter(question.search(screen.cursor_line())[1])
        screen.wait(lambda: PROMPT.match(screen.cursor_line() + " ") and screen.cursor_line().endswith(">"), f"the end of: {line}", 120)
        shown = [row for row in screen.lines() if row][before - 1:]
        for row in answer:
            assert row.strip() in [one.strip() for one in shown], f"{line} does not show {row!r}:\n" + "\n".join(shown)
        errors = [row for row in shown if "is not there" in row or "did you mean" in row or row.startswith("apexsh: no ")]
        assert not errors, f"{line}: {errors}"


def at_prompt(screen, prompt):
    screen.wait(lambda: screen.cursor_line() == prompt, f"the README's prompt {prompt!r}")


def test_the_line_for_a_script(tmp_path):
    line = block(".build-release/release/apexsh --lab").replace(".build-release/release/apexsh", f'"{BINARY}"')
    env = {**os.environ, "APEXSH_STATE_DIR": str(tmp_path / "state"), "APEXSH_CONFIG_DIR": str(tmp_path / "config")}
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=env, timeout=120)
    assert done.returncode == 1, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])["summary"]
    assert summary["planned"] == 200 and summary["repaired"] > 150, summary


@pytest.mark.parametrize("start", [start for start, way in RUN.items() if way == "test_lines_are_understood"])
def test_lines_are_understood(start, tmp_path):
    file = tmp_path / "lines.apx"
    lines = [line for _, line, _ in told(block(start))]
    assert lines
    file.write_text("\n".join(lines) + "\n")
    env = {**os.environ, "APEXSH_STATE_DIR": str(tmp_path / "state"), "APEXSH_CONFIG_DIR": str(tmp_path / "config")}
    done = subprocess.run([BINARY, "--check", "-f", str(file)], capture_output=True, text=True, env=env, timeout=60,
                          cwd=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin"), reason="needs openssh-server")
def test_an_endpoint_over_real_ssh(tmp_path):
    folder = str(tmp_path / "ssh")
    serve = block("scripts/build\nscripts/lab-sshd").splitlines()[1].replace("/tmp/apexsh-ssh", folder)
    servers = subprocess.Popen(["bash", "-c", "exec " + serve], cwd=ROOT, env={**os.environ, "APEXSH": BINARY},
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in servers.stdout:
            if line == "ready\n":
                break
        else:
            pytest.fail("the servers did not start")
        text = block('apexsh="$PWD').replace("$PWD/.build-release/release/apexsh", BINARY).replace("/tmp/apexsh-ssh", folder)
        done = subprocess.run(["bash", "-euc", text], cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "WS-001" in done.stdout and "repaired" in done.stdout + done.stderr, done.stdout + done.stderr
    finally:
        servers.terminate()
        servers.wait(timeout=30)
