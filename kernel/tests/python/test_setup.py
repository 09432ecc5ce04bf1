"""The set-up that is in place, used by somebody with an empty home folder and no network."""

import json
import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GRADBOOK_HOME = Path(os.environ.get("GRADBOOK_HOME", ROOT / ".gradbook"))
PROGRAM = GRADBOOK_HOME / "bin" / "gradbook"


@pytest.fixture
def offline(tmp_path):
    """An environment whose home is empty and whose package servers are a closed port."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "XDG_", "LIBTORCH", "PIP_", "UV_", "CARGO_PKG", "CARGO_M"))
    }
    home = Path(os.environ["HOME"])
    dead = "http://127.0.0.1:9/"
    return kept | {
        "HOME": str(tmp_path),
        "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(home / ".rustup")),
        "CARGO_HOME": os.environ.get("CARGO_HOME", str(home / ".cargo")),
        "GRADBOOK_HOME": str(GRADBOOK_HOME),
        "PIP_INDEX_URL": dead,
        "UV_DEFAULT_INDEX": dead,
        "HTTPS_PROXY": dead,
        "CARGO_NET_OFFLINE": "true",
    }


def run(environment, *arguments):
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_second_set_up_makes_nothing_and_needs_no_network(offline):
    ended = run(offline, "setup", "--wait")
    assert ended.returncode == 0, ended.stderr
    for step in ("Making", "Installing", "Fetching", "Building"):
        assert step not in ended.stderr


def test_the_doctor_finds_nothing_wrong(offline):
    ended = run(offline, "doctor", "--json")
    findings = {finding["name"]: finding for finding in json.loads(ended.stdout)}
    assert [name for name, found in findings.items() if found["verdict"] != "ok"] == []
    assert "2.13.0" in findings["libtorch"]["found"]
    assert ended.returncode == 0


def test_a_kernelspec_comes_into_an_empty_home_and_leaves_it(offline, tmp_path):
    assert run(offline, "install").returncode == 0
    (spec,) = tmp_path.rglob("kernel.json")
    assert spec.parent.name == "gradbook"
    assert os.access(json.loads(spec.read_text())["argv"][0], os.X_OK)
    assert run(offline, "uninstall").returncode == 0
    assert list(tmp_path.rglob("kernel.json")) == []
    assert "No kernel of ours" in run(offline, "uninstall").stdout


def test_a_libtorch_of_another_version_is_refused_in_one_sentence(offline, tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "libtorch_cpu.so").touch()
    (tmp_path / "lib" / "libtorch_cpu.dylib").touch()
    (tmp_path / "build-version").write_text("2.4.0+cpu\n")
    ended = run(offline | {"LIBTORCH": str(tmp_path)}, "setup")
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert "2.4.0" in line and "2.13.0" in line and "env -u LIBTORCH" in line


@pytest.fixture
def lab(offline):
    """JupyterLab as `cargo lab --no-browser` opens it, and the address it prints."""
    server = subprocess.Popen(
        [PROGRAM, "--no-browser"],
        cwd=ROOT,
        env=offline,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    address = re.search(r"http://localhost:(\d+)/lab\?token=(\w+)", server.stdout.readline())
    assert address, "the first line names the address"
    yield server, int(address[1]), address[2]
    if server.poll() is None:
        server.kill()
    server.wait()
    server.stdout.close()


def get(port, path, token=None):
    headers = {"Authorization": f"token {token}"} if token else {}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        return answer.read().decode()


def test_jupyterlab_opens_offers_this_kernel_and_ends_at_ctrl_c(lab):
    server, port, token = lab
    specs = json.loads(get(port, "/api/kernelspecs", token))
    assert specs["default"] == "gradbook"
    assert specs["kernelspecs"]["gradbook"]["spec"]["argv"][0] == str(PROGRAM)
    names = [entry["name"] for entry in json.loads(get(port, "/api/contents", token))["content"]]
    assert any(name.endswith(".ipynb") for name in names)
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(port, "/api/kernelspecs")
    assert refused.value.code == 403

    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=60) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the server is gone too"


def test_jupyterlab_asks_nothing_of_the_internet(lab):
    _, port, token = lab
    page = get(port, "/lab", token)
    assert '"news": {"disabled": true}' in page
    assert '"name": "read-only"' in page, "the extension manager lists nothing from afar"
    plugin = "@jupyterlab/apputils-extension:notification"
    schema = json.loads(get(port, f"/lab/api/settings/{plugin}", token))["schema"]["properties"]
    assert schema["checkForUpdates"]["default"] is False
    assert schema["fetchNews"]["default"] == "false"
