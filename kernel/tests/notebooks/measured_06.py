"""What notebook 06 must show; see measured.py."""

MEASURED = {
    "06_code_examples": {
        "forward-net": [r"49 parameters"],
        "forward-hand-3": [r"same as the network: true"],
        "gradient-loss": [r"prediction 1\.5244, loss 155\.6405"],
        "gradient-after": [r"-24\.95\d*, -49\.90\d*, -74\.85\d*", r"bias .*\[-24\.95\d*\]"],
        "gradient-new-loss": [r"new loss +76\.2638 +76\.2638", r"old loss +0\.49 +0\.49"],
        "training-run": [
            r"10 +0?\.6146 +0?\.6093",
            r"20 +0?\.4994 +0?\.4916",
            r"30 +0?\.3923 +0?\.3765",
            r"40 +0?\.3057 +0?\.2804",
            r"50 +0?\.2430 +0?\.2108",
        ],
        "training-accuracy-42": [r"seed 42: 1\.000"],
        "training-accuracy-0": [r"seed 0: 0\.850"],
        "flow-backward": [
            r"(?s)0\.weight.*2\.weight.*4\.weight.*6\.weight",
            r"0\.weight +0?\.002759 +4\.653",
            r"2\.weight +0?\.0850|2\.weight +0?\.08499",
            r"4\.weight +0?\.5499",
            r"6\.weight +3\.980",
        ],
        "flow-claims": [r"second weight +1\.weight +2\.weight", r"1\.2340 +4\.6529"],
        "flow-relu": [r"3 layers: 33 times", r"20 layers +fixed +\de-8", r"not mentioned +1\.35"],
        "flow-seeds": [
            r"20 to 35 times",
            r"20 layers: \de-9 to \de-8",
            r"He's weights: 0\.9 to 3\.5",
        ],
        "rates-claims": [
            r"0\.1 +inf +1\.0154",
            r"0\.01 +0\.9234 +1\.1083",
            r"0\.001 +0\.9876 +1\.5318",
            r"0\.0001 +1\.2345 +1\.6397",
            r"0\.00001 +1\.5678 +1\.6518",
        ],
        "rates-seeds": [r"best in 100 of 100 seeds"],
        "rates-critical": [r"critical learning rate: 0\.600"],
        "rates-diverge": [
            # Step 107, counted from 0, is the one that makes the weights NaN.
            r"rate 1: .*\n +inf after 53 steps\n +NaN after 108 steps",
            r"rate 2: .*\n +inf after 26 steps",
        ],
        "houses-data": [r"0\.6712"],
        "houses-train": [r"batches in an epoch: 7"],
        "houses-claims": [
            r"epoch 1 .*0\.6595",
            r"epoch 20 +0\.0451 +0\.0085",
            r"epoch 40 +0\.0089 +0\.0023",
            r"epoch 60 +0\.0045 +0\.0009",
            r"epoch 80 +0\.0032 +0\.0000",
            r"epoch 100 +0\.0028 +0\.0000",
        ],
        "houses-by-seven": [r"16\.7 % too high"],
    },
}
