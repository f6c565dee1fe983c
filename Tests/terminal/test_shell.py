"""The program itself on a terminal: what a person sees at the prompt. $APEXSH names the binary."""

import json
import os
import pathlib
import signal
import subprocess
import time

import pexpect
import pytest

from screen import Screen

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("APEXSH") or str(ROOT / ".build/debug/apexsh")
PROMPT = "apexsh> "


@pytest.fixture
def shell(tmp_path):
    """Starts shells that share one state folder; ends them after the test."""
    if not os.path.exists(BINARY):
        pytest.fail(f"no {BINARY}: build it, or name one in APEXSH")
    screens = []

    def launch(*arguments, ready=True, **options):
        folders = ["--state-dir", str(tmp_path / "state"), "--config-dir", str(tmp_path / "config")]
        env = {"SWIFT_BACKTRACE": "enable=no", **options.pop("env", {})}
        screen = Screen(BINARY, [*folders, *arguments], env=env, prompt="apexsh>", **options)
        screens.append(screen)
        return screen.see_at_cursor(PROMPT) if ready else screen

    launch.folder = tmp_path
    yield launch
    for screen in screens:
        screen.close()


@pytest.fixture
def lab(shell):
    """A shell that is connected to a lab, its list taken."""
    screen = shell("--lab", "--agents", "40")
    screen.enter("connect lab:").see("mismatched  ")
    return screen


def ended(screen):
    """Waits for the end; gives exit code and signal."""
    screen.pump(0.1)
    screen.child.expect(pexpect.EOF)
    screen.child.wait()
    return screen.child.exitstatus, screen.child.signalstatus


def colour_of_prompt(screen):
    return screen.display.buffer[screen.display.cursor.y][0].fg


def test_what_is_known_shows_at_the_first_prompt(shell):
    folder = shell.folder / "lab"
    screen = shell("--lab", "--agents", "40", "--lab-dir", str(folder))
    screen.enter("list-mismatched > /dev/null").see("mismatched)>").enter("exit")
    ended(screen)
    # Read beside the first prompt, which does not wait for it; the line being typed stays.
    screen = shell("--lab", "--agents", "40", "--lab-dir", str(folder), ready=False)
    screen.send("show agent WS-03").see_at_cursor("apexsh (40 mismatched)> show agent WS-03")
    screen.send("\t").see("WS-039  mismatched")


def test_help_and_an_unknown_word(shell):
    screen = shell(rows=90)
    screen.enter("help").see("connect").see_at_cursor(PROMPT)
    screen.enter("conect lab:").see("did you mean").see_at_cursor(PROMPT)
    assert any("apexsh: " in line and "'connect'" in line for line in screen.lines()), screen.text()


def test_results_and_notes_keep_their_places(shell):
    screen = shell("-c", "help", ready=False, rows=60)
    assert ended(screen) == (0, None)
    code = subprocess.run([BINARY, "nonsense"], capture_output=True, text=True)
    assert (code.returncode, code.stdout) == (64, "")
    assert code.stderr.startswith("apexsh: ")


def test_a_reader_that_goes_is_no_mistake():
    result = subprocess.run(
        ["bash", "-c", f"'{BINARY}' help | head -1; echo ${{PIPESTATUS[0]}}"], capture_output=True, text=True)
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == "0"


LINE = "transfer all --confirm 20 --max-failures 100% --max-unprotected 20"


@pytest.mark.parametrize("reader", ["head -1", "true", "false"])
def test_a_reader_that_goes_hides_no_failed_repair(reader, tmp_path):
    lab = [BINARY, "--lab", "--agents", "20", "--faults", "services-stay-down", "--state-dir", str(tmp_path / "state")]
    for line in [f"{LINE} | {reader}", f"{LINE} | {reader}; help | head -1"]:
        result = subprocess.run(lab + ["-c", line], capture_output=True, text=True)
        assert result.returncode == 1, result
    go_on = subprocess.run(lab + ["-c", f"{LINE} | {reader} && show server"], capture_output=True, text=True)
    assert go_on.returncode == 1 and "server-name" not in go_on.stdout, go_on
    outside = subprocess.run(
        ["bash", "-c", f'"$@" {LINE} --format json | {reader}; echo ${{PIPESTATUS[0]}}', "bash"] + lab,
        capture_output=True, text=True)
    assert outside.stdout.splitlines()[-1] == "1", outside


