"""The kernel as a prompt in a terminal: `cargo lab console`, typed at as a person would."""

import os
import re
from pathlib import Path

import pexpect
import pytest
from frontend import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("GRADBOOK_HOME", ROOT / ".gradbook")) / "bin" / "gradbook"
UP, TAB, ENTER, END = "\x1b[A", "\t", "\r", "\x04"
# The console gives an answer a second, and then never asks that question again.
PATIENT = [
    f"--ZMQTerminalInteractiveShell.kernel_is_complete_timeout={PATIENCE}",
    f"--ZMQCompleter.timeout={PATIENCE}",
]


@pytest.fixture
def console(tmp_path):
    """A prompt with a history of its own."""
    terminal = pexpect.spawn(
        str(PROGRAM),
        ["console", "--", *PATIENT],
        cwd=str(ROOT),
        encoding="utf-8",
        codec_errors="replace",
        dimensions=(40, 120),
        timeout=PATIENCE,
        env={
            **os.environ,
            "TERM": "xterm",
            # Nobody here answers where the cursor is.
            "PROMPT_TOOLKIT_NO_CPR": "1",
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        },
    )
    yield terminal
    terminal.close(force=True)


COLOUR = r"(?:\x1b\[[\d;]*m)*"


def prompt(console, number):
    console.expect(rf"In \[{COLOUR}{number}{COLOUR}\]: ")


def enter(console, line, *answers):
    """Types a line and reads what comes of it, behind its echo."""
    console.send(line + ENTER)
    for answer in answers:
        console.expect(re.escape(answer))


def test_lines_history_completion_and_errors_at_the_prompt(console):
    prompt(console, 1)
    enter(console, "let zebras = 20 + 22;")
    prompt(console, 2)
    enter(console, 'println!("=> {}", zebras * 2)', "=> 84")
    prompt(console, 3)
    # A line that is not whole asks for the next.
    enter(console, "fn twice(x: i32) -> i32 {", "...: ")
    enter(console, "x * 2 }")
    prompt(console, 4)
    enter(console, "twice(zebras) + 16", "100")
    prompt(console, 5)
    # Past the sum, and both lines of the function.
    enter(console, UP * 4, "=> 84")
    prompt(console, 6)
    complete(console, "zeb", "ras")
    enter(console, " + 1000", "1042")
    prompt(console, 7)
    enter(console, "zebras + 1.5", "cannot add")
    prompt(console, 8)
    enter(console, 'println!("{}", 6 * 7777); loop {}', "46662")
    console.sendintr()
    console.expect("stopped here; variables are kept")
    prompt(console, 9)
    enter(console, "zebras * 1000", "42000")
    prompt(console, 10)
    console.send(END)
    console.expect("exit")
    enter(console, "y")
    console.expect(pexpect.EOF)


def complete(console, begun, rest):
    """Asks again, as a person would: an answer that comes too late is thrown away."""
    console.send(begun)
    for _ in range(10):
        console.send(TAB)
        if console.expect([rest, pexpect.TIMEOUT], timeout=PATIENCE / 10) == 0:
            return
    pytest.fail(f"`{begun}` is not completed")
