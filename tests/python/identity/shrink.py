"""Makes a case small: leaves out what the difference does not need."""

from dataclasses import replace
from itertools import chain


def shrunk(case, is_same):
    """The smallest case found for which `is_same` holds."""
    tried = 0
    smaller = True
    while smaller:
        smaller = False
        for part in parts(case):
            tried += 1
            if tried > 250:
                return case
            if is_same(part):
                case, smaller = part, True
                break
    return case


def parts(case):
    """The case with one thing less."""
    return chain(
        (replace(case, env=without(case.env, name)) for name in case.env),
        words(case),
        (replace(case, behaviour=without(case.behaviour, name)) for name in case.behaviour),
        (replace(case, modes=without(case.modes, name)) for name in case.modes),
        (
            replace(case, files=without(case.files, name))
            for name in case.files
            if name not in case.modes
        ),
        sections(case),
        lines(case),
    )


def without(mapping, name):
    return {other: value for other, value in mapping.items() if other != name}


def words(case):
    for at in range(0, len(case.words), 2):
        yield replace(case, words=case.words[:at] + case.words[at + 2 :])


def texts(case):
    for name, content in case.files.items():
        if isinstance(content, str) and name.startswith(".aws/c"):
            yield name, content.split("\n")


def sections(case):
    for name, kept in texts(case):
        heads = [at for at, line in enumerate(kept) if line.startswith("[")] + [len(kept)]
        for begin, end in zip(heads, heads[1:]):
            yield replace(case, files={**case.files, name: "\n".join(kept[:begin] + kept[end:])})


def lines(case):
    for name, kept in texts(case):
        for at in range(len(kept)):
            yield replace(case, files={**case.files, name: "\n".join(kept[:at] + kept[at + 1 :])})
