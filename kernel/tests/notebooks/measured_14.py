"""What notebook 14 must show, by cell: the baseline, and a network that beats it."""

MEASURED = {
    "14_putting_it_together": {
        "baseline-loss": [r"blind guess 4\.111 nats", r"bigram +2\.402 nats"],
        # The bigram's 2.402 lies between them.
        "five-curve": [r"held out +100 +2\.4[1-9]\d", r"held out +140 +2\.3\d\d"],
        "five-result": [r"better than the bigram: true"],
        "nine-logits": [r"smallest +0 or more +-", r"sum after a softmax +- +1\.0"],
    },
}
