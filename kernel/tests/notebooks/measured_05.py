"""What notebook 05 must show; see measured.py."""

MEASURED = {
    "05_how_models_learn": {
        "losses-two": [r"probability 0\.9: loss 0\.1054", r"probability 0\.1: loss 2\.3026"],
        "losses-clamp": [r"100, gradient 0", r"200, gradient 1"],
        "ways-race": [
            r"plain: loss 0\.1321",
            r"mini-batch: loss 0\.5999",
            r"momentum: loss 0\.0006",
            r"Adam: loss 0\.0565",
        ],
        "rates-claims": [r"0\.1 +\"never, way too high\" +0\.0000\d+"],
        "loop-seeds": [
            r"before training, seed 42 .*0\.6712",
            r"epoch 1, seed 42 .*0\.6595",
            r"epoch 20, seed 42 +0\.0451 +0\.0085",
            r"highest of 100 seeds +0\.0451 +0\.0093",
            r"epoch 100, seed 42 +0\.0028 +0\.0000",
        ],
    },
}
