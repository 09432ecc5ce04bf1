"""Notebook 11: what its cells must show."""

MEASURED = {
    "11_interpretability": {
        # Measured once in PyTorch with the same encoder.
        "attention-row": [
            r"(?s)\[CLS\] +51\.8 %.*arrested +6\.9 %.*denied +6\.9 %.*charges +4\.5 %.*executive +3\.7 %"
        ],
        "attention-claims": [
            r"arrested +35 % +6\.9 % \(76\.8 %\)",
            r"denied +30 % +6\.9 % \(9\.2 %\)",
        ],
        # A control that is read as well as the property: the score alone is no evidence.
        "probing-control": [r"control +100\.0 % +100\.0 %", r"Selectivity: -"],
        "saliency-claims": [
            r"random order .* 0\.5\d+",
            r"image itself.* 0\.2\d+",
            r"times input .* 0\.0\d+",
        ],
        # Of the +0.128 of "arrested." most is its full stop.
        "words-table": [r"arrested\. .* \+0\.128"],
        "words-stop": [r"the word alone adds \+0\.047", r"full stop alone adds \+0\.110"],
        "randomised-table": [r"times input +0\.0\d+ +0\.9\d", r"image itself +0\.2\d+ +1\.00"],
    },
}
