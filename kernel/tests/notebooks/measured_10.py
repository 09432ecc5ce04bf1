"""What notebook 10 must show, by cell."""

MEASURED = {
    "10_common_architectures": {
        "moe-net": [r"parameters in all: 17160", r"at work for one token: 4488"],
        "moe-claims": [r"mean share .* 0\.9\d", r"three of the eight .* 99 %", r"at work .* 4488 of 17160"],
        # Parameters and multiplications are counted by hand, from the sizes of the layers.
        "table-all": [
            r"CNN +1898 +23680 +0\.930 +0\.900",
            r"recurrent +3274 +21984 +0\.900",
            r"mixture of experts +19570 +6720 +0\.925",
            r"transformer +13322 +104768 +0\.942",
            r"ViT +13770 +215360 +0\.836 +0\.674",
        ],
    },
}
