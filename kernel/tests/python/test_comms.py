"""Comms: a cell answers what the page opens, and opens comms of its own."""

import os
import signal

import pytest
from frontend import Ran, plain

ECHO = """
comm_target("echo", |comm, data| {
    println!("opened with {data}");
    let answer = comm.clone();
    comm.on_message(move |data| {
        println!("heard {data}");
        answer.send(format!(r#"{{"echo": {data}}}"#));
        display(&tensor(2.0));
    });
    comm.on_close(|data| println!("closed with {data}"));
});
"""


class Page:
    """The other side of comms: sends their messages and reads what each leads to."""

    def __init__(self, kernel):
        self.kernel = kernel
        self.opened = 0

    def open(self, target, data=None):
        self.opened += 1
        comm_id = f"{target}-{self.opened}"
        sent = self.send("comm_open", comm_id, data, target_name=target)
        return comm_id, self.finish(sent)

    def say(self, comm_id, data):
        return self.finish(self.send("comm_msg", comm_id, data))

    def close(self, comm_id, data=None):
        return self.finish(self.send("comm_close", comm_id, data))

    def send(self, msg_type, comm_id, data=None, buffers=None, **more):
        content = {"comm_id": comm_id, "data": {} if data is None else data, **more}
        message = self.kernel.client.session.msg(msg_type, content)
        shell = self.kernel.client.shell_channel.socket
        self.kernel.client.session.send(shell, message, buffers=buffers)
        return message["header"]["msg_id"]

    def finish(self, sent):
        """All that was said of a message, from busy to idle; it has no reply."""
        ended = lambda messages: messages and state(messages[-1]) == "idle"
        messages = self.kernel.wait_for(sent, ended)
        assert state(messages[0]) == "busy"
        return Ran(messages, {"content": {}, "metadata": {}})

    def listed(self, target=None):
        reply = self.kernel.reply(self.kernel.client.comm_info(target))
        return reply["content"]["comms"]


def state(message):
    return message["content"].get("execution_state")


@pytest.fixture
def page(kernel):
    return Page(kernel)


def test_a_cell_answers_what_the_page_opens(kernel, page):
    kernel.ok(ECHO)
    comm, opened = page.open("echo", {"size": 3})
    assert opened.out == 'opened with {"size":3}\n'
    assert page.listed("echo") == {comm: {"target_name": "echo"}}

    said = page.say(comm, {"x": [1, None, "é"]})
    assert said.order() == ["busy", "stdout", "comm_msg", "display_data", "idle"]
    assert said.out == 'heard {"x":[1,null,"é"]}\n'
    assert said.of("comm_msg") == [{"comm_id": comm, "data": {"echo": {"x": [1, None, "é"]}}}]

    # It goes on between cells and over them.
    kernel.ok("let between = 1;")
    assert page.say(comm, 7).of("comm_msg")[0]["data"] == {"echo": 7}

    closed = page.close(comm, {"why": "done"})
    assert closed.out == 'closed with {"why":"done"}\n'
    assert page.listed("echo") == {}
    assert page.say(comm, 8).order() == ["busy", "idle"]
    assert page.close(comm).order() == ["busy", "idle"]


def test_an_unknown_target_is_closed(kernel, page):
    comm, opened = page.open("nobody")
    assert opened.of("comm_close") == [{"comm_id": comm, "data": {}}]
    assert opened.order() == ["busy", "comm_close", "idle"]
    assert comm not in page.listed()


def test_a_cell_opens_a_comm(kernel, page):
    ran = kernel.ok("""
println!("before");
let comm = Comm::open_with("plot", r#"{"title": "loss"}"#, r#"{"version": "2.1.0"}"#);
println!("after");
comm.send(0.5);
comm.on_message(|data| println!("the page says {data}"));
""")
    order = ["busy", "execute_input", "stdout", "comm_open", "stdout", "comm_msg", "idle"]
    assert ran.order() == order
    [opened] = [m for m in ran.messages if m["msg_type"] == "comm_open"]
    comm = opened["content"].pop("comm_id")
    assert opened["content"] == {"target_name": "plot", "data": {"title": "loss"}}
    assert opened["metadata"] == {"version": "2.1.0"}
    assert ran.of("comm_msg") == [{"comm_id": comm, "data": 0.5}]
    assert page.listed("plot") == {comm: {"target_name": "plot"}}
    assert page.say(comm, "hello").out == 'the page says "hello"\n'

    # The variable is kept, and other cells send on it.
    ran = kernel.ok("comm.send(json_field(r#\"{\"a\": [2]}\"#, \"a\").unwrap()); comm.close();")
    assert ran.of("comm_msg")[0]["data"] == [2]
    assert ran.of("comm_close") == [{"comm_id": comm, "data": {}}]
    assert page.listed("plot") == {}
    assert kernel.ok("comm.send(1); comm.is_open()").value == "false"


