"""Files are read and written by the shared reader and writer, and streams by the console, alone."""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = {f"cupel/base/{name}.cpp" for name in ("file_reader", "file_writer", "side_file")}
CONSOLE = {"cli/console.cpp"}

# What is forbidden, and where it is at home.
RULES = [
    (r"\b(i|o)?fstream\b|\bfopen\s*\(|\bfreopen\s*\(|\bmkstemp\s*\(|\btmpfile\s*\(", FILES,
     "read with cupel/base/file_reader.hpp, write with file_writer.hpp or side_file.hpp"),
    (r"(?<![\w.>])::open\s*\(|\bopenat\s*\(|\bcreat\s*\(", FILES | CONSOLE,
     "open files with cupel/base/file_reader.hpp or file_writer.hpp"),
    (r"\brename(at2?)?\s*\(|\bfilesystem::rename\b|\bfs::rename\b|\bcopy_file\s*\(", FILES,
     "give files their names with cupel/base/file_writer.hpp"),
    (r"\bstd::c(err|out|log)\b|\bfmt::print\s*\(|\b(f|v|vf)?printf\s*\(|\bf?puts\s*\(|"
     r"\bf?putc\s*\(|\bfwrite\s*\(|\bperror\s*\(", CONSOLE,
     "say() and print() of cli/console.hpp; libraries report through values"),
]


def without_comments_and_strings(text):
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"',
                  lambda found: "\n" * found.group(0).count("\n"), text, flags=re.S)


def offences(name, text):
    text = without_comments_and_strings(text)
    for pattern, home, cure in RULES:
        if name in home:
            continue
        for found in re.finditer(pattern, text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{name}:{line}: '{found.group(0).strip()}': {cure}"


class Streams(unittest.TestCase):
    maxDiff = None

    def test_nothing_reads_writes_or_prints_on_its_own(self):
        problems = []
        for top in ("cupel", "cli"):
            for path in sorted((ROOT / top).rglob("*")):
                if path.suffix in (".cpp", ".hpp", ".inl"):
                    name = path.relative_to(ROOT).as_posix()
                    problems += offences(name, path.read_text(encoding="utf-8"))
        self.assertEqual("", "\n".join(problems))

    def test_each_fault_is_seen(self):
        for line in ("std::ifstream file(path);", "#include <fstream>", "FILE* f = fopen(p, q);",
                     "const int file = ::open(path, O_RDONLY);", "std::rename(a, b);",
                     'fmt::print(stderr, "x");', "std::cerr << 1;", 'printf("x");', 'puts("x");'):
            self.assertEqual(1, len(list(offences("cupel/data/x.cpp", line))), line)

    def test_words_and_comments_are_no_faults(self):
        for line in ("// an ifstream would do", 'text += "printf(x)";', "part.sync();",
                     "fmt::format(text);", "StudyFile::open(path);", "snprintf_like(x);"):
            self.assertEqual([], list(offences("cupel/data/x.cpp", line)), line)


if __name__ == "__main__":
    unittest.main()