def test_a_folder_that_is_a_file_is_called_so(tmp_path):
    file = tmp_path / "a file"
    file.write_text("x")
    for folder in [file]:
        result = subprocess.run(
            [BINARY, "--lab", "--lab-dir", folder, "list", "agents"], capture_output=True, text=True)
        assert result.returncode == 65 and f"{file}: is a file, not a folder" in result.stderr, result


def test_tab_completes_commands_keys_options_and_files(shell):
    screen = shell()
    screen.send("conn\t").see_at_cursor(PROMPT + "connect ")
    screen.send("\x03").see_at_cursor(PROMPT)
    screen.send("set agent-p\t").see_at_cursor(PROMPT + "set agent-port ")
    screen.send("\x03").see_at_cursor(PROMPT)
    screen.send("set password --from-e\t").see_at_cursor(PROMPT + "set password --from-env ")
    screen.send("\x03").see_at_cursor(PROMPT)
    (shell.folder / "fleet.apx").write_text("set\n")
    screen.send(f"source {shell.folder}/fle\t").wait(lambda: "fleet.apx" in screen.text().replace("\n", ""), "the file")


def test_tab_lists_what_there_is_with_a_description(shell):
    screen = shell()
    screen.send("set time\t\t").see("timeout-connect").see("timeout-settle").see_at_cursor(PROMPT + "set timeout-")


def test_connect_says_five_lines(shell):
    screen = shell("--lab", "--agents", "40")
    screen.enter("connect lab:").see("mismatched  ")
    shown = [line.split("  ")[0] for line in screen.lines()]
    first = shown.index("server")
    # Five rows of 80 columns: none goes over into a second.
    assert shown[first:first + 5] == ["server", "product", "ports", "certificate", "mismatched"], screen.text()
    assert screen.lines()[first + 5].startswith("apexsh"), screen.text()


def test_tab_knows_the_agents_and_the_prompt_counts_them(lab):
    lab.enter("list-mismatched > /dev/null").see("mismatched)>")
    assert "apexsh (" in lab.cursor_line() and lab.cursor_line().endswith("mismatched)>")
    lab.send("transfer W").send("\t").wait(lambda: "transfer WS-" in lab.cursor_line(), "what all names begin with")
    lab.send("\t").wait(lambda: lab.text().count("WS-") > 3, "the names")


def test_names_that_are_no_screenful_are_completed_as_far_as_they_agree(shell):
    screen = shell("--lab", "--agents", "3000", rows=12)
    screen.enter("connect lab:").see("mismatched  ")
    screen.enter("list-mismatched > /dev/null").see("mismatched)>")
    screen.send("transfer W\t").wait(lambda: "transfer WS-" in screen.cursor_line(), "what all names begin with")
    screen.send("\t").see(" more")
    assert len(screen.text().splitlines()) <= 12


def test_a_hint_comes_from_history(shell):
    screen = shell()
    screen.enter("set parallel 8").see_at_cursor(PROMPT)
    screen.send("set par").wait(lambda: screen.cursor_line() == PROMPT + "set parallel 8", "the hint")
    screen.send("\x1b[C").see_at_cursor(PROMPT + "set parallel 8")


def test_history_across_two_sessions(shell):
    first = shell()
    first.enter("set parallel 9").see_at_cursor(PROMPT)
    first.enter("not a command").see("no command 'not'").see_at_cursor(PROMPT)
    first.send("\x04")
    assert ended(first) == (0, None)
    path = shell.folder / "state" / "history.jsonl"
    assert [json.loads(line)["line"] for line in path.read_text().splitlines()] == ["set parallel 9"]
    assert path.stat().st_mode & 0o777 == 0o600
    second = shell()
    # The file is read beside the first prompt.
    end = time.monotonic() + 10
    while "set parallel 9" not in second.cursor_line():
        assert time.monotonic() < end, second.text()
        second.send("\x1b[A").pump(0.1)
    second.send("\r").see_at_cursor(PROMPT)


def test_control_c_gives_up_the_line(shell):
    screen = shell()
    screen.send("nonsense").see_at_cursor(PROMPT + "nonsense")
    screen.send("\x03").see_line(PROMPT + "nonsense^C").see_at_cursor(PROMPT)
    assert "apexsh: " not in screen.text()