def test_handlers_and_cells_share_values(kernel, page):
    kernel.ok("""
use std::{cell::RefCell, rc::Rc};
let rates = Rc::new(RefCell::new(Vec::<f64>::new()));
let to = rates.clone();
comm_target("rates", move |comm, _| {
    let to = to.clone();
    comm.on_message(move |data| {
        to.borrow_mut().extend(json_field(data, "rate").and_then(|rate| rate.parse::<f64>().ok()));
    });
});
""")
    comm, _ = page.open("rates")
    for rate in (0.5, 0.25):
        assert page.say(comm, {"rate": rate}).order() == ["busy", "idle"]
    assert kernel.ok("rates.borrow().clone()").value == "[0.5, 0.25]"


def test_a_target_can_be_answered_anew(kernel, page):
    for version in (1, 2):
        kernel.ok(f'comm_target("again", |_, _| println!("version {version}"));')
        assert page.open("again")[1].out == f"version {version}\n"


def test_messages_wait_for_the_running_cell(kernel, page, gate):
    kernel.ok(ECHO)
    comm, _ = page.open("echo")
    cell = kernel.send(f'println!("running"); {gate.wait} println!("done"); panic!("so");')
    kernel.wait_for_text(cell, "running")
    sent = page.send("comm_msg", comm, 1)
    # Answered while the message waits.
    assert page.listed("echo").keys() >= {comm}
    gate.open()
    ran = kernel.finish(cell)
    assert kernel._iopub[sent] == [], "said before the cell was over"
    assert ran.out == "running\ndone\n"
    assert ran.error["ename"] == "Panic"
    assert page.finish(sent).of("comm_msg")[0]["data"] == {"echo": 1}


def test_a_panic_in_a_handler_is_told_with_its_line(kernel, page):
    ran = kernel.ok("""let kept = 5;
comm_target("fragile", |comm, data| {
    assert_ne!(data, "0", "no zero");
    comm.on_message(|data| {
        let values: Vec<u8> = Vec::new();
        println!("{}", values[data.len()]);
    });
});""")
    cell = f"cell [{ran.reply['execution_count']}]:"
    comm, _ = page.open("fragile", 1)
    for _ in range(2):
        said = page.say(comm, 7)
        assert said.order() == ["busy", "stderr", "idle"]
        assert "index out of bounds: the len is 0 but the index is 1" in said.err
        assert f"{cell}6:" in plain(said.err)
    refused, opened = page.open("fragile", 0)
    assert "no zero" in opened.err and f"{cell}3:" in plain(opened.err)
    assert opened.of("comm_close") == [{"comm_id": refused, "data": {}}]
    assert page.listed("fragile").keys() == {comm}
    assert kernel.ok("kept").value == "5"


def test_buffers_pass_both_ways(kernel, page):
    kernel.ok("""
comm_target_with_buffers("raw", |comm, _, buffers| {
    comm.send_with_buffers(buffers.len(), &[&buffers[1], b"opened"]);
    let answer = comm.clone();
    comm.on_message_with_buffers(move |data, buffers| {
        let turned: Vec<Vec<u8>> =
            buffers.iter().map(|bytes| bytes.iter().rev().copied().collect()).collect();
        let turned: Vec<&[u8]> = turned.iter().map(Vec::as_slice).collect();
        answer.send_with_buffers(data, &turned);
    });
});
""")
    every = bytes(range(256))
    sent = page.send("comm_open", "raw-1", buffers=[b"first", every], target_name="raw")
    [answer] = comm_messages(page.finish(sent))
    assert answer["content"] == {"comm_id": "raw-1", "data": 2}
    assert answer["buffers"] == [every, b"opened"]
    for buffers in ([], [b""], [every, b"", b"x" * 20_000_000]):
        [answer] = comm_messages(page.finish(page.send("comm_msg", "raw-1", 7, buffers)))
        assert answer["content"]["data"] == 7
        assert answer["buffers"] == [buffer[::-1] for buffer in buffers]

    # A handler without buffers hears the rest of the message.
    kernel.ok('comm_target("plain", |comm, _| comm.on_message(|data| println!("{data}")));')
    comm, _ = page.open("plain")
    assert page.finish(page.send("comm_msg", comm, 3, [every])).out == "3\n"
    ran = kernel.ok('Comm::open_with_buffers("page", 1, "{}", &[&[9, 8]]).close();')
    [opened] = [m for m in ran.messages if m["msg_type"] == "comm_open"]
    assert [bytes(buffer) for buffer in opened["buffers"]] == [b"\x09\x08"]


