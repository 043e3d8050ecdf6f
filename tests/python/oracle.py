"""An opinion on identifiers and tags, written from AWS's documentation alone.

Usage: oracle.py < cases. Reads {"identifiers": [text], "tags": [[[key, value]]]}, writes the same shape
with true (valid), false (not) or null (no opinion: Python's Unicode does not know a character).

Identifiers ("CreateDBClusterSnapshot"): must contain from 1 to 63 letters, numbers, or hyphens; the first
character must be a letter; can't end with a hyphen or contain two consecutive hyphens.
Tags ("Tagging Amazon RDS resources"): up to 50; a key has 1 to 128 Unicode characters, a value up to 256;
letters, numbers, spaces and _ . : / = + - @; a key is unique and does not begin with aws: or rds:.
"""

import json
import string
import sys
import unicodedata

LETTERS = set(string.ascii_letters)
ALNUM = LETTERS | set(string.digits)


def identifier(text):
    if not 1 <= len(text) <= 63 or text[0] not in LETTERS or text[-1] == "-":
        return False
    return all(part and set(part) <= ALNUM for part in text.split("-"))


def is_spoken(char):
    """A letter, a number or a space of some language, or one of the eight signs."""
    return char in "_.:/=+-@" or unicodedata.category(char)[0] in "LNZ"


def is_known(text):
    return all(unicodedata.category(char) != "Cn" for char in text)


def tags(rows):
    if not all(is_known(key) and is_known(value) for key, value in rows):
        return None
    keys = [key for key, _ in rows]
    if len(rows) > 50 or len(set(keys)) < len(keys):
        return False
    return all(
        1 <= len(key) <= 128
        and len(value) <= 256
        and key[:4].lower() not in ("aws:", "rds:")
        and all(map(is_spoken, key + value))
        for key, value in rows
    )


cases = json.load(sys.stdin)
answer = {
    "identifiers": [identifier(text) for text in cases["identifiers"]],
    "tags": [tags(rows) for rows in cases["tags"]],
}
json.dump(answer, sys.stdout)
