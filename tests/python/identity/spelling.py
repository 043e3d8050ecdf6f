"""How the sections of a file are written down: plainly, or with one or two of the oddities of hand-written files."""

import re


def spell(numbers, sections, is_odd):
    """The text (or bytes) of a file with those sections, each a head and its settings."""
    lines = []
    for head, settings in sections:
        lines.append(f"[{head}]")
        lines += [f"{name} = {value}" if value[:1] != "\n" else f"{name} ={value}" for name, value in settings]
        lines.append("")
    lines = "\n".join(lines).split("\n")
    content = None
    kinds = UNREADABLE if numbers.random() < 0.15 else READABLE
    for oddity in numbers.sample(kinds, numbers.choice([1, 1, 2])) if is_odd else []:
        done = oddity(numbers, lines)
        if isinstance(done, (bytes, str)):
            content = done
        else:
            lines = done
    return content if content is not None else "\n".join(lines) + "\n"


def settings_of(lines):
    """The numbers of the lines that set something."""
    return [number for number, line in enumerate(lines) if "=" in line and not line.startswith((" ", "["))]


def at_setting(numbers, lines, change):
    """The lines, one setting of which is changed: `change` gives the lines in its place."""
    found = settings_of(lines)
    if not found:
        return lines
    number = numbers.choice(found)
    return lines[:number] + change(lines[number]) + lines[number + 1 :]


def comment_line(numbers, lines):
    text = numbers.choice(["# a comment", "; a comment", "#", "  # indented", "\t; indented"])
    at = numbers.randrange(len(lines) + 1)
    return lines[:at] + [text] + lines[at:]


def comment_below(numbers, lines):
    mark = numbers.choice(["  # indented", "\t# tab", "    ; indented", "  #"])
    return at_setting(numbers, lines, lambda line: [line, mark])


def comment_behind(numbers, lines):
    tail = numbers.choice([" # note", " ; note", "# note", ";note", "\t# note", " #", " ;"])
    return at_setting(numbers, lines, lambda line: [line + tail])


def comment_behind_head(numbers, lines):
    tail = numbers.choice([" # note", " ; note", " /* x */", " x", "]", "\t"])
    return [line + tail if line.startswith("[") and numbers.random() < 0.6 else line for line in lines]


def delimiters(numbers, lines):
    sign = numbers.choice([": ", ":", "=", " : ", "   =   ", "\t=\t", " ="])
    return [re.sub(r"^([\w]+) = ", lambda found: found[1] + sign, line) for line in lines]


def indented(numbers, lines):
    space = numbers.choice(["  ", "\t", " "])
    return [space + line if line else line for line in lines]


def indented_settings(numbers, lines):
    space = numbers.choice(["  ", "\t", "    "])
    return [space + line if "=" in line and not line.startswith((" ", "[")) else line for line in lines]


def indented_setting(numbers, lines):
    """One setting deeper than its neighbours: it continues the value above."""
    return at_setting(numbers, lines, lambda line: ["  " + line])


def indented_head(numbers, lines):
    return ["  " + line if line.startswith("[") and numbers.random() < 0.5 else line for line in lines]


def continued(numbers, lines):
    return at_setting(numbers, lines, lambda line: [line, numbers.choice(["  more", "\tmore = x", "  [x]"])])


def nested_block(numbers, lines):
    inside = numbers.choice(
        [["  signature_version = s3v4"], ["  max = 1", "  # comment", "  b = 2"], ["    a = 1", "", "  b = 2"],
         ["  no_sign"], ["  # only a comment"], [], ["  a: b"], ["  region = af-south-1"]]
    )  # fmt: skip
    return at_setting(numbers, lines, lambda line: ["s3 =", *inside, line])


def section_again(numbers, lines):
    heads = [line for line in lines if line.startswith("[")]
    if not heads:
        return lines
    return lines + [numbers.choice(heads), numbers.choice(["region = af-south-1", "# nothing"])]


def setting_again(numbers, lines):
    return at_setting(numbers, lines, lambda line: [line, line.split(" =")[0] + " = af-south-1"])


def same_profile_otherwise(numbers, lines):
    """A second section of the same profile, spelled otherwise."""
    other = numbers.choice(["[profile default]", "[default]", '[profile "prod"]', "[profile prod]", "[prod]"])
    return lines + [other, "region = af-south-1"]


def upper_names(numbers, lines):
    return [re.sub(r"^\w+(?= =)", lambda found: found[0].upper(), line) for line in lines]


def no_value(numbers, lines):
    text = numbers.choice(["lonely", "region", "region =", "= value", ": value", "==", "key with space = 1", "é = 1"])
    return at_setting(numbers, lines, lambda line: [line, text])


def stray_first(numbers, lines):
    return [numbers.choice(["region = af-south-1", "stray", "  stray", "#!shebang", ""])] + lines


def odd_section(numbers, lines):
    head = numbers.choice(
        ["[preview]", "[plugins]", "[]", "[ ]", "[profile]", "[profile ]", "[profile a b]", "[unclosed", "[x] [y]",
         "[profile 'single']", "[ default ]", "[Default]", "[profilex]", "[sso-session]", "[services]", "[[default]]",
         '[profile "open]']
    )  # fmt: skip
    at = numbers.choice([0, len(lines)])
    return lines[:at] + [head, "region = af-south-1", ""] + lines[at:]


def inherited(numbers, lines):
    setting = numbers.choice(["region = af-south-1", "aws_access_key_id = AKIAINHERITED", "output = json", "x = y"])
    return lines + ["[DEFAULT]", setting]


def quoted_value(numbers, lines):
    mark = numbers.choice(['"', "'"])
    return at_setting(numbers, lines, lambda line: [re.sub(r"= (.*)", rf"= {mark}\1{mark}", line)])


def spaces_behind(numbers, lines):
    return [line + numbers.choice(["", "  ", "\t"]) for line in lines]


def windows_ends(numbers, lines):
    return "\r\n".join(lines)


def old_mac_ends(numbers, lines):
    return "\r".join(lines)


def with_mark(numbers, lines):
    return b"\xef\xbb\xbf" + "\n".join(lines).encode()


def latin(numbers, lines):
    return "\n".join([*lines, "# gr\u00f6\u00dfe"]).encode("latin-1", "replace")


def utf16(numbers, lines):
    return "\n".join(lines).encode("utf-16")


def null(numbers, lines):
    return "\n".join(lines) + "\n# \0\n"


def odd_space(numbers, lines):
    space = numbers.choice(["\u00a0", "\u2003", "\u3000", "\u2028", "\x0b", "\x0c", "\x1c", "\x85"])
    return at_setting(numbers, lines, lambda line: [line.replace(" = ", f"{space}={space}", 1)])


def percent(numbers, lines):
    return at_setting(numbers, lines, lambda line: [line, "odd = %(region)s ${HOME} %"])


def no_end(numbers, lines):
    return "\n".join(lines).rstrip("\n")


# Most files with one of these can be read ...
READABLE = [
    comment_line, comment_below, comment_behind, comment_behind_head, delimiters, indented, indented_settings,
    indented_setting, indented_head, continued, nested_block, same_profile_otherwise, upper_names, inherited,
    quoted_value, spaces_behind, windows_ends, old_mac_ends, null, odd_space, percent, no_end,
]  # fmt: skip
# ... and hardly one with one of these.
UNREADABLE = [section_again, setting_again, no_value, stray_first, odd_section, with_mark, latin, utf16]
