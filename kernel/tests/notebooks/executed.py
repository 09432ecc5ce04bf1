"""A notebook goes in, the same notebook with fresh outputs comes out, with nothing in it that
changes from run to run. Knows nothing of what the outputs should be."""

import json
from pathlib import Path

import learner
import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[3]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))

# What the kernel says of its language, without the version of rustc.
LANGUAGE = {
    "codemirror_mode": "rust",
    "file_extension": ".rs",
    "mimetype": "text/x-rustsrc",
    "name": "rust",
    "nbconvert_exporter": "script",
    "pygments_lexer": "rust",
}
KERNELSPEC = {"display_name": "Gradbook (Rust)", "language": "rust", "name": "gradbook"}


def executed(path):
    """Runs a notebook from top to bottom in a fresh kernel; a failed cell fails it."""
    return cleaned(run(nbformat.read(path, as_version=4), path.parent))


def run(notebook, folder):
    """Runs a notebook in `folder`, for a learner who has done nothing yet."""
    client = NotebookClient(
        notebook,
        kernel_name="gradbook",
        timeout=600,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    with learner.fresh():
        client.execute()
    return notebook


def cleaned(notebook):
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": LANGUAGE})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {name: value for name, value in cell.metadata.items() if name in ("tags", "jupyter")}
        )
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    nbformat.validate(notebook)
    return notebook


def joined(outputs):
    """How printed text is cut into messages differs from run to run."""
    whole = []
    for output in outputs:
        last = whole[-1] if whole else {}
        if output.output_type == last.get("output_type") == "stream" and output.name == last.name:
            last.text += output.text
        else:
            whole.append(output)
    return whole


def text(notebook):
    """The file's text."""
    return nbformat.writes(notebook) + "\n"


def write(path):
    """Executes a notebook and keeps its outputs in the file."""
    path.write_text(text(executed(path)), encoding="utf-8")


def shown(notebook, cell_id):
    """All text that a reader sees below one cell."""
    [cell] = [cell for cell in notebook.cells if cell.id == cell_id]
    parts = []
    for output in cell.outputs:
        parts.append(output.get("text", ""))
        parts.append(output.get("data", {}).get("text/plain", ""))
    return "\n".join(parts)


def svgs(notebook):
    """Every picture in a notebook's outputs, with the id of its cell."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for content in output.get("data", {}).values():
                if isinstance(content, str) and "<svg" in content:
                    yield cell.id, content


def pretty(notebook):
    """Outputs by cell, for a comparison that names the cell that differs. Of a cell that measures the
    machine (its tag is `varies`) only the kinds of its outputs."""
    return {
        cell.id: json.dumps(
            [cell.execution_count, compared(cell)], indent=1, ensure_ascii=False, sort_keys=True
        ).splitlines()
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def compared(cell):
    if "varies" in cell.metadata.get("tags", []):
        return [output.output_type for output in cell.outputs]
    return cell.outputs
