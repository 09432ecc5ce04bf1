"""The networks that are trained: the same layers, batches and optimiser for all, written three ways.
Knows nothing of kernels or seconds. `@N@` is the number of steps.

`rust` uses the lessons, `plain` tch alone, `python` PyTorch as one would write it. Data are random
where their values do not matter: a step costs the same.
"""

from dataclasses import dataclass, replace

from .work import Cell


@dataclass(frozen=True)
class Network:
    """Data, layers and loss in each way; `rows` examples in batches of `batch`."""

    rows: int
    batch: int
    # Of the default number of steps: a large network takes longer over each.
    share: float
    data: str
    rust: str
    rust_loss: str
    plain: str
    plain_loss: str
    python_data: str
    python: str
    python_loss: str
    # The loss that the lessons' own loop is given; without one the loop is written out.
    trainer: str = ""

    def cell(self):
        """Trains for so many steps, and prints how many it made in a second."""
        rust = _RUST.replace("DATA", self.data).replace("ROWS", str(self.rows))
        rust = rust.replace("BATCH", str(self.batch))
        python = _PYTHON.replace("DATA", self.python_data).replace("ROWS", str(self.rows))
        python = python.replace("BATCH", str(self.batch))
        ours = self._trainer() if self.trainer else rust
        ours = ours.replace("NET", self.rust + "\nlet mut optimizer = adam(&net, 0.01);")
        plain = rust.replace("NET", _STORE + self.plain + _PLAIN_ADAM)
        return Cell(
            rust=ours.replace("LOSS", self.rust_loss).replace("ITEM", "item()"),
            plain=plain.replace("LOSS", self.plain_loss).replace("ITEM", "double_value(&[])"),
            python=python.replace("NET", self.python).replace("LOSS", self.python_loss),
            says="steps/s ",
        )

    def _trainer(self):
        steps_of_an_epoch = -(-self.rows // self.batch)
        rust = _TRAINER.replace("DATA", self.data).replace("FUNCTION", self.trainer)
        return rust.replace("BATCH", str(self.batch)).replace("EPOCH", str(steps_of_an_epoch))


_RUST = """\
tch::set_num_threads(1);
manual_seed(42);
DATA
NET
let mut total = 0.0;
let started = std::time::Instant::now();
let mut steps = 0;
while steps < @N@ {
    for batch in randperm(ROWS).split(BATCH, 0) {
        let (xb, yb) = (x.index_select(0, &batch), y.index_select(0, &batch));
        let loss = LOSS;
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        total += loss.ITEM;
        steps += 1;
    }
}
println!("steps/s {}", steps as f64 / started.elapsed().as_secs_f64());
assert!(total.is_finite());
"""

_TRAINER = """\
tch::set_num_threads(1);
manual_seed(42);
DATA
NET
let (mut net, mut run) = (net, trainer(FUNCTION).batch_size(BATCH));
let started = std::time::Instant::now();
run.fit(&mut net, &mut optimizer, &x, &y, @N@ / EPOCH + 1);
println!("steps/s {}", run.steps() as f64 / started.elapsed().as_secs_f64());
assert!(run.history().train().iter().all(|loss| loss.is_finite()));
"""

_STORE = "let store = nn::VarStore::new(Device::Cpu);\nlet root = store.root();\n"
_PLAIN_ADAM = "\nlet mut optimizer = nn::Adam::default().build(&store, 0.01).unwrap();"

_PYTHON = """\
import time
torch.set_num_threads(1)
torch.manual_seed(42)
DATA
NET
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
total, steps = 0.0, 0
started = time.perf_counter()
while steps < @N@:
    for batch in torch.randperm(ROWS).split(BATCH):
        xb, yb = x[batch], y[batch]
        loss = LOSS
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        steps += 1
print('steps/s', steps / (time.perf_counter() - started))
"""

HOUSES = Network(
    rows=100,
    batch=16,
    share=1.0,
    data="let x = randn(&[100, 3]);\n"
    "let y = (x.i((.., 0)) * 0.5 + x.i((.., 1)) * 0.3 + x.i((.., 2)) * 0.1 + 0.2).unsqueeze(1);",
    rust="let net = Sequential::new().add(linear(3, 8)).add(relu()).add(linear(8, 1));",
    rust_loss="mse_loss(&net.forward(&xb), &yb)",
    plain="let net = nn::seq().add(nn::linear(&root, 3, 8, Default::default()))\n"
    "    .add_fn(|x| x.relu()).add(nn::linear(&root, 8, 1, Default::default()));",
    plain_loss="net.forward(&xb).mse_loss(&yb, Reduction::Mean)",
    python_data="x = torch.randn(100, 3)\n"
    "y = (x[:, 0] * 0.5 + x[:, 1] * 0.3 + x[:, 2] * 0.1 + 0.2).unsqueeze(1)",
    python="net = torch.nn.Sequential("
    "torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))",
    python_loss="torch.nn.functional.mse_loss(net(xb), yb)",
)

CLASSIFIER = Network(
    rows=320,
    batch=32,
    share=0.7,
    data="let x = randn(&[320, 2]);\n"
    "let y = (x.i((.., 0)) + x.i((.., 1)) * 2.0).gt(0.0).to_kind(Kind::Float).unsqueeze(1);",
    rust="let net = Sequential::new().add(linear(2, 16)).add(relu())\n"
    "    .add(linear(16, 16)).add(relu()).add(linear(16, 1));",
    rust_loss="bce_with_logits_loss(&net.forward(&xb), &yb)",
    plain="let net = nn::seq().add(nn::linear(&root, 2, 16, Default::default()))\n"
    "    .add_fn(|x| x.relu()).add(nn::linear(&root, 16, 16, Default::default()))\n"
    "    .add_fn(|x| x.relu()).add(nn::linear(&root, 16, 1, Default::default()));",
    plain_loss="net.forward(&xb).binary_cross_entropy_with_logits("
    "&yb, None::<Tensor>, None::<Tensor>, Reduction::Mean)",
    python_data="x = torch.randn(320, 2)\n"
    "y = (x[:, 0] + x[:, 1] * 2 > 0).float().unsqueeze(1)",
    python="net = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.ReLU(),\n"
    "    torch.nn.Linear(16, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))",
    python_loss="torch.nn.functional.binary_cross_entropy_with_logits(net(xb), yb)",
)

CNN = Network(
    rows=256,
    batch=32,
    share=0.15,
    data="let x = rand(&[256, 1, 8, 8]);\n"
    "let y = Tensor::randint(10, [256], (Kind::Int64, Device::Cpu));",
    rust="let net = Sequential::new().add(conv2d(1, 8, 3)).add(relu()).add(max_pool2d(2))\n"
    "    .add(flatten()).add(linear(72, 32)).add(relu()).add(linear(32, 10));",
    rust_loss="cross_entropy_loss(&net.forward(&xb), &yb)",
    plain="let net = nn::seq().add(nn::conv2d(&root, 1, 8, 3, Default::default()))\n"
    "    .add_fn(|x| x.relu()).add_fn(|x| x.max_pool2d_default(2)).add_fn(|x| x.flatten(1, -1))\n"
    "    .add(nn::linear(&root, 72, 32, Default::default())).add_fn(|x| x.relu())\n"
    "    .add(nn::linear(&root, 32, 10, Default::default()));",
    plain_loss="net.forward(&xb).cross_entropy_for_logits(&yb)",
    python_data="x = torch.rand(256, 1, 8, 8)\ny = torch.randint(10, (256,))",
    python="net = torch.nn.Sequential(torch.nn.Conv2d(1, 8, 3), torch.nn.ReLU(),\n"
    "    torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(72, 32), torch.nn.ReLU(),\n"
    "    torch.nn.Linear(32, 10))",
    python_loss="torch.nn.functional.cross_entropy(net(xb), yb)",
)

# 65 characters, 32 places, width 32, 4 heads, 2 blocks.
GPT = Network(
    rows=256,
    batch=16,
    share=0.04,
    data="let x = Tensor::randint(65, [256, 32], (Kind::Int64, Device::Cpu));\n"
    "let y = Tensor::randint(65, [256, 32], (Kind::Int64, Device::Cpu));",
    rust="let net = gpt(65, 32, 32, 4, 2);",
    rust_loss="next_token_loss(&net.forward(&xb), &yb)",
    plain="""\
let tokens = nn::embedding(&root, 65, 32, Default::default());
let places = root.randn("places", &[32, 32], 0.0, 0.02);
let line = |name: &str, i, o| nn::linear(&root / name, i, o, Default::default());
let norm = |name: &str| nn::layer_norm(&root / name, vec![32], Default::default());
let blocks: Vec<_> = ["a", "b"].iter().map(|b| (
    norm(&format!("{b}1")), line(&format!("{b}2"), 32, 96), line(&format!("{b}3"), 32, 32),
    norm(&format!("{b}4")), line(&format!("{b}5"), 32, 128), line(&format!("{b}6"), 128, 32),
)).collect();
let (last, head) = (norm("last"), line("head", 32, 65));
let net = |x: &Tensor| {
    let mut s = tokens.forward(x) + &places;
    for (first, qkv, out, second, wide, narrow) in &blocks {
        let z = qkv.forward(&first.forward(&s)).reshape([-1, 32, 3, 4, 8]).permute([2, 0, 3, 1, 4]);
        let looked = Tensor::scaled_dot_product_attention(
            &z.get(0), &z.get(1), &z.get(2), None::<Tensor>, 0.0, true, None, false);
        s = s + out.forward(&looked.transpose(1, 2).reshape([-1, 32, 32]));
        s = &s + narrow.forward(&wide.forward(&second.forward(&s)).gelu("none"));
    }
    head.forward(&last.forward(&s))
};""",
    plain_loss="net(&xb).reshape([-1, 65]).cross_entropy_for_logits(&yb.reshape([-1]))",
    python_data="x, y = torch.randint(65, (256, 32)), torch.randint(65, (256, 32))",
    python="""\
from torch import nn
from torch.nn import functional as F
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.LayerNorm(32), nn.LayerNorm(32)
        self.qkv, self.out = nn.Linear(32, 96), nn.Linear(32, 32)
        self.wide, self.narrow = nn.Linear(32, 128), nn.Linear(128, 32)
    def forward(self, s):
        q, k, v = self.qkv(self.first(s)).reshape(-1, 32, 3, 4, 8).permute(2, 0, 3, 1, 4)
        looked = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        s = s + self.out(looked.transpose(1, 2).reshape(-1, 32, 32))
        return s + self.narrow(F.gelu(self.wide(self.second(s))))
class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(65, 32)
        self.places = nn.Parameter(torch.randn(32, 32) * 0.02)
        self.blocks = nn.Sequential(Block(), Block())
        self.last, self.head = nn.LayerNorm(32), nn.Linear(32, 65)
    def forward(self, x):
        return self.head(self.last(self.blocks(self.tokens(x) + self.places)))
net = GPT()""",
    python_loss="F.cross_entropy(net(xb).reshape(-1, 65), yb.reshape(-1))",
)

# By the row of the table.
NETWORKS = {
    "training_houses": HOUSES,
    "training_trainer": replace(HOUSES, trainer="mse_loss"),
    "training_classifier": CLASSIFIER,
    "training_cnn": CNN,
    "training_gpt": GPT,
}
