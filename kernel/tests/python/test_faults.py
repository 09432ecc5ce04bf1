"""What goes wrong outside a cell: files, ports, messages, front ends and killed children."""

import itertools
import json
import os
import random
import socket
import subprocess
import time
import uuid

import psutil
import pytest
import zmq
from frontend import PATIENCE
from jupyter_client.connect import write_connection_file
from jupyter_client.kernelspec import KernelSpecManager

# The same faults in every run.
random.seed(42)


@pytest.fixture
def connection_file(tmp_path):
    path, _ = write_connection_file(str(tmp_path / "connection.json"), key=b"key")
    return path


def start(path):
    """Runs a kernel that must end by itself; returns what it wrote."""
    program = KernelSpecManager().get_kernel_spec("gradbook").argv[0]
    ended = subprocess.run(
        [program, "kernel", "-f", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "TMPDIR": str(os.path.dirname(path))},
    )
    assert ended.returncode != 0
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    return ended.stderr


def test_a_missing_connection_file(tmp_path):
    assert str(tmp_path / "none.json") in start(tmp_path / "none.json")


def test_an_unreadable_connection_file(tmp_path):
    assert str(tmp_path) in start(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"transport": "tcp"}',
        '{"ip": "127.0.0.1", "transport": "tcp", "key": "", "shell_port": "five"}',
    ],
)
def test_a_malformed_connection_file(tmp_path, text):
    path = tmp_path / "connection.json"
    path.write_text(text)
    assert str(path) in start(path)


@pytest.mark.parametrize("change", [{"transport": "pigeon"}, {"signature_scheme": "hmac-none"}])
def test_a_connection_file_that_asks_for_what_is_not_there(connection_file, change):
    with open(connection_file) as file:
        connection = json.load(file)
    with open(connection_file, "w") as file:
        json.dump({**connection, **change}, file)
    [wrong] = change.values()
    assert wrong in start(connection_file)


