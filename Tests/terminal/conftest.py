import os
import pathlib
import signal
import subprocess

import pytest

from screen import Screen

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A shell that starts the tests in the background has them ignore ^C; the programs under test must not inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)


@pytest.fixture(scope="session")
def probe():
    """The path of the probe; APEXSH_PROBE names one that is built already."""
    if path := os.environ.get("APEXSH_PROBE"):
        return path
    subprocess.run(["swift", "build", "--product", "editor-probe"], cwd=ROOT, check=True)
    folder = subprocess.run(["swift", "build", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return folder.stdout.strip() + "/editor-probe"


@pytest.fixture
def start(probe):
    """Starts probes; ends them after the test."""
    screens = []

    def launch(ready=True, **options):
        screen = Screen(probe, **options)
        screens.append(screen)
        return screen.see_at_cursor("probe> ") if ready else screen

    yield launch
    for screen in screens:
        screen.close()


@pytest.fixture
def fifo(tmp_path):
    """A FIFO whose lines the probe obeys: its path, and a function that sends one."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    # Both ends: neither side waits for the other to open it.
    descriptor = os.open(path, os.O_RDWR)
    yield str(path), lambda line: os.write(descriptor, (line + "\n").encode())
    os.close(descriptor)
