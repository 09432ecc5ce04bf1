"""What notebook 08 must show; see measured.py."""

MEASURED = {
    "08_embeddings": {
        "cosine-pairs": [r"cat and dog: 0\.922", r"cat and car: 0\.364"],
        "neighbours-of": [r"monday +tuesday 1\.00, thursday 1\.00, wednesday 1\.00, friday 0\.99, .*sunday 0\.93"],
        "distance-kitten": [r"cat and kitten: 0\.639"],
        "distance-claims": [r"hot and cold .*0\.801", r"cat and kitten .*0\.639", r"buy and sell .*0\.963"],
        "analogy-king": [
            r"nearest word +queen +king \(0\.886\)",
            r"second .*queen \(0\.861\)",
            r"inputs left out .*queen \(0\.861\)",
        ],
        "analogy-doctor": [r"1 +doctor 0\.896 +nurse 0\.842"],
        "sentence-encode": [r"22\.6 million parameters", r"\[3, 384\]"],
        "sentence-bank": [r"bank of the river +0\.3231 +1\.0000 +0\.3727"],
        "sentence-claims": [r"not cancelled\. .*0\.939", r"bit the dog\. .*0\.978"],
        "search-money": [r"1 +Refunds are paid .*0\.498"],
    },
}
