"""What notebook 12 must show; see measured.py."""

MEASURED = {
    "12_common_training_mistakes": {
        "low-claims": [r"0\.0001 to 0\.001 +that is 10 times"],
        "stop-claims": [r"patience 5: epoch kept +12 +12", r"patience 10: epoch kept +12 +19"],
        "vanish-claims": [r"sigmoid .*\de-9", r"ReLU +cured +\de-5"],
        "shift-leak": [r"test set +50 % +[67]\d %", r"fresh examples +50 % +(4[789]|5[0123]) %"],
    },
}
