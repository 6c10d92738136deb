#!/usr/bin/env python3
"""Checks that the sources follow the folder table: who may include whom.

    tools/check_includes.py [--root FOLDER]   check; exit code 1 when something is wrong
    tools/check_includes.py --table           print the table as CONTRIBUTING.md shows it

It also checks that headers open with #pragma once, that CMakeLists.txt links no folder that
the table forbids, and that nothing has a name that says nothing (utils, common, ...). Long
files are noted only: where good sense wants one, it may be long.
"""
import argparse
import re
import sys
from pathlib import Path

ALL_ABOVE = "all above"

# folder: (cupel folders it may include, third-party headers its .cpp files may include).
# Itself, the C++ standard library and Eigen are allowed everywhere, fmt in every .cpp.
# Some folders have their place here before they exist.
TABLE = {
    "base":       ("", "nlohmann toml++"),
    "parallel":   ("base", "mpi"),
    "data":       ("base", "png pugixml turbojpeg zip zlib"),
    "network":    ("base data", "oneapi"),
    "training":   ("base data network", "IpStdCInterface"),
    "baselines":  ("base data", "xgboost"),
    "trust":      ("base data network training", ""),
    "model":      ("base data network trust", ""),
    "search":     ("base", "pagmo"),
    "store":      ("base network model search", "sqlite3"),
    "simulators": ("base", "cvode nvector sundials sunlinsol sunmatrix"),
    "energy":     ("base", ""),
    "study":      (ALL_ABOVE, ""),
    "process":    ("base parallel data model trust search store energy", "muParser"),
    "report":     (ALL_ABOVE, ""),
    "compress":   ("base data network training model", ""),
    "deploy":     ("base data network model", "onnx xlsxwriter"),
    "serve":      (ALL_ABOVE, "httplib"),
    "cli":        (ALL_ABOVE, "CLI"),
}

# Folders whose .hpp files, too, may include the header of vector instructions.
INTRINSICS = {"immintrin.h": "network"}

# Headers for the .cpp files beside them alone, which may name a library's types.
PRIVATE_HEADERS = {"cupel/network/cnn/image_plan.hpp": "oneapi"}

# The operating system's own headers, for .cpp files of the folders that meet the world.
POSIX = set("dirent fcntl poll pthread sched signal spawn termios unistd".split())
POSIX_FOLDERS = set("base parallel store energy serve cli".split())

STANDARD = set("""
algorithm any array atomic barrier bit bitset charconv chrono compare complex concepts
condition_variable deque exception execution filesystem forward_list fstream functional future
initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex
scoped_allocator semaphore set shared_mutex source_location span sstream stack stdexcept stop_token
streambuf string string_view syncstream system_error thread tuple type_traits typeindex typeinfo
unordered_map unordered_set utility valarray variant vector version
cassert cctype cerrno cfenv cfloat cinttypes climits clocale cmath csetjmp csignal cstdarg cstddef
cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype
""".split())

NAMES_THAT_SAY_NOTHING = {"utils", "util", "common", "misc", "core", "manager"}
SOURCE_ENDINGS = {".hpp", ".cpp", ".inl", ".h", ".cc"}
HEADER_LINES, FILE_LINES = 150, 400
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<([^>]+)>|"([^"]+)"|(.*))', re.MULTILINE)


def allowed_folders(folder):
    folders = TABLE[folder][0]
    names = list(TABLE)
    return set(names[:names.index(folder)] if folders == ALL_ABOVE else folders.split())


