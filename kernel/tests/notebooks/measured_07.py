"""What notebook 07 must show, by cell."""

MEASURED = {
    "07_capacity_and_scaling": {
        "returns-claims": [r"language models +3 to 5 % better +5\.1 % less loss"],
        "chinchilla-duel": [r"7 billion +might be the better +2\.052", r"70 billion +- +2\.115"],
        "budget-lowest": [
            r"lowest point: 5\.6 billion parameters, 64 tokens for each, loss 2\.126",
            r"the rule: 10\.0 billion parameters, 20 tokens for each, loss 2\.133",
        ],
        "budget-claims": [r"1e12 FLOP +10 billion +91287", r"10 billion parameters +1e12 +1\.2e22"],
    },
}
