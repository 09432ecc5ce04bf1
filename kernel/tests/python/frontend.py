"""A front end for tests: a kernel with folders of its own, cells sent to it, messages in order.
Knows nothing of what a test checks."""

import os
import time
from collections import defaultdict
from pathlib import Path

import psutil
from jupyter_client.manager import KernelManager

# Far more than anything here takes: when it passes, something hangs.
PATIENCE = 120


def until(found, what):
    """What `found` returns, asked again until there is something."""
    deadline = time.monotonic() + PATIENCE
    while not (result := found()):
        assert time.monotonic() < deadline, f"still not: {what}"
        time.sleep(0.01)
    return result


class Ran:
    """What one cell said: its iopub messages from `busy` to `idle`, and its reply."""

    def __init__(self, messages, reply):
        self.messages = messages
        self.reply = reply["content"]
        self.reply_metadata = reply["metadata"]

    @property
    def outputs(self):
        """Messages without status and input."""
        return [m for m in self.messages if m["msg_type"] not in ("status", "execute_input")]

    def of(self, msg_type):
        return [m["content"] for m in self.messages if m["msg_type"] == msg_type]

    def stream(self, name):
        return "".join(c["text"] for c in self.of("stream") if c["name"] == name)

    @property
    def out(self):
        return self.stream("stdout")

    @property
    def err(self):
        return self.stream("stderr")

    @property
    def value(self):
        """The text of the one `execute_result`; None without one."""
        results = self.of("execute_result")
        assert len(results) <= 1, results
        return results[0]["data"]["text/plain"] if results else None

    @property
    def error(self):
        """The one error message of a failed cell; its reply says the same."""
        errors = self.of("error")
        assert len(errors) == 1, f"{len(errors)} error messages; reply: {self.reply}"
        assert self.reply["status"] == "error"
        for part in ("ename", "evalue", "traceback"):
            assert errors[0][part] == self.reply[part]
        return errors[0]

    @property
    def told(self):
        """Everything that a learner reads of the error, without colours."""
        error = self.error
        return plain("\n".join([error["ename"], error["evalue"], *error["traceback"]]))

    def order(self):
        """The kinds of message in order; streams by their name, neighbours joined."""
        kinds = []
        for message in self.messages:
            kind = message["msg_type"]
            if kind == "status":
                kind = message["content"]["execution_state"]
            elif kind == "stream":
                kind = message["content"]["name"]
            if kinds[-1:] != [kind] or kind not in ("stdout", "stderr"):
                kinds.append(kind)
        return kinds


def plain(text):
    """Text without colours and links."""
    import re

    return re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\", "", text)


class Frontend:
    """One kernel with a temporary folder and a history of its own, and one client of it."""

    def __init__(self, folder, **environment):
        self.temporary = Path(folder) / "temporary"
        self.temporary.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "XDG_DATA_HOME": str(Path(folder) / "data"),
            # Every cell is compiled, whatever was compiled before on this machine.
            "XDG_CACHE_HOME": str(Path(folder) / "cache"),
            **environment,
        }
        self.manager = KernelManager(kernel_name="gradbook")
        # Jupyter's own 5 s are enough on a quiet machine only: a killed kernel cannot tidy up.
        self.manager.shutdown_wait_time = 20
        self.manager.start_kernel(env=self.environment)
        self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)
        self._iopub = defaultdict(list)
        # What threads show after their cell; None where a test has no such threads.
        self.late = None
        # All that was printed, whatever cell it is said of.
        self.printed = ""
        self._replies = {}

    # Cells

    def run(self, code, **options):
        """Runs one cell to its end."""
        return self.finish(self.send(code, **options))

    def ok(self, code, **options):
        """Runs one cell that must succeed."""
        ran = self.run(code, **options)
        assert ran.reply["status"] == "ok", plain("\n".join(ran.reply.get("traceback", [])))
        return ran

    def send(self, code, **options):
        options.setdefault("allow_stdin", False)
        return self.client.execute(code, **options)

    def finish(self, sent):
        """All that was said of a cell; waits for its end."""
        self.wait_for(sent, lambda messages: messages and is_idle(messages[-1]))
        return Ran(self._iopub[sent], self.reply(sent))

    def wait_for(self, sent, enough):
        """Reads iopub until `enough` of the messages of one request have come."""
        while not enough(self._iopub[sent]):
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            parent = message["parent_header"].get("msg_id")
            if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
                self.printed += message["content"]["text"]
            if any(map(is_idle, self._iopub[parent])):
                assert self.late is not None, f"after idle: {message['content']}"
                self.late.append(message)
            else:
                self._iopub[parent].append(message)
        return self._iopub[sent]

    def wait_for_text(self, sent, text, stream="stdout"):
        """Reads until a running cell has printed `text`; returns all that it has printed."""
        printed = lambda messages: Ran(messages, NO_REPLY).stream(stream)
        return printed(self.wait_for(sent, lambda messages: text in printed(messages)))

    def begin(self, code):
        """Sends a cell, and reads until it has printed that it is running."""
        sent = self.send(code)
        self.wait_for_text(sent, "running")
        return sent

    def reply(self, sent):
        while sent not in self._replies:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            self._replies[reply["parent_header"]["msg_id"]] = reply
        return self._replies[sent]

    def kernel_info(self):
        """A request that only the protocol answers."""
        return self.reply(self.client.kernel_info())["content"]

    def ask_control(self, msg_type, content=None):
        """Sends a request on the control socket and waits for its reply."""
        request = self.client.session.msg(msg_type, content or {})
        self.client.control_channel.send(request)
        while True:
            reply = self.client.get_control_msg(timeout=PATIENCE)
            if reply["parent_header"]["msg_id"] == request["header"]["msg_id"]:
                return reply["content"]

    def interrupt(self):
        assert self.ask_control("interrupt_request")["status"] == "ok"

    # Processes

    @property
    def process(self):
        return psutil.Process(self.manager.provisioner.pid)

    @property
    def child(self):
        """The process that runs the cells."""
        [child] = [p for p in self.process.children() if "child" in command(p)]
        return child

    def running(self, name):
        """Its own living processes of a name; not those further below."""
        return [p for p in self.process.children() if is_named(p, name) and not is_dead(p)]

    def everything(self):
        """The kernel and all processes below it."""
        return [self.process, *self.process.children(recursive=True)]

    def shutdown(self):
        """Ends the kernel as Jupyter does."""
        self.client.stop_channels()
        if self.manager.is_alive():
            self.manager.shutdown_kernel()
        self.manager.cleanup_resources()


def is_dead(process):
    """Also where nobody has asked yet how it ended."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def all_end(processes):
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    assert not alive, alive


def becomes_empty(folder):
    """Code intelligence may have been starting: it ends a moment after its kernel."""
    deadline = time.monotonic() + PATIENCE
    while left := list(folder.iterdir()):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


NO_REPLY = {"content": {}, "metadata": {}}


def is_idle(message):
    return (
        message["msg_type"] == "status"
        and message["content"]["execution_state"] == "idle"
        and message["parent_header"]["msg_type"] == "execute_request"
    )


def command(process):
    try:
        return process.cmdline()[1:2]
    except psutil.NoSuchProcess:
        return []


def is_named(process, name):
    try:
        return process.name() == name
    except psutil.NoSuchProcess:
        return False