@pytest.mark.parametrize("name", ["shell", "control", "iopub", "stdin", "hb"])
def test_a_port_that_is_taken(connection_file, name):
    with open(connection_file) as file:
        port = json.load(file)[f"{name}_port"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert str(port) in start(connection_file)


def test_ten_thousand_bad_messages_are_dropped(kernel):
    kernel.ok("let kept = 1;")
    client, session = kernel.client, kernel.client.session
    good = session.msg("kernel_info_request")
    frames = session.serialize(good)
    context = zmq.Context()
    with context.socket(zmq.DEALER) as shell:
        shell.linger = -1
        shell.setsockopt(zmq.SNDHWM, 0)
        shell.connect(f"tcp://127.0.0.1:{kernel.manager.shell_port}")
        for spoil in itertools.islice(itertools.cycle(SPOILED), 10_000):
            shell.send_multipart(spoil(list(frames)))
        # The last one is good, and is the only one that is answered.
        shell.send_multipart(session.serialize(session.msg("kernel_info_request")))
        assert shell.poll(60_000)
        _, answer = session.feed_identities(shell.recv_multipart())
        assert session.deserialize(answer)["msg_type"] == "kernel_info_reply"
        assert not shell.poll(0)
    context.term()
    assert kernel.ok("kept").value == "1"


def noise(length):
    return bytes(random.randrange(256) for _ in range(length))


# Frames are: delimiter, signature, header, parent header, metadata, content.
SPOILED = [
    lambda frames: [frames[0], b"0" * 64, *frames[2:]],
    lambda frames: [frames[0], b"", *frames[2:]],
    lambda frames: [frames[0], noise(64), *frames[2:]],
    lambda frames: frames[:3],
    lambda frames: frames[:1],
    lambda frames: frames[1:],
    lambda frames: [*frames[:2], b"{", *frames[3:]],
    lambda frames: [*frames[:2], noise(40), *frames[3:]],
    lambda frames: [*frames[:5], b'{"code": "let kept = 2;"}'],
    lambda _: [noise(20) for _ in range(random.randrange(1, 9))],
    lambda _: [b""],
    lambda frames: [*reversed(frames)],
]


def sign(kernel, header, content=b"{}"):
    """A well-signed message whose parts need not make sense."""
    session = kernel.client.session
    parts = [header, b"{}", b"{}", content]
    return [b"<IDS|MSG>", session.sign(parts), *parts]


def test_well_signed_nonsense_is_answered_or_dropped(kernel):
    context = zmq.Context()
    kinds = (5, None, "no_such_request", "execute_request", "complete_request", "history_request")
    for kind in ("{}", "[]", "null", "5", *kinds):
        for content in (b"{}", b"[]", b"null", b'{"code": 5, "cursor_pos": -1}'):
            header = {"msg_id": str(uuid.uuid4()), "session": "s", "msg_type": kind}
            header = kind if kind not in kinds else json.dumps(header)
            with context.socket(zmq.DEALER) as shell:
                shell.connect(f"tcp://127.0.0.1:{kernel.manager.shell_port}")
                shell.send_multipart(sign(kernel, header.encode(), content))
                assert kernel.kernel_info()["status"] == "ok"
                shell.linger = 0
    context.term()
    assert kernel.ok("1 + 1").value == "2"


def test_front_ends_that_leave_in_the_middle_of_a_reply(kernel):
    session = kernel.client.session
    context = zmq.Context()
    for leaves in range(12):
        with context.socket(zmq.SUB) as iopub, context.socket(zmq.DEALER) as shell:
            iopub.linger = shell.linger = 0
            iopub.subscribe(b"")
            iopub.connect(f"tcp://127.0.0.1:{kernel.manager.iopub_port}")
            shell.connect(f"tcp://127.0.0.1:{kernel.manager.shell_port}")
            # A reply of a megabyte, and a megabyte on iopub.
            code = f'let big = "{leaves}".repeat(1_000_000); print!("{{big}}"); big'
            content = {"code": code, "silent": False, "user_expressions": {"big": "big"}}
            for _ in range(2):
                shell.send_multipart(session.serialize(session.msg("kernel_info_request")))
            shell.send_multipart(session.serialize(session.msg("execute_request", content)))
            if leaves % 2:
                assert shell.poll(PATIENCE * 1000)
                shell.recv()
    context.term()
    assert kernel.kernel_info()["status"] == "ok"
    assert kernel.ok("1 + 1").value == "2"


def test_a_child_killed_at_any_moment_of_two_hundred_cells(kernel):
    """Whatever the moment, each cell either ran or says that the process ended."""
    lost = ran = 0
    # The last one is not killed: a death after the end of the cell before it is told there.
    for number in range(201):
        sent = kernel.send(f'let v{number} = {number}; println!("cell {number}"); v{number} + 1')
        if number % 2:
            # Between nothing and a few milliseconds of work of our own, so that it meets a compile,
            # a start, a run or an end.
            sum(range(random.randrange(6_000_000)))
            kill_child(kernel)
        result = kernel.finish(sent)
        if result.reply["status"] == "ok":
            assert (result.out, result.value) == (f"cell {number}\n", str(number + 1))
            ran += 1
        else:
            assert "process" in result.told
            lost += 1
    assert ran >= 100 and lost >= 1, (ran, lost)
    kernel.ok("let after = 5;")
    assert kernel.ok("after").value == "5"


def kill_child(kernel):
    try:
        kernel.child.kill()
    except (ValueError, psutil.NoSuchProcess):
        # Between two children.
        pass


def test_what_a_killed_cell_printed_is_not_lost(kernel, tmp_path):
    """Each line is printed and then noted in a file: what was noted must have been shown."""
    notes = tmp_path / "notes"
    kernel.ok("use std::io::Write;")
    shown = []
    for _ in range(30):
        sent = kernel.send(
            f'let mut notes = std::fs::File::create("{notes}")?;\n'
            'for line in 0.. { println!("line {line}"); writeln!(notes, "{line}")?; }'
        )
        kernel.wait_for_text(sent, "line 0\n")
        # At any moment from the first lines to some thousand lines later.
        time.sleep(random.uniform(0, 0.03))
        kernel.child.kill()
        ran = kernel.finish(sent)
        assert "process" in ran.told
        noted = len(notes.read_text().splitlines())
        shown.append(ran.out.count("\n"))
        assert ran.out == "".join(f"line {line}\n" for line in range(shown[-1]))
        # It may have died between the two.
        assert noted <= shown[-1] <= noted + 1
    assert max(shown) > 100, shown
