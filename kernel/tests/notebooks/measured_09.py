"""What notebook 09 must show, by cell."""

MEASURED = {
    "09_model_evaluation": {
        "accuracy-never": [r"accuracy 0\.99, spam found 0"],
        "precision-claims": [r"rate 0\.01, recall 0\.9, 0\.1 % spam +high +0\.083"],
        "perplexity-claims": [
            r"2\^loss, the loss in nats +50 +15\.05",
            r"e\^loss, the loss in nats +not mentioned +50\.00",
            r"2\^loss, the loss in bits +not mentioned +50\.00",
        ],
        "benchmarks-sure": [
            r"MMLU, .* 0\.5 points, a difference \+- 0\.7",
            r"HumanEval, .* 4\.9 points, a difference \+- 6\.9",
        ],
        "benchmarks-claims": [r"57 subjects, 14,042 test questions", r"80 two-turn questions"],
    },
}
