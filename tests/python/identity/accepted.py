"""The differences that are meant: each is a line of accepted.txt, which the README repeats, and a rule here."""

from pathlib import Path


def instance_region(worker, case, aws, program):
    asked_instance = any(seen["url"].endswith("/placement/region") for seen in program.requests)
    return not aws.asked and asked_instance and "specify a region" in aws.said


def endpoint_beside_variant(worker, case, aws, program):
    return not program.asked and "an endpoint URL goes neither with use_fips_endpoint" in program.said


def said_twice(worker, case, aws, program):
    if aws.asked or "ConfigParseError" not in aws.said:
        return False
    return program.asked == worker.of_aws(case, is_lenient=True).asked


def incomplete_session(worker, case, aws, program):
    is_session = "is configured to use the SSO token provider" in aws.said
    return is_session and program.asked and not (program.asked["who"] or "").startswith("sso")


REASONS = Path(__file__).with_name("accepted.txt").read_text().splitlines()
RULES = [instance_region, endpoint_beside_variant, said_twice, incomplete_session]


def accepted(worker, case, aws, program):
    """The reason why a difference is accepted; None if it is not."""
    for reason, is_meant in zip(REASONS, RULES, strict=True):
        if is_meant(worker, case, aws, program):
            return reason
    return None
