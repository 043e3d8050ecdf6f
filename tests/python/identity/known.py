"""Cases that people reported, one for each kind of trouble; they are tried before those of the seed."""

from pathlib import Path

import caches
from sides import Case

CONFIG, CREDENTIALS = ".aws/config", ".aws/credentials"
DEFAULT = "[default]\nregion = eu-west-1\n"


def keys(profile, key):
    return f"[{profile}]\naws_access_key_id = {key}\naws_secret_access_key = s\n"


BASE = keys("default", "AKIADEFAULT")
PROCESS = '#!/bin/sh\necho "{\\"Version\\":1,\\"AccessKeyId\\":\\"AKIAPROC$(echo $* | tr -dc A-Z)\\",\\"SecretAccessKey\\":\\"s\\"}"\n'


def of(config=DEFAULT, credentials=BASE, env=None, words="", **files):
    laid = {CONFIG: config, CREDENTIALS: credentials, **files.pop("files", {})}
    laid = {name: content for name, content in laid.items() if content is not None}
    return Case(env=env or {}, words=words.split(), files=laid, **files)


def named(section, name):
    return of(f"{DEFAULT}[{section}]\nregion = eu-north-1\n", BASE + keys(name, "AKIANAMED"), {"AWS_PROFILE": name})


def indented(text):
    return "".join(f"  {line}\n" for line in text.splitlines())


ROLE = "role_arn = arn:aws:iam::123456789012:role/a\n"
MFA = DEFAULT + ROLE + f"source_profile = q\nmfa_serial = {caches.DEVICE}\n"
SERVICES = "[services local]\nrds =\n  endpoint_url = https://rds.example\n"
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"}
TOKEN = {"token": "web-token"}
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "@HOME@/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/env"}
PROCESS_FILES = {"p.sh": PROCESS}
# In another encoding than the machine's: bytes that are no UTF-8 text.
ODD = "gr\udcf6\udcdfe"

