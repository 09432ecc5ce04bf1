"""jupyter_kernel_test, with every test of it switched on: one that would be skipped fails."""

import tempfile
import unittest

import jupyter_kernel_test
import pytest
from frontend import until
from jupyter_kernel_test import IopubWelcomeTests, KernelTests

jupyter_kernel_test.SkipTest = AssertionError


class TestKernel(KernelTests):
    @classmethod
    def setUpClass(cls):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_DATA_HOME", tempfile.mkdtemp())
            super().setUpClass()
        cls.wait_for_code_intelligence()

    @classmethod
    def wait_for_code_intelligence(cls):
        """It starts behind the first cell; types of what stands in the cell are known to it alone."""
        cls.kc.execute_interactive("let a_name = 1;")
        until(cls.infers, "rust-analyzer answers")

    @classmethod
    def infers(cls):
        cls.flush_channels(cls)
        answer = cls.kc.complete("let n = 1u8; n.leading_z", reply=True, timeout=60)
        return answer["content"]["matches"]

    kernel_name = "gradbook"
    language_name = "rust"
    file_extension = ".rs"

    code_hello_world = 'println!("hello, world");'
    code_stderr = 'eprintln!("oh, world");'

    completion_samples = [
        {"text": "String::from_utf8_l", "matches": ["from_utf8_lossy"]},
        {"text": "let b = 2; a_na", "matches": ["a_name"]},
    ]

    complete_code_samples = ["1", "let x = 1;", 'println!("{}", 1);', "fn f() {}", "// only this"]
    incomplete_code_samples = ["fn f() {", "let x = vec![1,", 'let s = "abc', "x.f(", "/* open"]
    invalid_code_samples = ["let x = );", "fn f() }", "x ] y"]

    code_page_something = "?Option"
    code_generate_error = 'panic!("as asked")'

    code_execute_result = [
        {"code": "1 + 1", "result": "2"},
        {"code": "2 + 2", "result": "4"},
        {"code": '"2 + 3"', "result": '"2 + 3"'},
        {"code": "tensor(1.5)", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "display(&tensor([1.0, 2.0]));", "mime": "text/html"},
        {
            "code": 'println!("EVCXR_BEGIN_CONTENT image/svg+xml\\n<svg/>\\nEVCXR_END_CONTENT");',
            "mime": "image/svg+xml",
        },
    ]

    code_history_pattern = "1 ? ?"
    supported_history_operations = ("tail", "range", "search")

    code_inspect_sample = "Tensor"
    code_clear_output = "clear_output(false);"


class TestIopubWelcome(IopubWelcomeTests):
    kernel_name = "gradbook"
    support_iopub_welcome = True


def test_every_test_of_the_suite_is_among_them(figures):
    names = [
        name
        for suite in (TestKernel, TestIopubWelcome)
        for name in unittest.TestLoader().getTestCaseNames(suite)
    ]
    figures.append(f"jupyter_kernel_test, {len(names)} tests: {', '.join(names)}")
    assert len(names) == 13


# They are only meant to be inherited from.
del KernelTests, IopubWelcomeTests
