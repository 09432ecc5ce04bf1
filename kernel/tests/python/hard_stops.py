"""Cells that no checkpoint alone would stop, or that would swallow a stop.

Each prints `running` first. `SETUP` runs before them; they may use its variables.
"""

SETUP = """
use std::sync::{Arc, Barrier, Condvar, Mutex, RwLock};
use std::sync::mpsc::{channel, sync_channel};
use std::time::Duration;
let kept: Vec<u64> = vec![1, 2];
let number = 7;
let weights = tensor([1.0, 2.0]);
let text = String::from("kept");
let shared = Arc::new(Mutex::new(1));
let rounds = Arc::new(RwLock::new(vec![1usize]));
"""

# What each of the variables is afterwards.
KEPT = {
    "kept": "[1, 2]",
    "number": "7",
    "weights.size()": "[2]",
    "text": '"kept"',
    "Arc::strong_count(&shared)": "1",
    "Arc::strong_count(&rounds)": "1",
}

HARD = {
    "sleep": "std::thread::sleep(Duration::from_secs(60));",
    "sleep in a loop over a variable": "for x in &kept { std::thread::sleep(Duration::from_secs(60)); }",
    "recursion": "fn fib(n: u64) -> u64 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }\nfib(60)",
    "recursion of a method": """
trait Walk { fn walk(&self, n: u64) -> u64; }
struct Left;
impl Walk for Left { fn walk(&self, n: u64) -> u64 { if n < 2 { 1 } else { self.walk(n - 1) + self.walk(n - 2) } } }
Left.walk(60)""",
    "closures without braces": "(1..u64::MAX).filter(|x| x % 7 == 0).map(|x| x ^ 3).sum::<u64>()",
    "no closure at all": "std::iter::repeat(number).max()",
    "an iterator of its own": """
struct Endless(u64);
impl Iterator for Endless { type Item = u64; fn next(&mut self) -> Option<u64> { self.0 ^= 5; Some(self.0) } }
Endless(number as u64).max()""",
    "a variable and no closure": "kept.iter().cycle().max()",
    "second lock": "let first = shared.lock().unwrap();\nlet second = shared.lock().unwrap();",
    "read, then write": "{ let reader = rounds.read().unwrap(); rounds.write().unwrap().push(text.len()); }",
    "status": 'std::process::Command::new("sleep").arg("60").status()?',
    "output": 'std::process::Command::new("sleep").arg("60").output()?',
    "wait": 'let mut child = std::process::Command::new("sleep").arg("60").spawn()?;\nchild.wait()?;',
    "receive": "let (sender, receiver) = channel::<i32>();\nreceiver.recv()?;",
    "rendezvous": "let (sender, receiver) = sync_channel::<i32>(0);\nreceiver.recv()?;",
    "full channel": "let (sender, receiver) = sync_channel::<usize>(1);\nloop { sender.send(text.len())?; }",
    "condition variable": """
let (flag, changed) = (Mutex::new(false), Condvar::new());
let mut set = flag.lock().unwrap();
while !*set { set = changed.wait(set).unwrap(); }""",
    "condition variable with a closure": """
let (flag, changed) = (Mutex::new(false), Condvar::new());
let set = changed.wait_while(flag.lock().unwrap(), |set| !*set).unwrap();""",
    "park": "loop { std::thread::park(); }",
    "join a loop": "std::thread::spawn(|| loop {}).join().unwrap();",
    "join a sleep": "std::thread::spawn(|| std::thread::sleep(Duration::from_secs(60))).join().unwrap();",
    "join a wait": "let (sender, receiver) = channel::<i32>();\n"
    "std::thread::spawn(move || receiver.recv()).join().unwrap()?;",
    "scope": "std::thread::scope(|scope| { for _ in 0..2 { scope.spawn(|| loop {}); } });",
    "scope that sleeps": "std::thread::scope(|scope| {\n"
    "    scope.spawn(|| std::thread::sleep(Duration::from_secs(60 + kept[0])));\n});",
    "barrier": "Barrier::new(2).wait();",
    "accept": 'std::net::TcpListener::bind("127.0.0.1:0")?.accept()?;',
    "receive a datagram": 'let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;\n'
    "socket.recv(&mut [0; 8])?;",
    "sort": "let mut many = vec![3, 1, 2];\nloop { many.sort_by(|a, b| a.cmp(b)); }",
    "comparator": "let mut many = vec![3, 1, 2];\nmany.sort_by(|a, b| loop {});",
    "stored closure": "let again = |x: u64| x.wrapping_mul(3);\nlet mut x = 1;\nwhile again(x) != 0 { x = again(x); }",
    "constant function": "const fn tally(mut n: u64) -> u64 { while n != 1 { n = n.wrapping_add(2); } n }\n"
    "tally(std::hint::black_box(2))",
    "macro": "macro_rules! forever { ($body:expr) => { loop { $body } } }\nlet mut n = 0u64;\n"
    "forever!(n = n.wrapping_add(kept[0]))",
    "condition does the work": "let mut n = 0u64;\nwhile { n = n.wrapping_add(1); true } {}",
    "matrix product": "let big = randn(&[9000, 9000]);\nlet product = big.matmul(&big).matmul(&big);",
    "drop": "struct Slow;\nimpl Drop for Slow { fn drop(&mut self) { loop {} } }\n{ let slow = Slow; }",
    "future": "std::future::pending::<()>().await;",
    "hook": 'std::panic::set_hook(Box::new(|_| {}));\nloop {}',
    "foreign function": 'unsafe extern "C" { fn pause() -> i32; }\nunsafe { pause(); }',
    "callback of a foreign function": """
extern "C" fn compare(_: *const u8, _: *const u8) -> i32 { loop {} }
unsafe extern "C" { fn qsort(base: *mut u8, n: usize, size: usize, f: extern "C" fn(*const u8, *const u8) -> i32); }
unsafe { qsort([3u8, 1, 2].as_mut_ptr(), 3, 1, compare) };""",
}

SWALLOWED = {
    "caught in a loop": "loop { let _ = std::panic::catch_unwind(|| loop {}); }",
    "caught": "let _ = std::panic::catch_unwind(|| loop {});\n5",
    "caught, then a wait": "let _ = std::panic::catch_unwind(|| loop {});\nstd::thread::sleep(Duration::from_secs(60));",
    "joined and ignored": "std::thread::spawn(|| loop {}).join()",
    "joined and dropped": "let _ = std::thread::spawn(|| loop {}).join();\n5",
    "joined in a loop": "loop { let _ = std::thread::spawn(|| loop {}).join(); }",
}
