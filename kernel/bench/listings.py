"""The six listings of notebook 06: its own cells in Rust, and the same computations in PyTorch.
Knows nothing of kernels; a list of cells is all that comes out.

The PyTorch side prints tables where the notebook shows tables, and draws its three curves with
matplotlib, as someone who works in Python would.
"""

import json
import re
from pathlib import Path

# A card, or an answer.
EXERCISE = re.compile(r'^exercise\("|\bcheck::')

# They repeat a listing with ten or a hundred seeds; the text has nothing like it.
REPEATS = ("flow-seeds", "rates-seeds")


def rust_cells(root):
    """The notebook's code cells, in order, without its exercises and repetitions."""
    notebook = json.loads(Path(root, "notebooks", "06_code_examples.ipynb").read_text())
    code = [c for c in notebook["cells"] if c["cell_type"] == "code" and c["id"] not in REPEATS]
    cells = ["".join(cell["source"]) for cell in code]
    return [cell for cell in cells if cell.strip() and not EXERCISE.search(cell)]


FORWARD = (
    """\
import torch
from torch import nn
torch.manual_seed(42)
net = nn.Sequential()
net.add_module('fc1', nn.Linear(4, 8))
net.add_module('relu', nn.ReLU())
net.add_module('fc2', nn.Linear(8, 1))
net""",
    """\
x = torch.randn(3, 4)
value = x
for name, layer in net.named_children():
    before, value = value, layer(value)
    size = sum(p.numel() for p in layer.parameters())
    print(f'{name:6}{list(before.shape)} to {list(value.shape)}, {size} parameters', value[0])""",
    """\
before = x @ net.fc1.weight.T + net.fc1.bias
before[0]""",
    """\
after = before.relu()
after[0]""",
    """\
output = after @ net.fc2.weight.T + net.fc2.bias
print('same as the network:', torch.allclose(output, net(x), 1e-5, 1e-6))
output""",
    """\
try:
    net(torch.randn(3, 5))
except RuntimeError as error:
    print(error)""",
)

GRADIENTS = (
    """\
torch.manual_seed(42)
model = nn.Linear(3, 1)
x = torch.tensor([[1.0, 2.0, 3.0]])
target = torch.tensor([[14.0]])
prediction = model(x)
loss = nn.functional.mse_loss(prediction, target)
print(f'prediction {prediction.item():.4f}, loss {loss.item():.4f}')""",
    """\
def gradients(model):
    for name, parameter in model.named_parameters():
        print(name, list(parameter.shape), parameter.data.norm().item(), parameter.grad)

gradients(model)""",
    """\
loss.backward()
gradients(model)""",
    """\
slope = 2 * (prediction.item() - target.item())
print('by the chain rule:', [round(slope * value, 2) for value in (1, 2, 3)], round(slope, 2))""",
    """\
learning_rate = 0.01
with torch.no_grad():
    for parameter in model.parameters():
        parameter -= learning_rate * parameter.grad
        parameter.grad = None""",
    """\
new_loss = nn.functional.mse_loss(model(x), target)
ratio = new_loss.item() / loss.item()
print(f'new loss {new_loss.item():.4f}, ratio {ratio:.2f}; expected {0.49 * loss.item():.4f}')""",
)

TRAINING = (
    """\
def make_points(seed):
    torch.manual_seed(seed)
    x = torch.randn(200, 2)
    y = (x[:, 0] + 2 * x[:, 1] > 0).float().unsqueeze(1)
    everything = torch.arange(200)
    chosen = torch.randperm(200)[:160]
    rest = everything[~torch.isin(everything, chosen)]
    return (x[chosen], y[chosen]), (x[rest], y[rest])

train_set, held_out = make_points(42)
print(train_set[0].shape, 'for training,', held_out[0].shape, 'held out')""",
    """\
def classifier():
    return nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1), nn.Sigmoid())""",
    """\
import matplotlib.pyplot as plt

def train(net, points, held_out):
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    bce, losses, held_losses = nn.BCELoss(), [], []
    for epoch in range(50):
        net.train()
        loss = bce(net(points[0]), points[1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        net.eval()
        with torch.no_grad():
            held = bce(net(held_out[0]), held_out[1])
        losses.append(loss.item())
        held_losses.append(held.item())
    return losses, held_losses

def draw(title, *curves, log=False):
    plt.figure(figsize=(8, 4))
    for curve in curves:
        plt.plot(curve)
    if log:
        plt.yscale('log')
    plt.xlabel('epoch')
    plt.ylabel('loss')
    plt.title(title)
    plt.grid(True)
    plt.show()""",
    """\
net = classifier()
draw('Training progress', *train(net, train_set, held_out))""",
    """\
def accuracy(net, points):
    with torch.no_grad():
        return ((net(points[0]) > 0.5).float() == points[1]).float().mean().item()

print(f'seed 42: {accuracy(net, held_out):.3f}')""",
    """\
other_train, other_held_out = make_points(0)
other_net = classifier()
other_curve = train(other_net, other_train, other_held_out)
print(f'seed 0: {accuracy(other_net, other_held_out):.3f}')""",
)

