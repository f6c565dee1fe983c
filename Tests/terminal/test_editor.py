"""The line editor on a terminal: what a person sees."""

import os
import signal

import pexpect
import pytest

from screen import Screen

PASTE = "\x1b[200~{}\x1b[201~"


def test_reads_a_line(start):
    screen = start()
    screen.send("show server").see_at_cursor("probe> show server")
    screen.send("\r").see_line("got: show server").see_at_cursor("probe> ")


def test_utf8_comes_through(start):
    screen = start()
    screen.enter("grüße 日本 Ж").see("got: grüße")
    assert "got: grüße 日本 Ж" in screen.text().replace("日 本 ", "日本 ").replace("日 本", "日本")


def test_broken_utf8_is_seen(start):
    screen = start()
    screen.child.send(b"caf\xe9 x\r")
    screen.see_line("got: caf\ufffd x")


def test_moves_and_deletes(start):
    screen = start()
    screen.enter("shxw\x1b[D\x7fo\x05!\x01a ").see_line("got: a show!")


def test_cancel_drops_the_line(start):
    screen = start()
    screen.send("abc").see_at_cursor("probe> abc")
    screen.send("\x03").see_line("probe> abc^C").see_at_cursor("probe> ")
    screen.enter("def").see_line("got: def")


def test_cancel_in_a_wrapped_line_leaves_it_whole(start):
    screen = start(columns=20)
    screen.send("a" * 30 + "\x01").wait(lambda: screen.display.cursor.x == 7, "cursor at the start")
    screen.send("\x03").see_line("a" * 17 + "^C").see_at_cursor("probe> ")


def test_an_end_of_input_typed_before_the_prompt_counts(start):
    screen = start(ready=False)
    screen.send("\x04").see_line("bye")
    screen.child.expect(pexpect.EOF)


def test_lines_and_an_end_typed_before_the_prompt_count(start):
    screen = start(ready=False)
    screen.send("abc\r\x04").see("got: abc").see_line("bye")


def test_end_of_input_leaves_the_terminal_as_it_was(start):
    screen = start(ready=False)
    before = screen.modes_before()
    screen.see_at_cursor("probe> ")
    assert screen.modes() != before
    screen.send("\x04").see_line("bye")
    assert screen.modes() == before
    screen.child.expect(pexpect.EOF)
    assert screen.raw.rindex(b"\x1b[?2004l") > screen.raw.rindex(b"\x1b[?2004h")


def test_control_d_in_a_line_deletes(start):
    screen = start()
    screen.send("ab\x01\x04").see("probe> b")
    screen.send("\r").see_line("got: b")


def test_exit_from_elsewhere_leaves_the_terminal_as_it_was(start, fifo):
    path, send = fifo
    screen = start(ready=False, env={"PROBE_FIFO": path})
    before = screen.modes_before()
    screen.see_at_cursor("probe> ")
    send("exit")
    screen.child.expect(pexpect.EOF)
    screen.child.wait()
    assert screen.child.exitstatus == 3
    assert screen.modes() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGSEGV, signal.SIGABRT])
def test_a_signal_leaves_the_terminal_as_it_was(start, number):
    screen = start(ready=False, env={"SWIFT_BACKTRACE": "enable=no"})
    before = screen.modes_before()
    screen.see_at_cursor("probe> ").send("half a line").see("half a line")
    os.kill(screen.child.pid, number)
    screen.child.expect(pexpect.EOF)
    screen.child.wait()
    assert screen.child.signalstatus == number
    assert screen.modes() == before
    assert (screen.raw + screen.child.before).endswith(b"\x1b[?2004l")


def test_commands_run_with_the_terminal_as_it_was(start):
    screen = start(ready=False)
    before = screen.modes_before()
    screen.see_at_cursor("probe> ").enter("wait").see_line("waiting")
    # libedit adds modes of its own to a cooked terminal; what matters is that keys are signals and lines again.
    flags = dict(zip(("input", "output", "control", "local"), before.split(":")))
    assert screen.modes().split(":")[3] == flags["local"]
    screen.send("\x03").see_line("^Cinterrupt interrupt 1")
    screen.send("\x03").see("interrupt interrupt 2")
    os.kill(screen.child.pid, signal.SIGTERM)
    screen.see("interrupt terminate 1").see_at_cursor("probe> ")


