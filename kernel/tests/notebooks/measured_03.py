"""What notebook 03 must show: what a bend does, how slopes fade, and which activations are slow."""

MEASURED = {
    "03_neural_network_basics": {
        "bend-train": [
            r"without activations: \[0\.5, 0\.5, 0\.5, 0\.5\]",
            r"with activations: \[0\.0, 1\.0, 1\.0, 0\.0\]",
        ],
        "slopes-ten": [r"Sigmoid: 2\.8e-7", r"ReLU: 1\.0e0"],
        "dying-relu": [r"bias +-10: on for 0 of 1000 inputs, gradient 0"],
        # At least twice, wherever it was last run: a table of "no difference" was a busy machine's.
        "speed-claims": [
            r"ReLU +fast +\d+\.\d\d ms",
            r"GELU, beside ReLU +slower +([2-9]|\d\d)\.\d times",
            r"SiLU, beside ReLU +slightly slower +([2-9]|\d\d)\.\d times",
            r"tanh, beside sigmoid +faster +([2-9]|\d\d)\.\d times",
        ],
        "speed-facts": [
            r"GELU learns +\"learned\" +0",
            r"Llama's activation +GELU +SwiGLU",
        ],
        "forward-trace": [r"\[-2\.5000, 1\.5000\]", r"\[-1\.4000\]"],
        "backward-nudge": [r"gradient 4\.80, nudged 4\.80", r"gradient 9\.60, nudged 9\.60"],
        "backward-one-step": [r"loss before 5\.760, after one step 0\.488"],
    },
}
