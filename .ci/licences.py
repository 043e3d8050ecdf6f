"""The licence texts of every crate that is in the program, for those who hand it on.

Usage: licences.py TARGET, with the target's name as rustc has it. Prints them, each text once with the crates that it is
of. Fails where a crate carries none, and its licence is not one whose text is known here.
"""

import json
import pathlib
import subprocess
import sys

# Of crates that carry no file: the text that all crates of this licence have.
MIT = """Copyright (c) {authors}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""
NAMES = ("LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")


def metadata(target):
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def linked(resolve):
    """The ids of what the program is built from; what only tests and build scripts use is not in it."""
    nodes = {node["id"]: node for node in resolve["nodes"]}
    found, left = set(), [resolve["root"]]
    while left:
        for dependency in nodes[left.pop()]["deps"]:
            is_normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if is_normal and dependency["pkg"] not in found:
                found.add(dependency["pkg"])
                left.append(dependency["pkg"])
    return found


def texts(package):
    folder = pathlib.Path(package["manifest_path"]).parent
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name.upper().startswith(NAMES))
    found = [path.read_text(encoding="utf-8", errors="replace").strip() for path in files]
    if not found and package["license"] != "MIT":
        sys.exit(f"{package['name']} carries no text of its licence, {package['license']}")
    authors = ", ".join(package["authors"]) or f"the authors of {package['name']}"
    return found or [MIT.format(authors=authors)]


def main():
    known = metadata(sys.argv[1])
    ids = linked(known["resolve"])
    assert ids, "a program of no crates"
    crates_of = {}
    for package in sorted(known["packages"], key=lambda package: package["name"]):
        if package["id"] in ids:
            for text in texts(package):
                crates_of.setdefault(text, []).append(f"{package['name']} {package['version']} ({package['license']})")
    print(f"clustersnap contains {len(ids)} crates by others. Their licences:")
    for text, crates in crates_of.items():
        print("\n" + "=" * 100 + "\n" + "\n".join(crates) + "\n" + "-" * 100 + "\n\n" + text)


main()
