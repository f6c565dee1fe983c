"""A program on a pseudo-terminal with a screen: pexpect runs it, pyte draws it. Tests look at the screen."""

import os
import subprocess
import time

import pexpect
import pyte


def modes_of(descriptor):
    return subprocess.run(["stty", "-g"], stdin=descriptor, capture_output=True, text=True, check=True).stdout.strip()


class Screen:
    def __init__(self, command, args=(), rows=24, columns=80, env=None, prompt="probe>"):
        self.display = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.display)
        self.raw = b""
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "EDITRC": "/dev/null"}
        for name in ("NO_COLOR", "LC_ALL"):
            environment.pop(name, None)
        environment.update(env or {})
        self.child = pexpect.spawn(command, list(args), dimensions=(rows, columns), env=environment, timeout=10)
        self.child.delaybeforesend = None
        self.prompt = prompt

    def pump(self, seconds=0.02):
        """Takes in what the program wrote until it is silent for `seconds`."""
        while True:
            try:
                data = self.child.read_nonblocking(65536, timeout=seconds)
            except (pexpect.TIMEOUT, pexpect.EOF):
                return
            self.raw += data
            self.stream.feed(data)

    def wait(self, condition, what, seconds=15):
        """Waits until `condition()` holds on the screen; fails with the screen if it never does."""
        end = time.monotonic() + seconds
        while True:
            self.pump()
            if condition():
                return self
            assert time.monotonic() < end, f"never seen: {what}\n" + "\n".join(self.lines())

    def see(self, text):
        return self.wait(lambda: any(text in line for line in self.lines()), text)

    def see_line(self, text):
        """A row that is exactly `text`."""
        return self.wait(lambda: text in self.lines(), f"a row {text!r}")

    def see_at_cursor(self, text):
        """The row of the cursor is `text`, the cursor behind it."""
        width = sum(2 if ord(c) >= 0x1100 and not 0x2000 <= ord(c) < 0x3000 else 1 for c in text)
        return self.wait(lambda: self.cursor_line() == text.rstrip() and self.display.cursor.x == width,
                         f"{text!r} with the cursor behind it")

    def send(self, text):
        self.child.send(text)
        return self

    def enter(self, text):
        return self.send(text + "\r")

    def lines(self):
        # pyte leaves an empty cell behind a wide character.
        return [line.rstrip() for line in self.display.display]

    def cursor_line(self):
        return self.lines()[self.display.cursor.y]

    def text(self):
        return "\n".join(self.lines()).rstrip()

    def resize(self, rows, columns):
        self.display.resize(rows, columns)
        self.child.setwinsize(rows, columns)
        return self

    def modes(self):
        """The terminal's modes, as `stty -g` shows them."""
        return modes_of(self.child.child_fd)

    @staticmethod
    def modes_before():
        """Those of a terminal that no program has had yet: this one's program may be quicker than a look at it."""
        ends = os.openpty()
        try:
            return modes_of(ends[0])
        finally:
            for end in ends:
                os.close(end)

    def close(self):
        self.child.close(force=True)
