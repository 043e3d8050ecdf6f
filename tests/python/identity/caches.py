"""What `aws` keeps in a home: the tokens of logins and the sessions of roles, as it writes them."""

import hashlib
import json

from service import LATER

START = "https://login.example/start"
DEVICE = "arn:aws:iam::123456789012:mfa/me"
ENDED = "2020-01-01T00:00:00Z"


def digest(text):
    return hashlib.sha1(text.encode()).hexdigest()


def login(of, region, state):
    """The file that `aws sso login` leaves for a session's name, or for a start URL; its name and its text."""
    kept = {
        "startUrl": START,
        "region": region,
        "accessToken": f"{state}-bearer",
        "expiresAt": LATER if state == "valid" else ENDED,
    }
    if state == "refreshable":
        kept |= {"clientId": "client", "clientSecret": "secret", "refreshToken": "refresh"}
        kept |= {"registrationExpiresAt": LATER}
    return f".aws/sso/cache/{digest(of)}.json", "{" if state == "broken" else json.dumps(kept)


def session(profile, state):
    """The file that `aws` leaves after a role of a profile was assumed; its name and its text."""
    names = {
        "role_arn": "RoleArn",
        "role_session_name": "RoleSessionName",
        "external_id": "ExternalId",
        "mfa_serial": "SerialNumber",
    }
    asked = {names[name]: value for name, value in profile.items() if name in names}
    if profile.get("duration_seconds", "").isdigit():
        asked["DurationSeconds"] = int(profile["duration_seconds"])
    kept = {
        "Credentials": {
            "AccessKeyId": "AKIACACHED",
            "SecretAccessKey": "s",
            "SessionToken": "cached-token",
            "Expiration": LATER if state == "valid" else ENDED,
        },
        "AssumedRoleUser": {"AssumedRoleId": "AROA:s", "Arn": "arn:aws:sts::123456789012:assumed-role/a/s"},
    }
    text = "{" if state == "broken" else json.dumps(kept)
    return f".aws/cli/cache/{digest(json.dumps(asked, sort_keys=True))}.json", text
