"""Reads lines of JSON, each an expression and the values of its variables, and prints the value of each."""

import json
import sys

import jsonata

for line in sys.stdin:
    job = json.loads(line)
    expression = jsonata.Jsonata(job["expression"])
    for name, value in job["with"].items():
        expression.assign(name, value)
    print(json.dumps(expression.evaluate(None)))
