"""The AWS CLI, loaded once; each line of standard input is one command, run in a fork of this process.

Line in: {"env": {}, "words": [], "code": text, "folder": PATH, "limit": seconds, "is_lenient": bool}. Line out: its
exit status, -1 where it took too long. Its output goes to FOLDER/aws.out and FOLDER/aws.err. HOME has to be the same
all along: awscli and botocore expand some paths when they are loaded.
"""

import configparser
import contextlib
import functools
import gc
import io
import json
import os
import signal
import sys
import time

import awscli.clidriver  # It sets AWS_DATA_PATH.
import botocore.session
from awscli.customizations import overridesslcommonname

DATA_PATH = os.environ["AWS_DATA_PATH"]
# The models of the services are the same for every command: they are read once.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)

# Version 1 goes to an old name of RDS in us-east-1, past every endpoint of the environment and the files.
overridesslcommonname.SSL_COMMON_NAMES.clear()


def warm():
    """Loads and makes what is the same for every command, before there are forks of it; gives the driver of `aws`,
    which has read no file of a person's yet."""
    driver = awscli.clidriver.create_clidriver()
    with contextlib.redirect_stdout(io.StringIO()):
        driver.main(["rds", "describe-db-clusters", "--generate-cli-skeleton"])
    for service in ("rds", "sts", "sso", "sso-oidc"):
        driver.session.create_client(
            service, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
    fresh = awscli.clidriver.create_clidriver()
    fresh._get_command_table()["rds"]._get_command_table()["describe-db-clusters"].arg_table
    fresh._get_argument_table()
    # The files of a person are read in the fork.
    fresh.session._config = fresh.session._profile_map = fresh.session._profile = None
    gc.freeze()
    return fresh


def become(command, driver):
    """Is the command, in a fork. Where files name plugins, it begins anew, as `aws` does."""
    os.environ.clear()
    os.environ.update(command["env"], AWS_DATA_PATH=DATA_PATH)
    for number, name in ((1, "out"), (2, "err")):
        target = os.open(f"{command['folder']}/aws.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(target, number)
    # Without a terminal the code of an MFA device is read from standard input.
    os.setsid()
    reader, writer = os.pipe()
    os.write(writer, command["code"].encode() + b"\n" if command["code"] else b"")
    os.close(writer)
    os.dup2(reader, 0)
    os.chdir(command["env"]["HOME"])
    if command["is_lenient"]:
        configparser.RawConfigParser = functools.partial(configparser.RawConfigParser, strict=False)
    sys.argv = ["aws", *command["words"]]
    code = 254
    try:
        code = awscli.clidriver.main() if "plugins" in driver.session.full_config else driver.main()
    except SystemExit as end:
        code = end.code
    except BaseException as error:
        print(repr(error), file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code or 0)


def wait(child, limit):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.003)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -1


def main():
    driver = warm()
    print("ready", flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        child = os.fork()
        if child == 0:
            become(command, driver)
        print(wait(child, command["limit"]), flush=True)


if __name__ == "__main__":
    main()
