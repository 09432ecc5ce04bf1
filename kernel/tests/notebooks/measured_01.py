"""What notebook 01 must show: the textbook's fit of hprice1, and what the network gains on it."""

MEASURED = {
    "01_what_are_models": {
        "houses-data": [r"88 examples"],
        "quality-claims": [
            r"square feet +0\.1284 +0\.128\d",
            r"bedrooms +15\.198 +15\.\d+",
            r"bias +-19\.315 +-19\.\d+",
            r"R squared +0\.632 +0\.632",
        ],
        "network-table": [r"line +59 +75", r"network +53 +86"],
        # One split decides nothing: the network wins some, and the means are near each other.
        "network-splits": [r"better in 7 of 20 splits", r"line 63, network 66"],
    },
}
