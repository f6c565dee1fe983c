"""Runs behind the prompt on a terminal: the counter, notices above the line, watch, and the ways out."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time

import pytest

from test_shell import BINARY, ended, shell  # noqa: F401

AGENTS = 6000
COUNTER = re.compile(r"\[1: ([0-9,]+)/6,000( \w+)?\]> ?")


def counter(screen):
    found = COUNTER.search(screen.cursor_line())
    return int(found.group(1).replace(",", "")) if found else None


@pytest.fixture
def run(shell):  # noqa: F811
    """A shell with a run of thousands of lab agents behind its prompt."""
    screen = shell("--lab", "--agents", str(AGENTS), columns=110, rows=30)
    screen.enter("transfer all &").see("to go on:")
    screen.enter(str(AGENTS)).see("goes on behind the prompt")
    return screen.wait(lambda: counter(screen) is not None, "the counter in the prompt")


def test_the_counter_moves_while_a_line_is_typed(run):
    run.send("show ag")
    before = counter(run)
    run.wait(lambda: (counter(run) or 0) > before, "a higher counter")
    # The rest is a hint.
    run.wait(lambda: run.cursor_line().endswith("> show agent"), "the line, whole")
    run.send("ent WS-0001\r").see("Connection Status")


def test_notices_stand_above_the_line(run):
    run.send("list ru")
    run.see("wave 2 of 4 is over").wait(lambda: run.cursor_line().endswith("> list runs"), "the line, whole")
    run.send("ns\r").see("running")


def test_pause_throttle_continue_stop_and_wait(run):
    run.enter("pause 1").see("run 1 is paused").wait(lambda: "paused]>" in run.cursor_line(), "paused in the prompt")
    run.enter("jobs").see("paused")
    run.enter("throttle 1 16").see("run 1: 16 at a time")
    run.enter("continue 1").see("run 1 goes on")
    run.enter("stop 1").see("run 1: no more agents are started")
    run.see("interrupted: no more agents were started").see("resume 1")
    run.enter("wait 1")
    run.enter("jobs").see("nothing goes on behind the prompt")
    run.enter("resume 1 &").see("run 1 goes on: ").see("goes on behind the prompt")


def test_waiting_for_a_run_after_control_c_costs_no_processor_time(tmp_path):
    """^C has ended `wait`; what the run has begun is waited for, here at an endpoint that takes its time to say a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = tmp_path / "config"
        config.mkdir(0o700)
        (config / "ssh_config").write_text(f"Host *\n  HostName 127.0.0.1\n  Port {silent.getsockname()[1]}\n")
        child = subprocess.Popen(
            [BINARY, "--lab", "--agents", "1", "--config-dir", config, "--state-dir", tmp_path / "state",
             "--set", "transport=ssh://{agent}.contoso.local", "--set", "timeout-connect=10m", "--set", "retries=0",
             "-c", "transfer all --confirm 1 &\nwait"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            silent.settimeout(60)
            connection, _ = silent.accept()
            child.send_signal(signal.SIGINT)
            for line in child.stderr:
                if "waiting for run 1" in line:
                    break
            before = processor_time(child.pid)
            time.sleep(3)
            assert child.poll() is None
            assert processor_time(child.pid) - before < 1
        finally:
            child.kill()
            child.wait()


def processor_time(process):
    """Seconds that a process has taken, in user and in kernel mode."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_watch_draws_over_itself_and_control_c_leaves_the_run(run):
    modes = run.modes()
    run.enter("watch").see("at a time").see("slowest")
    run.send("jobs\r")
    time.sleep(1)
    # A notice takes the lines away, until they are drawn for the next time.
    run.wait(lambda: sum(line.startswith("run 1: transfer, running, wave") for line in run.lines()) == 1, "one view")
    assert not any(line.startswith("jobs") for line in run.lines()), run.text()
    run.send("\x03").see("run 1 has not ended; see: jobs")
    run.wait(lambda: counter(run) is not None, "the prompt")
    assert run.modes() == modes


def test_leaving_is_refused_once_and_then_ends_the_run_in_good_order(run):
    run.send("\x04").see("a run goes on")
    run.wait(lambda: counter(run) is not None, "the prompt")
    run.enter("exit").see("a run goes on").enter("exit").see("waiting for run 1")
    run.see("resume 1")
    assert ended(run) == (130, None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_the_prompt_lets_what_is_under_way_end(run, number):
    run.child.kill(number)
    run.see("interrupted: no more agents were started").see("run 1: ")
    assert ended(run) == (None, number)
    assert " 0 unknown" not in run.text()
    assert run.modes() == run.modes_before()


def test_a_dumb_terminal_gets_its_prompt_back_below_a_notice(shell):  # noqa: F811
    screen = shell("--lab", "--agents", "300", columns=110, rows=30, env={"TERM": "dumb"})
    screen.enter("transfer all --confirm 300 &").see("goes on behind the prompt").see("of 300 planned, in")
    screen.wait(lambda: screen.cursor_line().endswith(">"), "the prompt")
    assert not any("> apexsh: " in line for line in screen.lines()), screen.text()
