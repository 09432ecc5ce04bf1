"""What notebook 15 must show, by cell: a number for each of the ten takeaways."""

MEASURED = {
    "15_takeaways_next_steps": {
        "takeaway-functions": [r"283\.1 thousand dollars"],
        "takeaway-parameters": [r"GPT-2 small: 124439808 parameters"],
        "takeaway-attention": [r"later position: 0\b"],
        "takeaway-training": [r"155\.6405 -> 76\.2638, ratio 0\.49"],
        "takeaway-bigger": [r"1,000B tokens: loss 2\.052", r"100B tokens: +loss 2\.115"],
        "takeaway-embeddings": [r"hot, cold: 0\.801"],
        "takeaway-evaluation": [r"precision 0\.083"],
        "takeaway-interpretability": [r"Selectivity: 0\.0 points"],
        "takeaway-architecture": [r"convolution: 40 parameters"],
        "takeaway-balance": [r"10,000,000,000 +91287", r"1e12 +1\.2e22"],
    },
}
