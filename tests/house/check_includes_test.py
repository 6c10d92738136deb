"""check_includes.py must see what it is there to see: each test plants one fault."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools" / "check_includes.py"


def run(files):
    """The script's exit code and output on a tree with these files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, SCRIPT, "--root", folder],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout


GOOD = {
    "cupel/base/error.hpp": "#pragma once\n#include <string>\n#include <Eigen/Core>\n",
    "cupel/base/json.cpp": '#include "cupel/base/error.hpp"\n#include <nlohmann/json.hpp>\n',
    "cupel/store/study.cpp": "#include <sqlite3.h>\n#include <fmt/format.h>\n",
    "cupel/network/kernel.hpp": "#pragma once\n#include <immintrin.h>\n",
    "cli/main.cpp": '#include "cupel/report/report.hpp"\n#include <CLI/CLI.hpp>\n#include "cli/a.hpp"\n',
    "cli/a.hpp": "#pragma once\n",
    "CMakeLists.txt": "cupel_folder(data LINKS base THIRD_PARTY fmt::fmt)\n",
}


class CheckIncludes(unittest.TestCase):
    def refuses(self, name, text, place):
        code, output = run({**GOOD, name: text})
        self.assertEqual(code, 1, output)
        self.assertIn(place, output)

    def test_accepts_a_tree_that_follows_the_table(self):
        code, output = run(GOOD)
        self.assertEqual(code, 0, output)
        self.assertTrue(output.startswith("ok"), output)

    def test_refuses_an_empty_tree(self):
        self.assertEqual(run({"README.md": ""})[0], 1)

    def test_refuses_an_include_upward_and_names_the_line(self):
        self.refuses("cupel/search/a.cpp", '// one\n\n#include "cupel/data/table.hpp"\n',
                     "cupel/search/a.cpp:3: 'search' may not include 'data'")

    def test_refuses_study_and_process_including_each_other(self):
        self.refuses("cupel/process/a.cpp", '#include "cupel/study/study.hpp"\n',
                     "'process' may not include 'study'")
        self.refuses("cupel/study/a.cpp", '#include "cupel/process/goal.hpp"\n',
                     "'study' may not include 'process'")

    def test_refuses_the_library_including_the_program(self):
        self.refuses("cupel/report/a.cpp", '#include "cli/a.hpp"\n', "cupel/report/a.cpp:1")

    def test_refuses_a_path_that_does_not_start_at_the_top(self):
        self.refuses("cupel/data/a.cpp", '#include "table.hpp"\n', '"cupel/data/table.hpp"')

    def test_refuses_third_party_types_in_a_header(self):
        self.refuses("cupel/store/a.hpp", "#pragma once\n#include <sqlite3.h>\n", "a.hpp:2")
        self.refuses("cupel/data/a.hpp", "#pragma once\n#include <fmt/format.h>\n", "a.hpp:2")

    def test_refuses_a_library_outside_its_folder(self):
        self.refuses("cupel/study/a.cpp", "#include <sqlite3.h>\n", "of 'store' only")
        self.refuses("cupel/model/a.cpp", "#include <nlohmann/json.hpp>\n", "of 'base' only")
        self.refuses("cupel/report/a.cpp", "#include <CLI/CLI.hpp>\n", "of 'cli' only")
        self.refuses("cupel/training/a.cpp", "#include <immintrin.h>\n", "'network' only")

    def test_refuses_a_library_that_nobody_owns(self):
        self.refuses("cupel/data/a.cpp", "#include <boost/any.hpp>\n", "not in the table")

    def test_refuses_a_header_without_pragma_once(self):
        self.refuses("cupel/data/a.hpp", "struct A {};\n", "no #pragma once")

    def test_refuses_names_that_say_nothing(self):
        self.refuses("cupel/data/utils.hpp", "#pragma once\n", "says nothing")
        self.refuses("tests/common/a.cpp", "", "says nothing")

    def test_refuses_a_folder_outside_the_table(self):
        self.refuses("cupel/helpers/a.cpp", "", "not in the table")

    def test_refuses_a_link_that_the_table_forbids(self):
        self.refuses("CMakeLists.txt", "cupel_folder(search LINKS base data)\n",
                     "cupel_search may not link cupel_data")

    def test_notes_a_long_file_without_failing(self):
        code, output = run({**GOOD, "cupel/data/a.cpp": "//\n" * 401})
        self.assertEqual(code, 0, output)
        self.assertIn("note: cupel/data/a.cpp has 401 lines", output)

    def test_contributing_shows_the_table_of_the_script(self):
        table = subprocess.run([sys.executable, SCRIPT, "--table"], capture_output=True,
                               text=True, check=True).stdout
        self.assertIn(table.strip(), (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
