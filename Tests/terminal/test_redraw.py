"""Text printed above lines of any length, with the cursor anywhere: the screen must be exactly right."""

import random

import pytest
from wcwidth import wcwidth

COLUMNS = 40
PROMPT = "probe> "
NARROW = "abcdefghij0123456789-äéЖ"
ALPHABET = NARROW + "日本語"


def rows(text):
    """`text` as a terminal of COLUMNS wraps it, without trailing blanks."""
    result, row, width = [], "", 0
    for character in text:
        columns = wcwidth(character)
        if width + columns > COLUMNS:
            result.append(row)
            row, width = "", 0
        row += character
        width += columns
    return [line.rstrip() for line in result + [row]]


def shown(screen):
    """The screen's rows; pyte leaves an empty cell behind a wide character."""
    lines = []
    for y in range(screen.display.lines):
        cells = screen.display.buffer[y]
        lines.append("".join(cells[x].data for x in range(screen.display.columns)).rstrip())
    while lines and not lines[-1]:
        lines.pop()
    return lines


@pytest.mark.parametrize("seed", range(12))
def test_random_lines_and_texts(start, fifo, seed):
    path, send = fifo
    chance = random.Random(seed)
    screen = start(rows=60, columns=COLUMNS, env={"PROBE_FIFO": path})
    line = "".join(chance.choice(ALPHABET) for _ in range(chance.randrange(0, 90)))
    back = chance.randrange(0, len(line) + 1)
    screen.send(line + "\x02" * back)
    screen.wait(lambda: shown(screen) == rows(PROMPT + line), "the line")
    above = []
    for number in range(4):
        # Narrow only: pyte draws half of a wide character in the last column, which terminals wrap.
        text = f"{number}:" + "".join(chance.choice(NARROW) for _ in range(chance.randrange(0, 90)))
        send("print " + text)
        above += rows(text)
        screen.wait(lambda: shown(screen) == above + rows(PROMPT + line), f"{above} above the line")
    # The cursor is where libedit believes it is: a character typed now lands there.
    screen.send("X")
    line = line[: len(line) - back] + "X" + line[len(line) - back:]
    screen.wait(lambda: shown(screen) == above + rows(PROMPT + line), "an X at the cursor")
