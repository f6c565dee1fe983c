"""Questions outside the line editor: confirmations, secrets, progress."""

import os
import signal

import pexpect


def test_a_confirmation(start):
    screen = start()
    screen.enter("confirm").see_at_cursor("How many? ")
    screen.enter("12x\x7f").see_line('answer: given("12")').see_at_cursor("probe> ")


def test_a_confirmation_is_cancelled(start):
    screen = start()
    screen.enter("confirm").see_at_cursor("How many? ")
    screen.send("12\x03").see_line("answer: cancelled").see_at_cursor("probe> ")
    screen.enter("confirm").see("How many? ")
    screen.wait(lambda: screen.cursor_line() == "How many?", "the question again")
    screen.send("\x04").see_line("answer: endOfInput").see_at_cursor("probe> ")


def test_a_question_is_withdrawn(start):
    screen = start()
    screen.enter("withdrawn").see_at_cursor("How many? ")
    screen.send("12").see_line("answer: cancelled").see_at_cursor("probe> ")


def test_type_ahead_is_no_answer(start):
    screen = start()
    screen.send("confirm\r12\r").see_at_cursor("How many? ")
    screen.enter("7").see_line('answer: given("7")')


def test_a_secret_is_not_shown(start):
    screen = start()
    screen.enter("secret").see_at_cursor("Password: ")
    screen.enter("P@ssw0rd").see_line("secret: 8 characters").see_at_cursor("probe> ")
    assert b"P@ssw0rd" not in screen.raw
    screen.enter("secret").wait(lambda: screen.cursor_line() == "Password:", "the question")
    screen.send("P@ss\x03").see_line("secret: -1 characters").see_at_cursor("probe> ")
    screen.enter("shown").see_line("got: shown")


def test_a_signal_brings_the_echo_back(start):
    screen = start(ready=False)
    before = screen.modes_before()
    screen.see_at_cursor("probe> ").enter("secret").see_at_cursor("Password: ")
    os.kill(screen.child.pid, signal.SIGTERM)
    screen.child.expect(pexpect.EOF)
    screen.child.wait()
    assert screen.child.signalstatus == signal.SIGTERM
    assert screen.modes() == before


def test_progress_makes_way(start):
    screen = start()
    screen.enter("progress").see("working xxx").see_line("result").see_at_cursor("probe> ")
    assert screen.lines()[:3] == ["probe> progress", "result", "probe>"]
