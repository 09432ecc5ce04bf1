"""What notebook 02 must show: weights beyond 1 in a real model, and counts."""

MEASURED = {
    "02_weights_and_parameters": {
        "range-read": [r"22713216 weights"],
        "range-claims": [r"all but 54 of 22,713,216", r"largest weight +1 +7\.91"],
        "count-summary": [r"4,929 parameters"],
        "transformer-summary": [r"237,288 parameters"],
        "overfit-errors": [r"2 parameters: .* 0\.009 between", r"8 parameters: .* 0\.129 between"],
        # More parameters than points, held back by a penalty: better than eight that are free.
        "overfit-penalties": [r"penalty 0\.000001: .* 3\.\d+ between", r"penalty 0\.1: .* 0\.056 between"],
        "sizes-claims": [r"1857 times", r"5\.4 times", r"7,000,000,000 +6,738,415,616"],
    },
}
