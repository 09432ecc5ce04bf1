"""What notebook 04 must show, by cell: token numbers, and where MiniLM looks."""

MEASURED = {
    "04_transformer_architecture": {
        "causal-claims": [r"pairs that look, of 121 +121 +66", r"largest weight .* 0\.0"],
        "heads-layer": [r"weights \[1, 2, 5, 5\]", r"288 parameters"],
        "heads-claims": [r"largest difference +- +0\.0000"],
        "order-blind": [r"bit, .* 0\.0000\n", r"cat, .* 0\.0000"],
        "steps-claims": [
            r"15339 11 884 389 607 30 +15496 11 703 389 345 30",
            r"15339 11 884 389 607 30 +9906 11 1268 527 499 30",
        ],
        "real-encoder": [r"22565376 parameters"],
        "real-claims": [
            r"\[CLS\] .*51\.8 %",
            r"arrested +35 % +6\.9 %",
            r"denied +30 % +6\.9 %",
            r"charges +20 % +4\.5 %",
            r"executive +5 % +3\.7 %",
            r"the, at the start +2 % +2\.0 %",
            r"the, just before +2 % +5\.8 %",
            r"gives it most +- +76\.8 %",
        ],
        "real-head": [r"charges +0\.0429 .*0\.7682"],
        "real-long": [
            r"at \[CLS\]: 48\.6 %",
            r"at denied: 6\.2 %",
            r"at arrested: 5\.6 %",
            r"at ##zzle: 4\.3 %",
            r"embezzlement together: 7\.8 %",
            r"head 1: 76\.5 %",
        ],
    },
}