def test_text_from_elsewhere_stands_above_the_line(start, fifo):
    path, send = fifo
    screen = start(env={"PROBE_FIFO": path})
    screen.send("half a li").see_at_cursor("probe> half a li")
    send("print run 7: WS-001 repaired")
    screen.see_line("run 7: WS-001 repaired").see_at_cursor("probe> half a li")
    screen.enter("ne").see_line("got: half a line")
    assert screen.lines()[:3] == ["run 7: WS-001 repaired", "probe> half a line", "got: half a line"]


def test_text_above_a_wrapped_line_with_the_cursor_inside(start, fifo):
    path, send = fifo
    screen = start(columns=40, env={"PROBE_FIFO": path})
    line = "".join(str(n % 10) for n in range(100))
    screen.send(line).see_at_cursor(line[73:])
    screen.send("\x02" * 50).wait(lambda: (screen.display.cursor.y, screen.display.cursor.x) == (1, 17), "cursor")
    for number in range(3):
        send(f"print text {number}")
        screen.see_line(f"text {number}")
    screen.wait(lambda: (screen.display.cursor.y, screen.display.cursor.x) == (4, 17), "cursor")
    assert screen.text().split("\n") == ["text 0", "text 1", "text 2", "probe> " + line[:33], line[33:73], line[73:]]
    screen.enter("").see("got: 0123")


def test_the_prompt_changes_while_typing(start, fifo):
    path, send = fifo
    screen = start(env={"PROBE_FIFO": path})
    screen.send("abc").see_at_cursor("probe> abc")
    send("prompt probe 17/50>")
    screen.see_at_cursor("probe 17/50> abc")
    assert screen.text() == "probe 17/50> abc"


def test_many_texts_lose_nothing(start, fifo):
    path, send = fifo
    screen = start(env={"PROBE_FIFO": path})
    for number in range(200):
        send(f"print text {number}")
        screen.send("x")
    screen.see("text 199").wait(lambda: screen.text().count("x") == 200 + screen.text().count("text"), "200 x")
    screen.enter("").see("got: " + "x" * 75)


def test_resize_keeps_the_line(start):
    screen = start()
    screen.send("show agent WS-001").see_at_cursor("probe> show agent WS-001")
    for rows, columns in [(24, 40), (12, 100), (24, 60)]:
        screen.resize(rows, columns)
        screen.send("x").see("WS-001x")
        screen.send("\x7f").see_at_cursor("probe> show agent WS-001")
    screen.enter("").see_line("got: show agent WS-001")
    assert screen.text().count("probe> show") == 1


def test_a_pasted_block_runs_line_by_line(start):
    screen = start()
    screen.send(PASTE.format("first\r\nsecond\tx\nthird\n"))
    screen.see("probe> first  (2 more pasted lines)")
    assert "got:" not in screen.text()
    screen.send("\r").see_line("got: first").see("probe> second x  (1 more pasted line)")
    screen.send("\r").see_line("got: second x").see_at_cursor("probe> third")
    screen.send("\r").see_line("got: third").see_at_cursor("probe> ")


def test_cancel_drops_the_rest_of_a_paste(start):
    screen = start()
    screen.send(PASTE.format("first\nsecond")).see("1 more pasted line")
    screen.send("\x03").see_at_cursor("probe> ")
    screen.enter("x").see_line("got: x").see_at_cursor("probe> ")
    assert "second" not in screen.text()


def test_a_paste_in_the_middle_of_a_line(start):
    screen = start()
    screen.send("show  x\x02\x02").send(PASTE.format("agent")).see("probe> show agent x")
    screen.enter("").see_line("got: show agent x")


def test_tab_inserts_and_lists(start):
    screen = start()
    screen.send("tr\t").see("repair with IpXfer").see_at_cursor("probe> tr")
    assert screen.lines()[:2] == ["transfer  repair with IpXfer", "trust     keys of endpoints"]
    screen.send("a\t").see_at_cursor("probe> transfer ")
    screen.send("WS-12\t").see_at_cursor("probe> transfer WS-12")
    screen.see("WS-120").enter("").see_line("got: transfer WS-12")