def comm_messages(ran):
    messages = [m for m in ran.messages if m["msg_type"] == "comm_msg"]
    return [{**m, "buffers": [bytes(buffer) for buffer in m["buffers"]]} for m in messages]


def test_data_that_is_not_json_is_refused_in_plain_words(kernel):
    ran = kernel.run('Comm::open("x", "{}").send("hello");')
    assert ran.error["ename"] == "Panic"
    assert 'Comm::send: "hello" is not JSON' in ran.told


def test_an_interrupt_ends_a_handler_and_keeps_variables(kernel, page):
    kernel.ok("""
let here = 3;
comm_target("endless", |comm, _| comm.on_message(|_| { println!("begun"); loop {} }));
""")
    comm, _ = page.open("endless")
    child = kernel.child
    sent = page.send("comm_msg", comm)
    kernel.wait_for_text(sent, "begun")
    assert kernel.kernel_info()["status"] == "ok"
    kernel.interrupt()
    said = page.finish(sent)
    assert "interrupted" in plain(said.err) and "loop {}" in plain(said.err)
    assert kernel.child == child
    assert kernel.ok("here").value == "3"
    assert page.listed("endless").keys() == {comm}


# Nothing wakes it, and it cannot be left by unwinding.
NO_WAY_OUT = """
let (flag, changed) = (std::sync::Mutex::new(()), std::sync::Condvar::new());
println!("running");
drop(changed.wait(flag.lock().unwrap()));
"""


def test_handlers_outlive_a_cell_that_was_left_behind(kernel, page):
    kernel.ok(ECHO)
    comm, _ = page.open("echo")
    sent = kernel.begin(NO_WAY_OUT)
    kernel.interrupt()
    assert kernel.finish(sent).error["ename"] == "Interrupted"
    assert page.say(comm, 7).of("comm_msg")[0]["data"] == {"echo": 7}
    page.close(comm)


def test_a_handler_that_is_left_behind_closes_its_comm_and_no_other(kernel, page):
    before = page.listed()
    kernel.ok(ECHO + "comm_target(\"stuck\", |comm, _| comm.on_message(|_| {" + NO_WAY_OUT + "}));")
    (stuck, _), (comm, _) = page.open("stuck"), page.open("echo")
    sent = page.send("comm_msg", stuck, 1)
    kernel.wait_for_text(sent, "running")
    kernel.interrupt()
    ran = page.finish(sent)
    assert ran.of("comm_close") == [{"comm_id": stuck, "data": {}}]
    assert "stopped here" in plain(ran.err)
    assert page.listed() == {**before, comm: {"target_name": "echo"}}
    assert page.say(comm, 8).of("comm_msg")[0]["data"] == {"echo": 8}
    page.close(comm)


def test_comms_end_with_the_child(new_kernel):
    kernel = new_kernel()
    page = Page(kernel)
    kernel.ok(ECHO + "let lost = 1;")
    comms = sorted(page.open("echo")[0] for _ in range(2))
    kernel.ok('comm_target("fatal", |_, _| std::process::abort());')
    fatal, ran = page.open("fatal")
    assert [c["comm_id"] for c in ran.of("comm_close")] == sorted([*comms, fatal])
    assert "Lost variables: lost" in plain(ran.err)
    assert page.listed() == {}
    # The next child knows no targets: the cell is to be run again.
    assert page.open("echo")[1].order() == ["busy", "comm_close", "idle"]
    kernel.ok(ECHO)
    comm, _ = page.open("echo")
    os.kill(kernel.child.pid, signal.SIGKILL)
    ran = kernel.run("1")
    assert ran.error["ename"] == "ProcessEnded"
    assert [c["comm_id"] for c in ran.of("comm_close")] == [comm]


def test_two_thousand_messages_come_in_order(kernel, page):
    kernel.ok("""
let got = std::rc::Rc::new(std::cell::RefCell::new(Vec::<usize>::new()));
let into = got.clone();
comm_target("many", move |comm, _| {
    let into = into.clone();
    comm.on_message(move |data| into.borrow_mut().push(data.parse().unwrap()));
});
""")
    comm, _ = page.open("many")
    sent = [page.send("comm_msg", comm, i) for i in range(2000)]
    ran = kernel.ok("got.borrow().iter().enumerate().filter(|(i, n)| i == *n).count()")
    assert ran.value == "2000"
    page.finish(sent[-1])