def test_control_c_stops_a_local_command_and_not_the_session(shell):
    screen = shell()
    screen.enter("!echo started; sleep 30").see_line("started")
    screen.send("\x03").see_at_cursor(PROMPT)
    screen.enter("set parallel 4").see_at_cursor(PROMPT)
    screen.send("\x03\x03\x03").see_at_cursor(PROMPT)
    screen.enter("set parallel").see("parallel needs one value")


@pytest.mark.parametrize("way", ["\x04", "exit\r"])
def test_leaving_restores_the_terminal(shell, way):
    screen = shell(ready=False)
    before = screen.modes_before()
    screen.see_at_cursor(PROMPT).enter("set parallel 4").see_at_cursor(PROMPT)
    screen.send(way)
    assert ended(screen) == (0, None)
    assert screen.modes() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGSEGV])
@pytest.mark.parametrize("line", [None, "set parallel 4"])
def test_a_signal_at_the_prompt_restores_the_terminal(shell, number, line):
    screen = shell(ready=False)
    before = screen.modes_before()
    screen.see_at_cursor(PROMPT)
    if line:
        screen.enter(line).see_at_cursor(PROMPT)
    screen.send("half").see_at_cursor(PROMPT + "half")
    os.kill(screen.child.pid, number)
    assert ended(screen) == (None, number)
    assert screen.modes() == before


def test_the_first_sigterm_waits_for_the_command_and_the_second_does_not(shell):
    screen = shell(ready=False)
    before = screen.modes_before()
    screen.see_at_cursor(PROMPT).enter("!echo started; sleep 1; echo over").see_line("started")
    os.kill(screen.child.pid, signal.SIGTERM)
    assert ended(screen) == (None, signal.SIGTERM)
    assert "over" in (screen.raw + screen.child.before).decode().replace("echo over", "")
    assert screen.modes() == before
    screen = shell(ready=False)
    screen.see_at_cursor(PROMPT).enter("!echo started; sleep 5; echo over").see_line("started")
    os.kill(screen.child.pid, signal.SIGTERM)
    time.sleep(0.2)
    os.kill(screen.child.pid, signal.SIGTERM)
    screen.child.wait()
    assert screen.child.signalstatus == signal.SIGTERM
    assert screen.modes() == before


def test_a_password_is_asked_for_without_echo(shell):
    screen = shell(ready=False)
    before = screen.modes_before()
    # What was typed before the question is no answer.
    screen.see_at_cursor(PROMPT).send("set password\rtyped ahead\r").see_at_cursor("password: ").pump(0.3)
    screen.see_at_cursor("password: ").send("P@ssw0rd\r").see_at_cursor(PROMPT)
    screen.enter("set").see("password")
    assert "P@ssw0rd" not in screen.raw.decode()
    screen.enter("set password P@ssw0rd").see("never an argument")
    screen.send("\x04")
    assert ended(screen) == (0, None)
    assert screen.modes() == before
    for path in shell.folder.rglob("*"):
        if path.is_file():
            assert b"P@ssw0rd" not in path.read_bytes(), path


def test_control_c_at_a_question_changes_nothing(shell):
    screen = shell()
    screen.enter("set password").see("password:")
    screen.send("half\x03").see("not entered").see_at_cursor(PROMPT)
    assert "half" not in screen.text()


def test_a_production_context_has_a_red_prompt(shell):
    screen = shell()
    assert colour_of_prompt(screen) == "default"
    screen.enter("set production true").see_at_cursor(PROMPT)
    screen.wait(lambda: colour_of_prompt(screen) == "red", "a red prompt")
    plain = shell(env={"NO_COLOR": "1"})
    plain.enter("set production true").see_at_cursor(PROMPT)
    assert colour_of_prompt(plain) == "default"


def test_a_context_stands_in_the_prompt(shell):
    screen = shell()
    screen.enter("context save hq").see_at_cursor("apexsh hq> ")
    row = screen.display.buffer[screen.display.cursor.y]
    assert row[7].bold and not row[0].bold


def test_a_dumb_terminal_has_a_plain_prompt(shell):
    screen = shell(env={"TERM": "dumb"})
    screen.enter("conect").see("did you mean").see_at_cursor(PROMPT)
    assert b"\x1b" not in screen.raw
    screen.send("\x04")
    assert ended(screen) == (0, None)


