"""The cells that every kernel runs, in its own language, and what they must print.
Knows nothing of kernels, rounds or seconds.

`@N@` stands for a number that is another one each time: no cell was seen before unless it is meant
to be. Texts for evcxr use tch alone; the others use what their lessons use.
"""

from dataclasses import dataclass

from .rows import BARE, EVCXR, GRADBOOK, PYTHON


@dataclass(frozen=True)
class Cell:
    """One piece of work in each language; an empty text is `rust`'s."""

    rust: str
    python: str
    evcxr: str = ""
    # As statements of a function, for rustc alone.
    plain: str = ""
    says: str = ""

    def text(self, peer, n):
        chosen = {
            GRADBOOK: self.rust,
            PYTHON: self.python,
            EVCXR: self.evcxr or self.rust,
            BARE: self.plain or self.rust,
        }[peer]
        return chosen.replace("@N@", str(n))

    def expected(self, n):
        return self.says.replace("@N@", str(n))


# evcxr knows neither tch nor the lessons by itself.
EVCXR_TCH = ':dep tch = "=0.26.0"\nuse tch::{nn, nn::Module, Device, Kind, Tensor};'

FIRST_TENSOR = Cell(
    rust="let x = Tensor::from_slice(&[1.0, 2.0, 3.0]);\n"
    'println!("{}", (&x * 2.0).sum(Kind::Double).double_value(&[]));',
    python="import torch\nx = torch.tensor([1.0, 2.0, 3.0])\nprint((x * 2.0).sum().item())",
    says="12",
)

TRIVIAL = Cell(rust='println!("{}", 1000 + @N@ - 1000);', python="print(1000 + @N@ - 1000)", says="@N@")

TENSOR = Cell(
    rust="let a = Tensor::from_slice(&[1.0, 2.0, @N@.0]);\n"
    "let b = &a * 2.0 - a.sum(Kind::Double);\n"
    'println!("{} {}", b.size()[0], a.double_value(&[2]));',
    python="a = torch.tensor([1.0, 2.0, @N@.0])\nb = a * 2.0 - a.sum()\n"
    "print(b.size()[0], a[2].item())",
    says="3 @N@",
)

NETWORK = Cell(
    rust="let net = Sequential::new().add(linear(4, @N@)).add(relu()).add(linear(@N@, 1));\n"
    "let output = net.forward(&randn(&[3, 4]));\n"
    'println!("{} to {}", @N@, output.size()[1]);',
    python="net = torch.nn.Sequential("
    "torch.nn.Linear(4, @N@), torch.nn.ReLU(), torch.nn.Linear(@N@, 1))\n"
    "output = net(torch.randn(3, 4))\n"
    "print(@N@, 'to', output.size()[1])",
    evcxr="let store = nn::VarStore::new(Device::Cpu);\n"
    "let net = nn::seq()\n"
    "    .add(nn::linear(store.root(), 4, @N@, Default::default()))\n"
    "    .add_fn(|x| x.relu())\n"
    "    .add(nn::linear(store.root(), @N@, 1, Default::default()));\n"
    "let output = net.forward(&Tensor::randn([3, 4], (Kind::Float, Device::Cpu)));\n"
    'println!("{} to {}", @N@, output.size()[1]);',
    says="@N@ to 1",
)

_SHOWN = "Tensor::from_slice(&[1.5, @N@.0, 3.0]).reshape([1, 3])"
DISPLAYED = Cell(
    rust=_SHOWN,
    python="torch.tensor([1.5, @N@.0, 3.0]).reshape(1, 3)",
    plain=f'println!("{{:?}}", {_SHOWN});',
)


def growing(n):
    """The `n`th cell of a long notebook that brings an item and a variable."""
    if n % 3 == 0:
        rust = (
            f"struct Stage{n} {{\n    scale: f64,\n}}\n\nimpl Stage{n} {{\n"
            f"    fn apply(&self, x: f64) -> f64 {{\n        self.scale * x + {n}.0\n    }}\n}}\n"
        )
        made = f"let value_{n} = Stage{n} {{ scale: 2.0 }}.apply(1.0);"
        python = (
            f"class Stage{n}:\n    def __init__(self, scale):\n        self.scale = scale\n\n"
            f"    def apply(self, x):\n        return self.scale * x + {n}.0\n\n"
            f"value_{n} = Stage{n}(2.0).apply(1.0)"
        )
    else:
        rust = f"fn stage_{n}(x: f64) -> f64 {{\n    2.0 * x + {n}.0\n}}\n"
        made = f"let value_{n} = stage_{n}(1.0);"
        python = f"def stage_{n}(x):\n    return 2.0 * x + {n}.0\n\nvalue_{n} = stage_{n}(1.0)"
    return Cell(rust=f"{rust}\n{made}", python=python, plain=rust)


# Needs the first two `growing` cells.
PROBE = Cell(
    rust="let t = Tensor::from_slice(&[value_2, stage_2(@N@.0)]);\n"
    'println!("{}", t.double_value(&[1]));',
    python="t = torch.tensor([value_2, stage_2(@N@.0)])\nprint(t[1].item())",
    plain="let value_2 = stage_2(1.0);\n"
    "let t = Tensor::from_slice(&[value_2, stage_2(@N@.0)]);\n"
    'println!("{}", t.double_value(&[1]));',
)

# Work of a notebook's later cells, replacing what earlier ones made.
FILLER = Cell(
    rust="let batch = randn(&[100, @N@]);\n"
    'println!("{}", batch.relu().mean(Kind::Float).double_value(&[]) > 0.0);',
    python="batch = torch.randn(100, @N@)\nprint('true' if batch.relu().mean().item() > 0 else '')",
    says="true",
)

PRINTING = Cell(
    rust='for i in 0..@N@ {\n    println!("line {i} of a long output");\n}',
    python="for i in range(@N@):\n    print(f'line {i} of a long output')",
)

# Says so before it waits, so that the client knows that it runs.
WAITING = Cell(
    rust='println!("running");\nstd::thread::sleep(std::time::Duration::from_secs(2));',
    python="import time\nprint('running', flush=True)\ntime.sleep(2)",
)

COMPLETION_SETUP = Cell(
    rust='let numbers = vec![1.0, 2.0, 3.0];\nprintln!("{}", numbers.len());',
    python="numbers = [1.0, 2.0, 3.0]\nprint(len(numbers))",
    says="3",
)

# Half-written names of methods, with one that must be among the answers.
COMPLETIONS = {
    PYTHON: (("numbers.ap", "append"), ("numbers.re", "remove"), ("numbers.so", "sort")),
    GRADBOOK: (("numbers.pu", "push"), ("numbers.re", "remove"), ("numbers.sor", "sort")),
}
COMPLETIONS[EVCXR] = COMPLETIONS[GRADBOOK]
