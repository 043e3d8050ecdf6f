"""A case and what came of it, to be read by a person."""


def shown(case, aws, program):
    """The environment, the words, the files, and what each side did."""
    lines = ["    " + f"{name}={value!r}" for name, value in case.env.items()]
    lines += ["    words: " + " ".join(case.words)] if case.words else []
    lines += [f"    MFA code: {case.code}"] if case.code else []
    lines += [f"    {name} answers {value}" for name, value in case.behaviour.items()]
    for name, content in case.files.items():
        mode = f" (mode {case.modes[name]:o})" if name in case.modes else ""
        lines.append(f"    ~/{name}{mode}:")
        text = content if isinstance(content, str) else repr(content)
        lines += ["      | " + visible(line) for line in text.rstrip("\n").split("\n")]
    lines.append("  aws:     " + did(aws))
    lines.append("  program: " + did(program))
    return "\n".join(lines) + "\n"


def visible(line):
    return "".join(char if char.isprintable() or char == "\t" else repr(char)[1:-1] for char in line)


def did(done):
    if not done.asked:
        return f"refuses ({done.status}): {done.said[:500]}"
    asked = done.asked
    token = f" token {asked['token']}" if asked["token"] and not asked["token"].startswith("token-of-") else ""
    return f"{asked['who']}{token} in {asked['region']} at {asked['to']}" + ("" if done.status == 0 else f" ({done.status})")
