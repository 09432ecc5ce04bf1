"""The real JupyterLab, opened as a learner opens it, in a browser without a window."""

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest
from playwright import sync_api

ROOT = Path(__file__).resolve().parents[3]
# The sandbox needs rights that root and many containers lack; the rest would ask the network.
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
GRADBOOK_HOME = Path(os.environ.get("GRADBOOK_HOME", ROOT / ".gradbook"))


@pytest.fixture(scope="session")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["GRADBOOK_BROWSER"], args=FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a running JupyterLab."""
    folder = tmp_path_factory.mktemp("jupyter")
    # What a test made is gone when it is deleted.
    config = folder / "config" / "jupyter_server_config.json"
    config.parent.mkdir()
    config.write_text('{"FileContentsManager": {"delete_to_trash": false}}')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "XDG_DATA_HOME": str(folder / "user-data"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    running = subprocess.Popen(
        [GRADBOOK_HOME / "bin" / "gradbook", "--no-browser", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield address(running)
    finally:
        running.terminate()
        running.communicate()


def address(running):
    """The address with its token, from what is printed for the learner."""
    printed = []
    for line in running.stdout:
        printed.append(line)
        found = re.search(r"https?://\S+token=\S+", line)
        if found:
            return found.group()
    raise AssertionError("".join(printed))


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"], ids=["light", "dark"])
def page(request, browser, lab):
    """A page that never saves: the notebooks in git stay as they are."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(lab)
    base, token = re.match(r"(https?://[^/]+).*token=([^&\s]+)", lab).groups()
    settings = {
        "@jupyterlab/notebook-extension:tracker": '{"windowingMode": "none"}',
        "@jupyterlab/apputils-extension:themes": f'{{"theme": "{request.param}"}}',
        "@jupyterlab/completer-extension:manager": '{"showDocumentationPanel": true}',
        "@jupyterlab/apputils-extension:notification": '{"fetchNews": "false"}',
    }
    for name, raw in settings.items():
        page.request.put(
            f"{base}/lab/api/settings/{name}",
            data={"raw": raw},
            headers={"Authorization": f"token {token}"},
        )
    context.route(
        "**/api/contents/*.ipynb*",
        lambda route: route.abort() if route.request.method == "PUT" else route.continue_(),
    )
    page.base = base
    # Notebooks that a test has made, removed after it.
    page.made = []
    page.theme = request.param.split()[-1].lower()
    yield page
    if folder := os.environ.get("GRADBOOK_SHOTS"):
        page.screenshot(path=Path(folder) / f"end-of-{request.node.name}.png")
    headers = {"Authorization": f"token {token}"}
    for session in page.request.get(f"{base}/api/sessions", headers=headers).json():
        page.request.delete(f"{base}/api/sessions/{session['id']}", headers=headers)
    for name in page.made:
        page.request.delete(f"{base}/api/contents/{name}", headers=headers)
    context.close()
