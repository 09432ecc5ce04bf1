"""Cells that never end by themselves, each with the line where a stop finds it."""

# Run before them: the first step says that the loop is running.
BEFORE = """
let mut count: u64 = 0;
fn step(count: &mut u64) { *count += 1; if *count == 1 { println!("running"); } }
"""

LOOPS = {
    "loop": ("loop { step(&mut count); }", 1),
    "while": ("while count < u64::MAX {\n    step(&mut count);\n}", 1),
    "for": ("for _ in 0..u64::MAX { step(&mut count); }", 1),
    "function": (
        "fn forever(count: &mut u64) {\n    loop { step(count); }\n}\nforever(&mut count);",
        2,
    ),
    "closure": ("let mut steps = ||\n    loop { step(&mut count); };\nsteps();", 2),
    "closure that an iterator calls": ("(0u64..)\n    .for_each(|_| { step(&mut count); });", 2),
    "training": (
        """let net = linear(3, 1);
let mut optimizer = sgd(&net, 0.01);
loop {
    let loss = mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1]));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    step(&mut count);
}""",
        3,
    ),
}