KNOWN = {
    "the old variable of the profile": of(
        DEFAULT + "[profile p]\nregion = us-west-2\n", BASE + keys("p", "AKIAP"), {"AWS_DEFAULT_PROFILE": "p"}
    ),
    "keys beside a process": of(
        "[profile p]\nregion = eu-west-1\ncredential_process = @HOME@/p.sh\n",
        keys("p", "AKIAP"),
        words="--profile p",
        files=PROCESS_FILES,
    ),
    "web identity of the environment before keys of the default profile": of(env=WEB, files=TOKEN),
    "web identity of the environment, and a profile that was named": of(
        env=WEB, files=TOKEN, words="--profile default"
    ),
    "a process that says its key twice": of(
        "[default]\nregion = eu-west-1\ncredential_process = @HOME@/p.sh\n",
        None,
        files={"p.sh": PROCESS.replace('1,', '2,\\"Version\\":1.0,\\"AccessKeyId\\":\\"AKIAFIRST\\",')},
    ),
    "a number sign in a process": of(
        "[default]\nregion = eu-west-1\ncredential_process = @HOME@/p.sh A #B ; C\n", None, files=PROCESS_FILES
    ),
    "a comment below a key": of(credentials="[default]\naws_access_key_id = AKIADEFAULT\n  # old\naws_secret_access_key = s\n"),
    "an indented file": of(indented(DEFAULT)),
    "an indented file of two sections": of(indented(DEFAULT + "[profile q]\noutput = text\n")),
    "colons": of("[default]\nregion: eu-west-1\n"),
    "text behind a section": of(DEFAULT + "[profile p2] /* x */\nregion = eu-west-3\n"),
    "a comment in a nested block": of(DEFAULT + "s3 =\n  # fast\n  max_concurrent_requests = 20\n"),
    "a bare line in a nested block": of(DEFAULT + "s3 =\n  fast\n"),
    "a profile with a space": named('profile "My Mac"', "My Mac"),
    "a profile of another alphabet": named("profile größe", "größe"),
    "a profile with a comma": named("profile a,b", "a,b"),
    "a profile of the credentials file alone": of(
        None, keys("my prod", "AKIAMY"), {"AWS_PROFILE": "my prod", "AWS_DEFAULT_REGION": "eu-west-1"}
    ),
    "a services section": of(DEFAULT + "services = local\n" + SERVICES),
    "no such services section": of(DEFAULT + "services = local\n"),
    "an endpoint of the service and one for all": of(
        DEFAULT + "services = local\nendpoint_url = https://all.example\n" + SERVICES
    ),
    "an endpoint of the environment before a services section": of(
        DEFAULT + "services = local\n" + SERVICES, env={"AWS_ENDPOINT_URL": "https://env.example"}
    ),
    "endpoints that are not wanted": of(
        env={"AWS_ENDPOINT_URL": "https://env.example", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
    ),
    "an empty endpoint variable": of(env={"AWS_ENDPOINT_URL": ""}),
    "an empty endpoint": of(DEFAULT + "endpoint_url =\n"),
    "FIPS": of("[default]\nregion = us-gov-west-1\n", env={"AWS_USE_FIPS_ENDPOINT": "true"}),
    "FIPS in the east": of("[default]\nregion = us-east-1\nuse_fips_endpoint = true\n"),
    "FIPS in the Region's name": of("[default]\nregion = fips-us-east-1\n"),
    "FIPS at the end of the Region's name": of(env={"AWS_DEFAULT_REGION": "us-gov-west-1-fips"}),
    "dual stack": of(env={"AWS_USE_DUALSTACK_ENDPOINT": "true"}),
    "the European partition": of("[default]\nregion = eusc-de-east-1\n"),
    "an isolated partition": of("[default]\nregion = us-iso-east-1\n"),
    "no such source profile": of(DEFAULT + ROLE + "source_profile = nope\n"),
    "a source profile without keys": of(DEFAULT + ROLE + "source_profile = q\n[profile q]\nregion = eu-west-1\n"),
    "a role with its own keys": of(DEFAULT + ROLE + "source_profile = default\n"),
    "two roles": of(
        DEFAULT + ROLE + "source_profile = q\n[profile q]\nrole_arn = arn:aws:iam::123456789012:role/q\n"
        "source_profile = r\n",
        keys("r", "AKIAR"),
    ),
    "a duration": of(DEFAULT + ROLE + "source_profile = q\nduration_seconds = 1800\n", keys("q", "AKIAQ")),
    "two sections of one profile": of(DEFAULT + "[default]\noutput = text\n"),
    "two settings of one name": of(DEFAULT + "region = eu-west-2\n"),
    "a default profile by both names": of(DEFAULT + "[profile default]\nregion = eu-west-3\n"),
    "a section for all": of("[DEFAULT]\nregion = eu-south-1\n[default]\noutput = json\n"),
    "a mark at the beginning": of(b"\xef\xbb\xbf" + DEFAULT.encode()),
    "letters of another encoding": of(DEFAULT.encode() + "# größe\n".encode("latin-1")),
    "files that nobody may read": of(
        env=ENVIRONMENT | {"AWS_REGION": "eu-west-1"}, modes={CONFIG: 0, CREDENTIALS: 0}
    ),
    "a credentials file that nobody may read": of(
        DEFAULT + "aws_access_key_id = AKIACONFIG\naws_secret_access_key = s\n", modes={CREDENTIALS: 0}
    ),
    "a folder in place of a file": of(files={CONFIG: None, CONFIG + "/x": ""}, env={"AWS_REGION": "eu-west-1"}),
    "a link to nowhere": of(files={CONFIG: Path("nowhere")}, env={"AWS_REGION": "eu-west-1"}),
    "a variable in the name of a file": of(
        None, None, {"AWS_CONFIG_FILE": "$HOME/c", "AWS_SHARED_CREDENTIALS_FILE": "~/k"}, files={"c": DEFAULT, "k": BASE}
    ),
    "keys of the environment and a profile of the environment": of(
        DEFAULT + "[profile p]\nregion = eu-west-3\n", keys("p", "AKIAP"), ENVIRONMENT | {"AWS_PROFILE": "p"}
    ),
    "keys of the environment and a profile that was named": of(
        DEFAULT + "[profile p]\nregion = eu-west-3\n", keys("p", "AKIAP"), ENVIRONMENT, "--profile p"
    ),
    "half of the keys in the environment": of(env={"AWS_ACCESS_KEY_ID": "AKIAENV"}),
    "the other half": of(env={"AWS_SECRET_ACCESS_KEY": "s"}),
    "the old name of the token": of(env=ENVIRONMENT | {"AWS_SECURITY_TOKEN": "old"}),
    "no such profile": of(words="--profile nope"),
    "no such profile, and keys in the environment": of(env=ENVIRONMENT | {"AWS_PROFILE": "nope"}),
    "a bundle of the profile": of(
        DEFAULT + "ca_bundle = ~/ca.pem\n", env={"AWS_CA_BUNDLE": None}, files={"ca.pem": Path("@BUNDLE@")}
    ),
    "a bundle that is not there": of(env={"AWS_CA_BUNDLE": "~/none.pem"}),
    "a proxy in small letters": of(
        env={"https_proxy": "http://127.0.0.1:@PORT@", "HTTPS_PROXY": "http://127.0.0.1:9"}
    ),
    "a proxy for all": of(env={"ALL_PROXY": "socks5h://127.0.0.1:9"}),
    "a proxy on the way to an endpoint here": of(
        env={"AWS_ENDPOINT_URL": "http://127.0.0.1:@PORT@", "HTTP_PROXY": "http://127.0.0.1:9"}
    ),
    "an MFA code": of(MFA, BASE + keys("q", "AKIAQ"), code="123456"),
    "no MFA code": of(MFA, BASE + keys("q", "AKIAQ")),
    "a kept session of a role with MFA": of(
        MFA, keys("q", "AKIAQ"), files=dict([caches.session({"role_arn": ROLE.split()[-1], "mfa_serial": caches.DEVICE}, "valid")])
    ),
    "the file of a forerunner": of(credentials=None, files={".boto": keys("Credentials", "AKIABOTO")}),
    "a profile in another encoding": of(env={"AWS_PROFILE": ODD}),
    "a profile in another encoding, and one by the old variable": of(
        env={"AWS_PROFILE": ODD, "AWS_DEFAULT_PROFILE": "default"}
    ),
    "the old variable of the profile in another encoding": of(env={"AWS_DEFAULT_PROFILE": ODD}),
    "a Region in another encoding": of(env={"AWS_REGION": ODD}),
    "the old variable of the Region in another encoding": of(env={"AWS_DEFAULT_REGION": ODD}),
    "a configuration file in another encoding": of(
        env={"AWS_CONFIG_FILE": f"@HOME@/{ODD}"}, files={ODD: "[default]\nregion = us-west-2\n"}
    ),
    "a credentials file in another encoding": of(
        env={"AWS_SHARED_CREDENTIALS_FILE": f"@HOME@/{ODD}"}, files={ODD: keys("default", "AKIAODD")}
    ),
    "a file with a token in another encoding": of(
        env=WEB | {"AWS_WEB_IDENTITY_TOKEN_FILE": f"@HOME@/{ODD}"}, files={ODD: "web-token"}
    ),
    "a bundle in another encoding": of(env={"AWS_CA_BUNDLE": f"@HOME@/{ODD}"}, files={ODD: Path("@BUNDLE@")}),
    "a proxy in another encoding": of(env={"https_proxy": f"http://{ODD}"}),
    "a secret in another encoding": of(env=ENVIRONMENT | {"AWS_SECRET_ACCESS_KEY": ODD}),
    "a token with the ends of lines of Windows": of(env=WEB, files={"token": "web-token\r\n"}),
    "credentials that end with the calendar": of(
        env=ENVIRONMENT | {"AWS_CREDENTIAL_EXPIRATION": "9999-12-31T23:59:59Z"}
    ),
    "one host of STS, misspelt": of(
        DEFAULT + ROLE + "source_profile = q\nsts_regional_endpoints = Legacy\n", keys("q", "AKIAQ")
    ),
    "a number for a Region": of("[default]\nregion = 1234\n"),
    "a key that ends with a carriage return": of(env=ENVIRONMENT | {"AWS_ACCESS_KEY_ID": "AKIA\r"}),
}
