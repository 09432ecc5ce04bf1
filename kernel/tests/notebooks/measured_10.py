"""What notebook 10 must show, by cell."""

MEASURED = {
    "10_common_architectures": {
        "moe-net": [r"parameters in all: 17160", r"at work for one token: 4488"],
        "moe-claims": [r"4488 of 17160", r"in memory +\"parameter-efficient\" +all of them"],
        "table-all": [r"CNN +1898", r"ViT +13770"],
    },
}
