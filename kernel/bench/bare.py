"""The limit: what rustc alone takes for a cell's code, and how fast tch alone trains.
Knows nothing of kernels; the flags are those of the kernel's own call (a test compares them), but
for the linker: that is rustc's own choice."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

# As in kernel/evaluator/src/rustc/mod.rs; what differs per machine comes from library.json.
FLAGS = (
    "--edition=2024",
    "-Cmetadata=gradbook",
    "-Cprefer-dynamic",
    "-Clto=off",
    "-Cdebuginfo=line-tables-only",
    "-Coverflow-checks=on",
    "-Cdebug-assertions=off",
)

# As in kernel/evaluator/src/source.rs: what makes code run more than once.
REPEATING = ("|", "..", "iter", "sort", "split", "chars", "bytes", "lines")


def opt_level(code):
    """The level that the kernel takes for a cell of which nothing else is said."""
    loop = re.search(r"\b(for|while|loop)\b", code)
    return "1" if loop or any(sign in code for sign in REPEATING) else "0"


# What every cell begins with, and the traits that the bare loop needs beyond the lessons.
PREAMBLE = (
    "#![allow(unused, nonstandard_style)]\n"
    "extern crate gradbook_runtime;\nuse ::lessons::prelude::*;\n"
)


class Bare:
    """rustc as the kernel calls it, without the kernel."""

    def __init__(self, library, folder):
        self.library = json.loads(Path(library).read_text())
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def compile(self, code, items=""):
        """Seconds for one cell's code as the function of a cdylib."""
        source = (
            f"{PREAMBLE}{items}\n#[unsafe(no_mangle)]\npub fn gradbook_cell() {{\n{code}\n}}\n"
        )
        (self.folder / "cell.rs").write_text(source)
        command = [
            *self._command("cell.rs", opt_level(items + code)),
            "--crate-type=cdylib",
            "--crate-name=cell",
            "--error-format=json",
            "-o",
            "cell.so",
        ]
        began = time.perf_counter()
        self._run(command)
        return time.perf_counter() - began

    def program(self, code):
        """Compiles statements as a program of their own, as fast as rustc can make it."""
        source = f"{PREAMBLE}use tch::nn::Module;\nfn main() {{\n{code}\n}}\n"
        (self.folder / "program.rs").write_text(source)
        command = [
            *self._command("program.rs", "3"),
            "--crate-type=bin",
            # Empty stand-ins for libtorch are linked; the real one is found when it starts.
            "-Clink-arg=-Wl,--allow-shlib-undefined",
            "-o",
            "program",
        ]
        self._run(command)
        return self.folder / "program"

    def output(self, program):
        """Runs such a program and gives back what it printed."""
        runtime = str(Path(self.library["runtime"]).parent)
        path = os.pathsep.join([*self.library["load_path"], runtime])
        environment = {**os.environ, "LD_LIBRARY_PATH": path, "DYLD_LIBRARY_PATH": path}
        ran = subprocess.run(
            [program], env=environment, capture_output=True, text=True, check=False
        )
        if ran.returncode != 0:
            raise RuntimeError(f"bare program: {ran.stderr[-2000:]}")
        return ran.stdout

    def _command(self, file, opt_level):
        library = self.library
        command = [library["rustc"], file, *FLAGS, f"-Copt-level={opt_level}"]
        command += [f"-Ldependency={library['dependencies']}", f"-Lnative={library['stubs']}"]
        for name, path in library["externs"].items():
            command += ["--extern", f"{name}={path}"]
        return command

    def _run(self, command):
        ran = subprocess.run(
            command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            raise RuntimeError(f"bare rustc: {ran.stderr[-2000:]}")


def steps_per_second(text):
    """From the line that a training cell prints."""
    return float(re.search(r"steps/s ([0-9.e+]+)", text).group(1))