FLOW = (
    """\
def deep(layers, activation, he):
    parts = []
    for layer in range(layers):
        parts += [nn.Linear(10 if layer == 0 else 64, 64), activation()]
    net = nn.Sequential(*parts, nn.Linear(64, 1))
    if he:
        for part in net:
            if isinstance(part, nn.Linear):
                nn.init.kaiming_normal_(part.weight)
                nn.init.zeros_(part.bias)
    return net""",
    """\
def after_backward(layers, activation, he=False):
    torch.manual_seed(42)
    net = deep(layers, activation, he)
    x, y = torch.randn(32, 10), torch.randn(32, 1)
    nn.functional.mse_loss(net(x), y).backward()
    return net

def flow(net):
    parameters = net.named_parameters()
    return {name: (p.grad.norm().item(), p.data.norm().item()) for name, p in parameters}

with_sigmoid = after_backward(3, nn.Sigmoid)
for name, (slope, size) in flow(with_sigmoid).items():
    print(f'{name:10} {slope:.6f} {size:.4f} {slope / size:.6f}')""",
    """\
first = flow(with_sigmoid)['0.weight']
print(list(flow(with_sigmoid)), first)""",
    """\
def first_gradient(layers, activation, he=False):
    return flow(after_backward(layers, activation, he))['0.weight'][0]

for layers in (3, 5, 6, 7, 8):
    print(f'{layers} sigmoid layers: {first_gradient(layers, nn.Sigmoid):.1e}')""",
    """\
few, many = first_gradient(3, nn.ReLU), first_gradient(20, nn.ReLU)
he = first_gradient(20, nn.ReLU, he=True)
print(f'ReLU, 3 layers: {few:.4f} ({few / first[0]:.0f} times)')
print(f'ReLU, 20 layers: {many:.0e}, with He: {he:.2f}')""",
)

RATES = (
    """\
torch.manual_seed(42)
unused = nn.Linear(10, 1)
race_x, race_y = torch.randn(100, 10), torch.randn(100, 1)
racer = nn.Linear(10, 1)
start = {name: value.clone() for name, value in racer.state_dict().items()}""",
    """\
def race(rate, steps):
    racer.load_state_dict(start)
    optimizer = torch.optim.SGD(racer.parameters(), lr=rate)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(racer(race_x), race_y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses""",
    """\
for rate in (0.1, 0.01, 0.001, 0.0001, 0.00001):
    print(f'learning rate {rate}: {race(rate, 50)[-1]:.4f}')""",
    """\
draw('Five rates from one start', *(race(rate, 50) for rate in (0.1, 0.01, 0.001, 0.0001, 0.00001)))""",
    """\
a = torch.cat([race_x, torch.ones(100, 1)], 1)
largest = torch.linalg.eigvalsh(a.T @ a * (2 / 100)).max().item()
print(f'critical learning rate: {2 / largest:.3f}')""",
    """\
for rate in (0.55, 0.65, 1.0, 2.0):
    losses = race(rate, 200)
    infinite = [step for step, loss in enumerate(losses) if loss == float('inf')]
    undefined = [step for step, loss in enumerate(losses) if loss != loss]
    print(f'learning rate {rate}: loss {losses[49]:.2e} after 50 steps', infinite[:1], undefined[:1])""",
)

HOUSES = (
    """\
torch.manual_seed(42)
x = torch.randn(100, 3)
y = (x[:, 0] * 0.5 + x[:, 1] * 0.3 + x[:, 2] * 0.1 + 0.2).unsqueeze(1)
net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
print(f'loss before training: {nn.functional.mse_loss(net(x), y).item():.4f}')""",
    """\
def one_epoch(net, optimizer, x, y):
    losses = []
    for batch in torch.randperm(100).split(16):
        loss = nn.functional.mse_loss(net(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses""",
    """\
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
epochs = [one_epoch(net, optimizer, x, y) for _ in range(100)]
print('batches in an epoch:', len(epochs[0]))""",
    """\
by_six = [sum(losses) / 6 for losses in epochs]
for epoch in (1, 20, 40, 60, 80, 100):
    print(f'epoch {epoch}: {by_six[epoch - 1]:.4f}')""",
    """\
by_seven = [sum(losses) / 7 for losses in epochs]
draw('Houses: mean loss of the batches', by_seven, log=True)""",
    """\
with torch.no_grad():
    price = net(torch.zeros(1, 3)).item()
print(f'price of a house with all features 0: {price:.2f}')""",
)

PYTHON_CELLS = (*FORWARD, *GRADIENTS, *TRAINING, *FLOW, *RATES, *HOUSES)

# Values that both sides must print: a run that computed something else is no measurement.
BOTH_SAY = ("155.6405", "76.2638", "0.0085", "0.600")
