"""How long a learner waits: for a stop, for what a cell prints, for answers while it runs. Medians stand at the
end of the run; only what nobody would sit through fails, because other work shares the machine."""

import statistics
import time

import pytest
from frontend import until
from loops import BEFORE, LOOPS


@pytest.fixture
def waited(figures):
    """Notes how long something took each time, and how long that may be."""

    def note(what, seconds, at_most):
        median = statistics.median(seconds)
        figures.append(f"{what}: median {median:.3f} s, longest {max(seconds):.3f} s")
        assert median < at_most, sorted(seconds)

    return note


@pytest.mark.parametrize("kind", ["loop", "for", "training"])
def test_a_stop(kernel, waited, kind):
    code, _ = LOOPS[kind]
    took = []
    for _ in range(7):
        kernel.ok(BEFORE)
        sent = kernel.begin(code)
        pressed = time.monotonic()
        kernel.interrupt()
        ran = kernel.finish(sent)
        took.append(time.monotonic() - pressed)
        assert ran.error["ename"] == "Interrupted"
    waited(f"from a stop to idle, {kind}", took, at_most=1.0)


@pytest.mark.parametrize(("stream", "print"), [("stdout", "print"), ("stderr", "eprint")])
def test_part_of_a_line_in_the_middle_of_a_cell(kernel, waited, gate, stream, print):
    sent = kernel.send(f"""
use std::time::{{SystemTime, UNIX_EPOCH}};
for round in 0..20 {{
    {print}!("{{}} #{{round}} ", SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos());
    {gate.wait}
}}
""")
    took = []
    for round in range(20):
        printed = kernel.wait_for_text(sent, f"#{round} ", stream)
        took.append((time.time_ns() - int(printed.split()[-2])) / 1e9)
        gate.open()
    assert kernel.finish(sent).reply["status"] == "ok"
    waited(f"from {print}! to the front end", took, at_most=0.5)


QUESTIONS = {
    "completion": lambda client: client.complete("let total = weights.matm"),
    "inspection": lambda client: client.inspect("let total = weights.matmul"),
    "is_complete": lambda client: client.is_complete("fn f() {"),
    "history": lambda client: client.history(hist_access_type="tail", n=10),
}


@pytest.fixture(scope="module")
def session(kernel):
    """A tensor, and code intelligence that answers."""
    kernel.ok("let weights = Tensor::ones([2, 3], (Kind::Float, Device::Cpu));")
    inferred = lambda: answer(kernel, kernel.client.complete("let n = 1u8; n.leading_z"))
    until(lambda: inferred()["matches"], "rust-analyzer answers")
    return kernel


def answer(kernel, question):
    return kernel.reply(question)["content"]


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "while a cell runs"])
@pytest.mark.parametrize("what", QUESTIONS)
def test_an_answer(session, waited, gate, what, busy):
    running = session.begin(f'println!("running"); {gate.wait}') if busy else None
    took = []
    for _ in range(15):
        asked = time.monotonic()
        said = answer(session, QUESTIONS[what](session.client))
        took.append(time.monotonic() - asked)
        assert said["status"] == ("incomplete" if what == "is_complete" else "ok")
        assert is_answer(what, said)
    if busy:
        assert running not in session._replies
        gate.open()
        session.finish(running)
    waited(f"{what} {'while a cell runs' if busy else 'idle'}", took, at_most=1.0)


def is_answer(what, said):
    """Not only in time."""
    match what:
        case "completion":
            return "matmul" in said["matches"]
        case "inspection":
            return "fn matmul" in said["data"]["text/plain"]
        case "is_complete":
            return said["indent"] is not None
        case "history":
            return said["history"]
