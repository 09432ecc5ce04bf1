"""What notebook 13 must show, by cell: two rules of thumb beside a measurement of each, and the set."""

MEASURED = {
    "13_validation_checklist": {
        "curves-claims": [
            r"from 15 to 3,000 points +falls +0\.101 to 0\.184",
            r"cubic on 3,000 points +falls +0\.025",
            r"validation loss bad +overfitting +0\.187, training 0\.184",
        ],
        "three-cures-card": [r"Checklist: PU5\n"],
        "dashboard": [r"of 80 exercises", r"13 Validation checklist +0 +0 +18 +0"],
    },
}
