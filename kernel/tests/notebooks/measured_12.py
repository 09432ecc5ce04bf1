"""What notebook 12 must show; see measured.py."""

MEASURED = {
    "12_common_training_mistakes": {
        "low-claims": [r"0\.0001 to 0\.001 +that is 10 times"],
        "stop-claims": [r"patience 5: epoch kept +12 +12", r"patience 10: epoch kept +12 +19"],
        "vanish-claims": [r"sigmoid .*\de-9", r"ReLU +cured +\de-5"],
        # 2.0191 is the variance of the targets.
        "vanish-curves": [
            r"sigmoid +199 +2\.019",
            r"ReLU +34 +2\.0\d\d",
            r"ReLU +199 +0\.00\d+",
            r"He's first weights +51 +0\.0\d+",
        ],
        "low-card": [r"loss before = 0\.566\n +loss after = 0\.5\d+"],
        "shift-run": [r"small houses, .* good +3\d\n", r"large houses .* 2\d\d\n"],
        "shift-curve": [r" +20 +0\.2\d+ +4\.\d+", r" +200 +0\.1\d+ +6\.\d+"],
        "shift-mended": [
            r"split 7, .* broken 284, mended 54",
            r"split 8, .* broken 191, mended 73",
            r"split 9, .* broken 307, mended 152",
        ],
        "shift-leak": [
            r"test set that chose it +50 % +[67]\d %",
            r"fresh examples +50 % +(4[789]|5[0123]) %",
        ],
    },
}
