"""What notebook 11 must show, by cell."""

MEASURED = {
    "11_interpretability": {
        "attention-row": [
            r"\[CLS\] +not listed +51\.8",
            r"arrested +35 +6\.9",
            r"denied +30 +6\.9",
            r"charges +20 +4\.5",
            r"executive +5 +3\.7",
            r"head 1 alone +- +76\.8",
        ],
        "probing-claims": [r"control: a coin for each word +not mentioned +100\.0 %"],
        "deletion-test": [r"(?s)gradient x input +0\.0.*the image itself +0\.1"],
        "random-check": [r"nothing +1\.000"],
    },
}
