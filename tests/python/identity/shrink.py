"""Makes a case small: leaves out, one thing after another, what the difference does not need."""

from dataclasses import replace


def shrunk(case, is_same):
    """A case of which nothing can be left out without losing what `is_same` sees."""
    for parts in (without_env, without_words, without_rest, without_files, without_sections, without_lines):
        at = 0
        # What follows a thing that was left out moves to its place.
        while (smaller := parts(case, at)) is not None:
            if smaller != case and is_same(smaller):
                case = smaller
            else:
                at += 1
    return case


def nth(mapping, at):
    """The mapping without its nth name; None where it has none."""
    if at >= len(mapping):
        return None
    lost = list(mapping)[at]
    return {name: value for name, value in mapping.items() if name != lost}


def without_env(case, at):
    env = nth(case.env, at)
    return None if env is None else replace(case, env=env)


def without_words(case, at):
    if 2 * at >= len(case.words):
        return None
    return replace(case, words=case.words[: 2 * at] + case.words[2 * at + 2 :])


def without_rest(case, at):
    """Without a behaviour of a service, or a file's mode."""
    behaviour = nth(case.behaviour, at)
    if behaviour is not None:
        return replace(case, behaviour=behaviour)
    modes = nth(case.modes, at - len(case.behaviour))
    return None if modes is None else replace(case, modes=modes)


def without_files(case, at):
    files = nth(case.files, at)
    if files is None:
        return None
    return replace(case, files=files, modes={name: mode for name, mode in case.modes.items() if name in files})


def blocks(case, is_begin):
    """The files of settings, cut where a line begins a block."""
    for name, content in case.files.items():
        if isinstance(content, str) and name.startswith(".aws/c"):
            lines = content.split("\n")
            begins = [at for at, line in enumerate(lines) if is_begin(line)] + [len(lines)]
            for begin, end in zip(begins, begins[1:]):
                yield name, "\n".join(lines[:begin] + lines[end:])


def without_block(case, at, is_begin):
    for number, (name, text) in enumerate(blocks(case, is_begin)):
        if number == at:
            return replace(case, files={**case.files, name: text})
    return None


def without_sections(case, at):
    return without_block(case, at, lambda line: line.startswith("["))


def without_lines(case, at):
    return without_block(case, at, lambda line: True)