def test_tab_lists_one_screen(start):
    screen = start(rows=10, columns=40)
    screen.send("report W\t").see_at_cursor("probe> report WS-")
    screen.send("\t").see("more").see_at_cursor("probe> report WS-")
    rows = screen.text().split("\n")
    assert len(rows) <= 10
    shown = sum(row.count("WS-") for row in rows[:-1] if "probe>" not in row)
    assert f"+{500 - shown} more" in rows


def test_a_hint_is_faint_and_taken_by_right(start):
    screen = start()
    screen.send("list-m").wait(lambda: screen.cursor_line() == "probe> list-mismatched --format json", "the hint")
    assert screen.display.cursor.x == len("probe> list-m")
    screen.send("\x1b[C").see_at_cursor("probe> list-mismatched --format json")
    screen.send("\r").see_line("got: list-mismatched --format json")


def test_a_hint_is_never_taken_by_enter(start):
    screen = start()
    screen.send("list-m").see("--format")
    screen.send("\r").see_line("got: list-m")
    assert screen.lines()[0] == "probe> list-m"


def test_right_moves_where_there_is_no_hint(start):
    screen = start()
    screen.enter("xb\x1b[D\x1b[D\x1b[Ca").see_line("got: xab")


def test_history_across_two_sessions(start, tmp_path):
    path = str(tmp_path / "history")
    first = start(env={"PROBE_HISTORY": path})
    first.enter("show server").see_line("got: show server")
    first.enter("liste \"ä\"").see("got: liste")
    first.enter("exit").see_line("bye")
    assert os.stat(path).st_mode & 0o777 == 0o600
    second = start(env={"PROBE_HISTORY": path})
    second.send("\x1b[A").see_at_cursor("probe> liste \"ä\"")
    second.send("\x1b[A").see_at_cursor("probe> show server")
    second.send("\r").see_line("got: show server")
    second.send("\x12list").see("bck:").send("\r").see("got: liste \"ä\"")


@pytest.mark.parametrize("command", ["{}", "sh -c '{}; true'"])
def test_suspended_and_continued(probe, command):
    shell = Screen("/bin/bash", ["--norc", "--noprofile", "-i"], env={"PS1": "outer$ "})
    try:
        shell.see_at_cursor("outer$ ")
        before = shell.modes()
        shell.enter(command.format(probe)).see_at_cursor("probe> ")
        shell.send("half a li").see_at_cursor("probe> half a li")
        shell.send("\x1a").see("Stopped").see_at_cursor("outer$ ")
        shell.enter("fg").see_at_cursor("probe> half a li")
        shell.enter("ne").see_line("got: half a line").see_at_cursor("probe> ")
        shell.enter("exit").see_line("bye").see_at_cursor("outer$ ")
        assert shell.modes() == before
    finally:
        shell.close()


def test_suspend_where_nobody_could_continue_it(start):
    screen = start()
    screen.send("half a li\x1a").see_line("probe> half a li^Z").see_at_cursor("probe> half a li")
    screen.enter("ne").see_line("got: half a line")


def test_what_is_typed_ahead_is_read(start):
    screen = start()
    screen.send("one\rtwo\rthr").see_line("got: one").see_line("got: two").see_at_cursor("probe> thr")


def test_stopped_while_reading(start, fifo):
    path, send = fifo
    screen = start(ready=False, env={"PROBE_FIFO": path})
    before = screen.modes_before()
    screen.see_at_cursor("probe> ").send("abc").see_at_cursor("probe> abc")
    send("stop")
    screen.see_line("bye")
    screen.child.expect(pexpect.EOF)
    screen.child.wait()
    assert screen.child.exitstatus == 0
    assert screen.modes() == before


def test_vi_keys(start, tmp_path):
    settings = tmp_path / "editrc"
    settings.write_text("apexsh:bind -v\n")
    screen = start(env={"EDITRC": str(settings)})
    screen.send("abc").see_at_cursor("probe> abc")
    screen.send("\x1b").pump(0.3)
    screen.send("0x").see("probe> bc")
    screen.send("v").pump(0.2)
    screen.send("\r").see_line("got: bc")
    screen.send(PASTE.format("pasted")).see_at_cursor("probe> pasted")
    screen.send("\x03").see_line("probe> pasted^C").see_at_cursor("probe> ")


def test_dumb_terminal(start):
    screen = start(ready=False, env={"TERM": "dumb"})
    screen.see("probe>").enter("show server").see("got: show server")
    assert b"\x1b" not in screen.raw
