"""Prints the definition of the state machine of the template on standard input, as Step Functions gets it."""

import json
import sys

import template as plans

TOPIC = f"arn:aws:sns:{plans.REGION}:{plans.ACCOUNT}:plan"
json.dump(plans.definition(json.load(sys.stdin), TOPIC), sys.stdout)
