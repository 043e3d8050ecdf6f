"""The differences that are meant: each is a line of accepted.txt, which the README repeats, and a rule here."""

import re
from pathlib import Path


def instance_region(worker, case, aws, program):
    asked_instance = any(seen["url"].endswith("/placement/region") for seen in program.requests)
    return not aws.asked and asked_instance and "specify a region" in aws.said


def endpoint_beside_variant(worker, case, aws, program):
    return not program.asked and "an endpoint URL goes neither with use_fips_endpoint" in program.said


def said_twice(worker, case, aws, program):
    if aws.asked or "ConfigParseError" not in aws.said:
        return False
    lenient = worker.of_aws(case, is_lenient=True)
    is_other = "ConfigParseError" in lenient.said
    return program.asked == lenient.asked or not is_other and accepted(worker, case, lenient, program)


def incomplete_session(worker, case, aws, program):
    return "is configured to use the SSO token provider" in aws.said


def not_sendable(worker, case, aws, program):
    return not program.asked and re.search(r"has the character U\+00(0.|1.|20|7F) in it", program.said)


def forerunners(worker, case, aws, program):
    by_boto = aws.asked and aws.asked["key"] == "AKIABOTO"
    return by_boto and not program.asked or "ModuleNotFoundError" in aws.said


def loopback(worker, case, aws, program):
    has_proxy = {"HTTP_PROXY", "http_proxy"} & case.env.keys()
    return has_proxy and not aws.asked and "Failed to connect to proxy" in aws.said


def kept_session(worker, case, aws, program):
    is_kept = program.asked and program.asked["key"] == "AKIACACHED"
    return is_kept and "Error when retrieving credentials from" in aws.said


def empty_region(worker, case, aws, program):
    return aws.asked and aws.asked["region"] == "" and "is set to nothing" in program.said


def aws_breaks(worker, case, aws, program):
    is_broken_cache = re.fullmatch(r"\W*'[0-9a-f]{40}'", aws.said)
    return not aws.asked and ("object has no attribute" in aws.said or is_broken_cache)


def unread_bundle(worker, case, aws, program):
    is_plain = aws.asked and aws.asked["to"].startswith("http:")
    return is_plain and not program.asked and re.search(r"(ca_bundle|CA_BUNDLE).* names ", program.said)


def block_for_key(worker, case, aws, program):
    texts = (text for name, text in case.files.items() if name.startswith(".aws/c") and isinstance(text, str))
    is_there = any(re.search(r"aws_\w+(key|key_id|token)\s*[=:][^\S\n]*\n[^\S\n]+\S", text) for text in texts)
    return is_there and "is set, but" in program.said


def odd_path(worker, case, aws, program):
    return not program.asked and re.search("not UTF-8 text, which is not read here|names .*\ufffd", program.said)


REASONS = Path(__file__).with_name("accepted.txt").read_text().splitlines()
RULES = [
    instance_region, endpoint_beside_variant, said_twice, incomplete_session, not_sendable, forerunners, loopback,
    kept_session, empty_region, aws_breaks, unread_bundle, block_for_key, odd_path,
]  # fmt: skip


def accepted(worker, case, aws, program):
    """The reason why a difference is accepted; None if it is not."""
    for reason, is_meant in zip(REASONS, RULES, strict=True):
        if is_meant(worker, case, aws, program):
            return reason
    return None