def why_not(folder, is_header, path):
    """Says what is wrong with this include, or None."""
    top = path.split("/")[0]
    if path in PRIVATE_HEADERS and (is_header or not path.startswith(f"cupel/{folder}/")):
        return f"{path} is for .cpp files of its own folder"
    if top == "cupel" or (top == "cli" and folder == "cli"):
        other = "cli" if top == "cli" else path.split("/")[1]
        allowed = allowed_folders(folder) | {folder}
        return None if other in allowed else f"'{folder}' may not include '{other}'"
    if path in STANDARD or top == "Eigen":
        return None
    if path in INTRINSICS:
        if folder == INTRINSICS[path]:
            return None
        return f"<{path}> belongs into '{INTRINSICS[path]}' only"
    if is_header:
        return "a header includes only the standard library, Eigen and cupel/"
    stem = top.split(".")[0]
    if top == "fmt" or stem in TABLE[folder][1].split():
        return None
    if top == "sys" or (path.endswith(".h") and stem in POSIX):
        return None if folder in POSIX_FOLDERS else f"'{folder}' stays off the operating system"
    owners = [name for name, (_, libraries) in TABLE.items() if stem in libraries.split()]
    if owners:
        return f"<{path}> belongs into .cpp files of '{', '.join(owners)}' only"
    return f"'{path}' is not in the table of {Path(__file__).name}"


def is_private(place, angle):
    return angle is not None and angle.split("/")[0] == PRIVATE_HEADERS.get(str(place))


def check_source(root, file, folder):
    text = file.read_text(encoding="utf-8", errors="replace")
    is_header = file.suffix != ".cpp"
    place = file.relative_to(root)
    problems = []
    if file.suffix == ".hpp" and "#pragma once" not in text:
        problems.append(f"{place}: no #pragma once")
    for match in INCLUDE.finditer(text):
        angle, quoted, other = match.groups()
        line = text.count("\n", 0, match.start()) + 1
        if other is not None:
            reason = "an include must name its file"
        elif quoted and quoted.split("/")[0] not in ("cupel", "cli"):
            reason = f'write the path from the top: "cupel/{folder}/{quoted}"'
        else:
            reason = why_not(folder, is_header and not is_private(place, angle), angle or quoted)
        if reason:
            problems.append(f"{place}:{line}: {reason}")
    lines = text.count("\n")
    limit = HEADER_LINES if is_header else FILE_LINES
    notes = [f"note: {place} has {lines} lines (habit: {limit})"] if lines > limit else []
    return problems, notes


def check_links(root):
    """The links between targets must stay within the table as well."""
    cmake = root / "CMakeLists.txt"
    problems = []
    calls = re.findall(r"cupel_folder\((\w+)([^)]*)\)", cmake.read_text() if cmake.exists() else "")
    for name, arguments in calls:
        links = re.search(r"LINKS ([a-z ]+)", arguments)
        for link in links[1].split() if links else []:
            if name in TABLE and link not in allowed_folders(name):
                problems.append(f"CMakeLists.txt: cupel_{name} may not link cupel_{link}")
    return problems


def check_names(root):
    problems = []
    for top in ("cupel", "cli", "tests", "bench", "tools", "docs", "samples", "cmake"):
        for path in sorted((root / top).rglob("*")):
            if path.name.split(".")[0].lower() in NAMES_THAT_SAY_NOTHING:
                problems.append(f"{path.relative_to(root)}: a name that says nothing")
    return problems


def check_sources(root):
    problems, notes, count = [], [], 0
    for file in sorted([*(root / "cupel").rglob("*"), *(root / "cli").rglob("*")]):
        if file.suffix not in SOURCE_ENDINGS:
            continue
        count += 1
        parts = file.relative_to(root).parts
        folder = parts[1] if parts[0] == "cupel" and len(parts) > 2 else parts[0]
        if folder not in TABLE:
            problems.append(f"{file.relative_to(root)}: its folder is not in the table")
            continue
        more_problems, more_notes = check_source(root, file, folder)
        problems += more_problems
        notes += more_notes
    return problems, notes, count


def markdown_table():
    rows = ["| folder | may include | third party, in `.cpp` only |", "|---|---|---|"]
    for name, (folders, libraries) in TABLE.items():
        if folders != ALL_ABOVE:
            folders = ", ".join(folders.split()) or "-"
        rows.append(f"| {name} | {folders} | {', '.join(libraries.split()) or '-'} |")
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    if options.table:
        print(markdown_table())
        return 0
    root = options.root.resolve()
    problems, notes, count = check_sources(root)
    if count == 0:
        problems.append(f"{root}: no sources found below cupel/ and cli/")
    problems += check_links(root) + check_names(root)
    for line in notes + problems:
        print(line)
    if not problems:
        print(f"ok: {count} sources follow the folder table")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
