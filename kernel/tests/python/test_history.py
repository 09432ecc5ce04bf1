"""Cells of earlier sessions are found again: the history is the learner's, not a kernel's."""

CELLS = ['let stone = "λ";', "// unusual words\nlet two = 2;\ntwo * 21", "stone.len()"]


def test_a_later_session_finds_the_cells_of_an_earlier_one(new_kernel):
    first = new_kernel()
    for code in CELLS:
        first.ok(code)
    first.ok("let unheard_of = 0;", store_history=False)
    first.shutdown()
    second = new_kernel(XDG_DATA_HOME=first.environment["XDG_DATA_HOME"])
    second.ok("let later = 1;")

    everything = history(second, "tail", n=10)
    assert [code for _, _, code in everything] == [*CELLS, "let later = 1;"]
    assert [line for _, line, _ in everything] == [1, 2, 3, 1]
    *earlier, own = [session for session, _, _ in everything]
    assert len(set(earlier)) == 1 and own not in earlier
    assert history(second, "tail", n=2) == everything[-2:]

    assert history(second, "search", pattern="*unusual*") == [everything[1]]
    assert history(second, "search", pattern="*stone*") == [everything[0], everything[2]]
    [[_, _, (code, output)]] = history(second, "search", pattern="*unusual*", output=True)
    assert (code, output) == (CELLS[1], "42")


def test_sessions_at_the_same_time_lose_no_cell(new_kernel):
    one = new_kernel()
    other = new_kernel(XDG_DATA_HOME=one.environment["XDG_DATA_HOME"])
    codes = [str(number) for number in range(8)]
    for code in codes:
        sent = [(kernel, kernel.send(code)) for kernel in (one, other)]
        for kernel, cell in sent:
            kernel.finish(cell)
    assert sorted(code for _, _, code in history(one, "tail", n=100)) == sorted(2 * codes)


def history(kernel, access, output=False, **question):
    question = kernel.client.history(raw=True, output=output, hist_access_type=access, **question)
    return kernel.reply(question)["content"]["history"]
