"""`--write` keeps what the notebooks print instead of comparing it."""

import os

import pytest


def pytest_addoption(parser):
    parser.addoption("--write", action="store_true", help="write the outputs into the notebooks")


@pytest.fixture(autouse=True, scope="session")
def history_of_its_own(tmp_path_factory):
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))
