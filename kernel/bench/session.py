"""One kernel process and its client: requests out, seconds and outputs back.
Knows nothing of what the cells mean, nor of which kernel it is."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field

import psutil
import zmq
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

# Far more than anything here takes: when it passes, something hangs.
PATIENCE = 180


class CellFailed(Exception):
    """A cell of the benchmark did not do its work: its time would mean nothing."""


@dataclass
class Ran:
    """What a request took, and what came out of it."""

    seconds: float
    text: str = ""
    reply: dict = field(default_factory=dict)


class Session:
    """A kernel, started at once; `started` is the moment before its process was made."""

    def __init__(self, peer, folder, environment=None):
        self.peer = peer
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "kernel.log"
        connection, info = write_connection_file(str(folder / "connection.json"), ip="127.0.0.1")
        environment = {
            **os.environ,
            **peer.environment,
            **(environment or {}),
            "JPY_PARENT_PID": str(os.getpid()),
        }
        argv = [part.replace("{connection_file}", connection) for part in peer.argv]
        with open(self.log, "wb") as log:
            self.started = time.perf_counter()
            self.process = subprocess.Popen(
                argv,
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.client = self._connect(info)
        # Replies that came while another one was waited for.
        self._early = {}

    @staticmethod
    def _connect(info):
        context = zmq.Context()
        # A client that finds no kernel yet tries again after this many ms; the usual 100 would
        # round every start up.
        context.setsockopt(zmq.RECONNECT_IVL, 1)
        context.setsockopt(zmq.LINGER, 0)
        # Nothing a kernel prints may be lost here; whether it loses something itself is looked at.
        context.setsockopt(zmq.RCVHWM, 0)
        client = BlockingKernelClient(context=context)
        client.load_connection_info(info)
        client.start_channels(stdin=False, hb=False)
        return client

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def wait_for_info(self):
        """Seconds from the start to the first answer; afterwards both channels are known to work."""
        self._await([self.client.kernel_info()], iopub=False)
        seconds = self.since_start()
        # The subscription may be later than the first answer: ask until something comes that way.
        deadline = time.perf_counter() + PATIENCE
        while not self.client.iopub_channel.socket.poll(10):
            self._check(deadline)
            self._await([self.client.kernel_info()], iopub=False)
        return seconds

    def since_start(self):
        """Seconds since the moment before the process was made."""
        return time.perf_counter() - self.started

    def run(self, code, says=None):
        """Runs one cell to its reply and its idle; its output must contain `says`."""
        began = time.perf_counter()
        text, replies = self._await([self.client.execute(code, allow_stdin=False)])
        ran = Ran(time.perf_counter() - began, text, replies[0])
        if says is not None and says not in text:
            raise CellFailed(f"{self.peer.key}: {code!r} printed {text[:300]!r}, without {says!r}")
        return ran

    def run_all(self, codes):
        """Sends every cell at once, as JupyterLab's Run All does, and waits for the last idle."""
        began = time.perf_counter()
        text, _ = self._await([self.client.execute(code, allow_stdin=False) for code in codes])
        return Ran(time.perf_counter() - began, text)

    def send(self, code):
        """Starts a cell and returns at its first output."""
        sent = self.client.execute(code, allow_stdin=False)
        deadline = time.perf_counter() + PATIENCE
        while True:
            message = self._next(self.client.iopub_channel.socket, deadline)
            if message["msg_type"] == "stream" and message["parent_header"]["msg_id"] == sent:
                return sent

    def finish(self, sent):
        """Waits for the end of a cell that `send` started."""
        self._await([sent])

    def complete(self, code):
        """Asks for completions at the end of `code`."""
        began = time.perf_counter()
        _, replies = self._await([self.client.complete(code, len(code))], iopub=False)
        return Ran(time.perf_counter() - began, reply=replies[0])

    def _await(self, sent, iopub=True):
        """Reads until each request has its reply and, on iopub, its idle."""
        shell, public = self.client.shell_channel.socket, self.client.iopub_channel.socket
        poller = zmq.Poller()
        poller.register(shell, zmq.POLLIN)
        if iopub:
            poller.register(public, zmq.POLLIN)
        text = []
        replies = {one: self._good(self._early.pop(one)) for one in sent if one in self._early}
        waiting, busy = set(sent) - set(replies), set(sent) if iopub else set()
        deadline = time.perf_counter() + self.peer.patience
        while waiting or busy:
            ready = dict(poller.poll(100))
            if not ready:
                self._check(deadline)
            if shell in ready:
                message = self._next(shell, deadline)
                parent = message["parent_header"].get("msg_id")
                if parent in waiting:
                    replies[parent] = self._good(message["content"])
                    waiting.discard(parent)
                else:
                    self._early[parent] = message["content"]
            if public in ready:
                message = self._next(public, deadline)
                if message["parent_header"].get("msg_id") in busy:
                    text.append(_text_of(message))
                    if message["content"].get("execution_state") == "idle":
                        busy.discard(message["parent_header"]["msg_id"])
        return "".join(text), [replies[one] for one in sent]

    def _next(self, socket, deadline):
        while not socket.poll(100):
            self._check(deadline)
        _, message = self.client.session.recv(socket, mode=0)
        return message

    def _check(self, deadline):
        if self.process.poll() is not None:
            tail = self.log.read_text(errors="replace")[-2000:]
            raise CellFailed(f"{self.peer.key}: the kernel ended ({self.process.poll()}): {tail}")
        if time.perf_counter() > deadline:
            raise CellFailed(f"{self.peer.key}: no answer in time")

    def _good(self, content):
        if content.get("status") != "ok":
            told = "\n".join(content.get("traceback") or []) or content.get("evalue", content)
            raise CellFailed(f"{self.peer.key}: {told}")
        return content

    def processes(self):
        """The kernel's own process and those it started that count as the kernel."""
        try:
            root = psutil.Process(self.process.pid)
            tree = [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []
        return tree

    def quieten(self, seconds=1.0, limit=40.0):
        """Waits until kernel and helpers used no processor for some seconds, so that they disturb
        nobody's numbers; False where they never stop."""
        deadline = time.perf_counter() + limit
        quiet_since, before = time.perf_counter(), self._cpu_seconds()
        while time.perf_counter() - quiet_since < seconds:
            if time.perf_counter() > deadline:
                return False
            time.sleep(0.1)
            now = self._cpu_seconds()
            if now - before > 0.011:
                quiet_since = time.perf_counter()
            before = now
        return True

    def _cpu_seconds(self):
        total = 0.0
        for process in self.processes():
            try:
                times = process.cpu_times()
                total += times.user + times.system
            except psutil.Error:
                continue
        return total

    def memory(self):
        """(RSS, PSS) in MB of the kernel and its child, without code intelligence."""
        resident, shared_out = 0, 0
        for process in self.processes():
            try:
                if process.name().startswith(self.peer.not_counted):
                    continue
                resident += process.memory_info().rss
                shared_out += getattr(process.memory_full_info(), "pss", 0)
            except psutil.Error:
                continue
        return resident / 1e6, shared_out / 1e6

    def end(self):
        """Asks the kernel to go, and ends what is left of its process group."""
        try:
            self.client.shutdown()
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            pass
        self.client.stop_channels()
        self.client.context.term()
        for signal_ in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, signal_)
                self.process.wait(2)
            except (ProcessLookupError, PermissionError):
                break
            except subprocess.TimeoutExpired:
                continue


def _text_of(message):
    content = message["content"]
    if message["msg_type"] == "stream":
        return content["text"]
    if message["msg_type"] in ("execute_result", "display_data"):
        return content["data"].get("text/plain", "")
    return ""
