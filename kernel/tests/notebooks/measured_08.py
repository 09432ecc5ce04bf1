"""What notebook 08 must show, by cell: GloVe's cosines, and the king both ways."""

MEASURED = {
    "08_embeddings": {
        "distance-claims": [r"hot and cold, opposites +far +0\.801"],
        "king": [r"1 +king 0\.886 +queen 0\.861"],
        "king-claims": [
            r"among all words +queen +king 0\.886",
            r"without king, man, woman +queen +queen 0\.861",
        ],
        "sentences-mean": [r": 1\.000"],
        "sentences-claims": [r"parameters +100M to 1B +22\.6M"],
    },
}
