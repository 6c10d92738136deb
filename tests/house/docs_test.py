"""The documents must name files that exist, and each folder must introduce itself."""
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"build", "out", ".git"}
TOPS = ("cupel", "cli", "tests", "bench", "samples", "docs", "tools", "cmake")
SHORT = 10  # lines of a folder's README; samples/ is longer, it states sources


def documents():
    return [path for path in sorted(ROOT.rglob("*.md"))
            if path.relative_to(ROOT).parts[0] not in SKIPPED]


def named_paths(text):
    """Paths in backticks, such as `cupel/data/table.hpp`; NAME stands for any name."""
    for word in re.findall(r"`([\w./*+-]+)`", text):
        if word.split("/")[0] in TOPS and "/" in word:
            yield re.sub("NAME", "*", word)


def exists(path):
    return any(True for _ in ROOT.glob(path.rstrip("/")))


class Documents(unittest.TestCase):
    maxDiff = None

    def test_paths_in_backticks_exist(self):
        missing = [f"{document.relative_to(ROOT)}: {path}" for document in documents()
                   for path in named_paths(document.read_text(encoding="utf-8"))
                   if not exists(path)]
        self.assertEqual("", "\n".join(missing))

    def test_relative_links_lead_somewhere(self):
        missing = []
        for document in documents():
            for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
                if "://" not in link and not (document.parent / link).exists():
                    missing.append(f"{document.relative_to(ROOT)}: {link}")
        self.assertEqual("", "\n".join(missing))

    def test_each_folder_has_a_short_readme_that_names_its_headers(self):
        folders = [path for path in sorted((ROOT / "cupel").iterdir()) if path.is_dir()]
        problems = []
        for folder in folders + [ROOT / name for name in TOPS if name not in ("cupel", "cmake")]:
            readme = folder / "README.md"
            text = readme.read_text(encoding="utf-8") if readme.exists() else ""
            if not text:
                problems.append(f"{folder.name}: no README.md")
            if text.count("\n") > SHORT and folder.name != "samples":
                problems.append(f"{folder.name}: README.md is longer than {SHORT} lines")
            for header in re.findall(r"`([\w/]+\.hpp)`", text):
                if not (folder / header).exists() and not (ROOT / header).exists():
                    problems.append(f"{folder.name}/README.md: there is no {header}")
        self.assertEqual("", "\n".join(problems))


if __name__ == "__main__":
    unittest.main()
