"""What the scripts share: clients for an endpoint, and how a call ended."""

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

# No retries: what comes back is what is looked at.
CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=60)


def client(service, endpoint):
    """A boto3 client that speaks to the endpoint."""
    return boto3.client(service, endpoint_url=endpoint, config=CONFIG)


def outcome(call, **parameters):
    """The answer, and a word on how it ended: `ok`, or the error's code and HTTP status."""
    try:
        return call(**parameters), "ok"
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return None, f"{error.response['Error']['Code']} {status}"
    except (BotoCoreError, ResponseParserError) as error:
        return None, type(error).__name__
