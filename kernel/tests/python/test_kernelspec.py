"""The private environment offers this kernel, and JupyterLab can read all of its kernelspec."""

import os
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager


def test_the_kernel_is_registered_with_an_executable_that_exists():
    spec = KernelSpecManager().get_kernel_spec("gradbook")
    assert spec.display_name == "Gradbook (Rust)"
    assert spec.language == "rust"
    assert spec.interrupt_mode == "message"
    assert os.access(spec.argv[0], os.X_OK)
    assert spec.argv[1:] == ["kernel", "-f", "{connection_file}"]


def test_every_logo_is_there():
    folder = Path(KernelSpecManager().get_kernel_spec("gradbook").resource_dir)
    assert (folder / "logo-svg.svg").read_text().startswith("<svg")
    for size in (32, 64):
        png = (folder / f"logo-{size}x{size}.png").read_bytes()
        width, height = png[16:20], png[20:24]
        assert int.from_bytes(width) == int.from_bytes(height) == size