def test_a_line_goes_on_in_the_next(shell):
    screen = shell()
    screen.enter("set \\").see_at_cursor("> ")
    screen.enter("parallel x").see("apexsh: ").see_at_cursor(PROMPT)


def test_a_confirmation_is_given_up_by_control_c(shell, lab):
    lab.enter("list-mismatched > /dev/null").see("mismatched)>")
    lab.enter("transfer @first:3").see("to go on:")
    lab.send("\x03").wait(lambda: lab.cursor_line() == "apexsh (40 mismatched)>", "the prompt")
    runs = shell.folder / "runs.json"
    lab.enter(f"list runs --format json > {runs}; help exit").see("Leave")
    assert runs.read_text() == ""


def running(shell):
    """A shell in the middle of a run that is large enough to be interrupted."""
    screen = shell("--lab", "--agents", "4000", ready=False)
    before = screen.modes_before()
    screen.see_at_cursor(PROMPT).enter("list-mismatched > /dev/null").see("mismatched)>")
    screen.enter("transfer @mismatched").see("to go on:")
    screen.enter("4000").see("run 1:")
    return screen, before


def test_control_c_ends_a_run_in_good_order(shell):
    screen, _ = running(shell)
    screen.send("\x03").see("^C: no more agents are started")
    screen.wait(lambda: screen.cursor_line().endswith("mismatched)>"), "the prompt")
    assert "not-attempted" in screen.text()
    screen.enter("help exit").see("Leave")


@pytest.mark.parametrize("times", [1, 2])
def test_sigterm_ends_a_run_in_good_order_and_then_the_session(shell, times):
    screen, before = running(shell)
    # Some send it twice, to the process and to its group.
    for _ in range(times):
        os.kill(screen.child.pid, signal.SIGTERM)
        time.sleep(0.05)
    screen.see("not-attempted")
    assert ended(screen) == (None, signal.SIGTERM)
    assert screen.modes() == before


@pytest.mark.parametrize("line", [None, "set parallel 4"])
def test_sigint_at_an_idle_prompt_is_as_ctrl_c(shell, line):
    screen = shell()
    if line:
        screen.enter(line).see_at_cursor(PROMPT)
    screen.send("half a line").see_at_cursor(PROMPT + "half a line")
    for _ in range(3):
        os.kill(screen.child.pid, signal.SIGINT)
        screen.wait(lambda: screen.cursor_line() == PROMPT.rstrip() and screen.text().count("^C") > _, "a new prompt")
    assert PROMPT + "half a line^C" in screen.lines()
    screen.enter("set > /dev/null && help exit-codes").see("interrupted")
    # The line that was given up is not run, and a command can still be ended.
    screen.enter("!sleep 60").pump(0.3)
    screen.send("\x03").see_at_cursor(PROMPT)
    screen.send("\x04")
    assert ended(screen) == (0, None)


def test_sigint_ends_a_search_and_a_continued_line(shell):
    screen = shell()
    screen.enter("set parallel 4").see_at_cursor(PROMPT)
    screen.enter("set retries 3 \\").see_at_cursor("> ")
    os.kill(screen.child.pid, signal.SIGINT)
    screen.see_at_cursor(PROMPT)
    screen.send("\x12para").pump(0.2)
    os.kill(screen.child.pid, signal.SIGINT)
    screen.wait(lambda: screen.cursor_line() == PROMPT.rstrip(), "a new prompt")
    screen.enter("set | grep retries").see_line("retries\t2\tdefault".expandtabs(8))


def test_sigint_at_a_plain_prompt(shell):
    screen = shell(env={"TERM": "dumb"})
    screen.send("half a line").pump(0.2)
    os.kill(screen.child.pid, signal.SIGINT)
    screen.wait(lambda: screen.cursor_line() == PROMPT.rstrip(), "a new prompt")
    screen.send("half")
    screen.send("\x03").wait(lambda: screen.cursor_line() == PROMPT.rstrip(), "a new prompt")
    screen.enter("set retries 3 \\").see_at_cursor("> ")
    os.kill(screen.child.pid, signal.SIGINT)
    screen.wait(lambda: screen.cursor_line() == PROMPT.rstrip(), "a new prompt")
    screen.enter("!echo answered").see_line("answered").see_at_cursor(PROMPT)
    screen.send("\x04")
    assert ended(screen) == (0, None)
