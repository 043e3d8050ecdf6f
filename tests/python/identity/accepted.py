"""The differences that are meant: each reason is a line of accepted.txt, which the README repeats."""

from pathlib import Path

INSTANCE_REGION, = Path(__file__).with_name("accepted.txt").read_text().splitlines()


def accepted(case, aws, program):
    """Why the difference is accepted; None if it is not."""
    for reason, is_it in RULES:
        if is_it(case, aws, program):
            return reason
    return None


def instance_region(case, aws, program):
    asked_instance = any(seen["url"].endswith("/placement/region") for seen in program.requests)
    return not aws.asked and asked_instance and "specify a region" in aws.said


RULES = [(INSTANCE_REGION, instance_region)]
