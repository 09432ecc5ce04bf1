"""What notebook 14 must show, by cell: the baseline, and a network that beats it."""

MEASURED = {
    "14_putting_it_together": {
        "baseline-loss": [r"blind guess 4\.111 nats", r"bigram +2\.402 nats"],
        "five-result": [r"better than the bigram: true"],
        "nine-logits": [r"smallest +0 or more +-", r"sum after a softmax +- +1\.0"],
    },
}
