"""Cases: configuration files and environments as people have them, made from a seed.

A case is a handful of profiles of several kinds, the variables and words that choose among them, and at most a few
oddities in how the files are written. Each key and Region is told apart by where it stands, so that the winner shows.
"""

import json
import random
import re
from pathlib import Path

import caches
from caches import START
from sides import Case
from spelling import spell

REGIONS = [
    "eu-west-1", "us-east-1", "us-west-2", "ap-southeast-2", "eu-central-2", "us-gov-west-1", "cn-north-1",
    "eusc-de-east-1", "us-iso-east-1", "us-isob-east-1", "me-central-1", "xx-nowhere-9",
]  # fmt: skip
NAMES = ["default", "prod", "dev", "ops", "team-x", "UPPER", "p.1", "a/b", "a@b", "1", "profile"]
ODD_NAMES = ["my prod", "größe", "a,b", "My  Mac", "it's", "p#1", "p;1", "a=b", "a:b", "[x", "日本", "-p", "p+q", "*"]
HOSTS = ["https://global.example", "https://rds.example:8443", "http://127.0.0.1:@PORT@", "https://x.example/base"]
ODD_HOSTS = ["", " ", "rds.example", "https://", "HTTPS://Upper.example", "http://localhost:@PORT@/"]


def case(seed, index):
    """The case of that number."""
    return Maker(random.Random(f"{seed}:{index}")).case()


class Maker:
    """Makes one case of random numbers."""

    def __init__(self, numbers):
        self.numbers = numbers
        self.config = []
        self.credentials = []
        self.made = Case()
        self.names = []
        self.wildness = numbers.choice([0.2, 1])

    def chance(self, share):
        """True in that share of the cases; what is rare is rarer in a calm case, so that many come through."""
        if share <= 0.15:
            share *= self.wildness
        elif share >= 0.85:
            share = 1 - (1 - share) * self.wildness
        return self.numbers.random() < share

    def of(self, *values):
        return self.numbers.choice(values)

    def case(self):
        names = self.numbers.sample(NAMES, self.of(1, 2, 2, 3, 4))
        if self.chance(0.15):
            names[-1] = self.of(*ODD_NAMES)
        if self.chance(0.75) and "default" not in names:
            names[0] = "default"
        self.names = names
        for name in names:
            self.profile(name)
        self.environment()
        self.words()
        self.endpoints()
        self.metadata()
        self.proxies()
        self.lay()
        return self.made

    # Profiles

    def profile(self, name):
        kinds = [Maker.keys, Maker.keys, Maker.keys, Maker.keys_in_config, Maker.role, Maker.role, Maker.sourced_role]
        kinds += [Maker.web_identity, Maker.sso, Maker.legacy_sso, Maker.process, Maker.nothing, Maker.half]
        settings = {}
        for kind in self.numbers.sample(kinds, self.of(1, 1, 1, 2)):
            settings |= kind(self, name) or {}
        if self.chance(0.93):
            settings["region"] = self.of(*REGIONS)
        if self.chance(0.1):
            settings["output"] = "text"
        if settings or self.chance(0.3):
            self.config.append((self.head(name), list(settings.items())))

    def head(self, name):
        """The section of a profile in the configuration file."""
        if name == "default" and self.chance(0.8):
            return "default"
        needs_quotes = re.search(r"[^\w.@/+:,=-]", name)
        quoted = '"' + name + '"' if needs_quotes or self.chance(0.1) else name
        if self.chance(0.03):
            return self.of(name, f"profile {name} x", f"Profile {name}", f"profile  {quoted}", f"profile\t{quoted}")
        return f"profile {quoted}"

    def key(self, place, name):
        """An access key that tells where it stands."""
        return "AKIA" + place + re.sub(r"[^A-Z0-9]", "", name.upper() + name.encode().hex().upper())[:14]

    def pair(self, place, name):
        values = {"aws_access_key_id": self.key(place, name), "aws_secret_access_key": "wJalrXUt/nFEMI+K7="}
        if self.chance(0.2):
            values[self.of("aws_session_token", "aws_session_token", "aws_security_token")] = f"token{place}"
        return values

    def keys(self, name):
        self.credentials.append((name, list(self.pair("CRED", name).items())))

    def keys_in_config(self, name):
        return self.pair("CONF", name)

    def half(self, name):
        """Keys of which one part is missing, or empty."""
        values = self.pair("HALF", name)
        lost = self.of("aws_access_key_id", "aws_secret_access_key")
        values.pop(lost)
        if self.chance(0.3):
            values[lost] = ""
        if self.chance(0.5):
            return values
        self.credentials.append((name, list(values.items())))
        return None

    def nothing(self, name):
        return {}

    def role_of(self, name):
        values = {"role_arn": f"arn:aws:iam::123456789012:role/{self.of('a', 'b')}"}
        if self.chance(0.2):
            values["external_id"] = "ext 1"
        if self.chance(0.2):
            values["role_session_name"] = "my-session"
        if self.chance(0.15):
            values["duration_seconds"] = self.of("900", "7200", "1h", "")
        return values

    def role(self, name):
        others = [other for other in self.names if other != name or self.chance(0.2)] or [name]
        source = self.of(*others) if self.chance(0.93) else "nope"
        return self.with_session(self.role_of(name) | {"source_profile": source})

    def sourced_role(self, name):
        source = self.of("Environment", "Ec2InstanceMetadata", "EcsContainer", "Environment")
        if self.chance(0.1):
            source = self.of("environment", "Nope", "")
        values = self.role_of(name) | {"credential_source": source}
        if self.chance(0.05):
            values["source_profile"] = self.of(*self.names)
        if self.chance(0.05):
            del values["credential_source"]
        return self.with_session(values)

    def token(self):
        """The name of a file with a web identity's token."""
        name = self.of("token", "with end") if self.chance(0.9) else "none"
        self.made.files["token"] = "web-token"
        self.made.files["with end"] = "web-token\n"
        return f"@HOME@/{name}"

    def web_identity(self, name):
        values = self.role_of(name) | {"web_identity_token_file": self.token()}
        values.pop("duration_seconds", None)
        if self.chance(0.05):
            del values["role_arn"]
        return values

    def sso(self, name):
        session = self.of("corp", "corp", "my sso")
        values = {"sso_session": session, "sso_account_id": "123456789012", "sso_role_name": "Reader"}
        quoted = f'"{session}"' if " " in session else session
        section = {"sso_region": self.of("eu-west-1", "us-east-1"), "sso_start_url": START}
        if self.chance(0.2):
            section["sso_registration_scopes"] = "sso:account:access"
        if self.chance(0.07):
            values.pop(self.of("sso_account_id", "sso_role_name"))
        if self.chance(0.07):
            section.pop(self.of(*section))
        if self.chance(0.1):
            values |= {"sso_start_url": START, "sso_region": self.of("eu-west-1", "us-east-1")}
        if self.chance(0.93) and not any(head == f"sso-session {quoted}" for head, _ in self.config):
            self.config.append((f"sso-session {quoted}", list(section.items())))
        self.cached_login(session, section.get("sso_region", "eu-west-1"))
        return values

    def legacy_sso(self, name):
        values = {"sso_start_url": START, "sso_region": "eu-west-1"}
        values |= {"sso_account_id": "123456789012", "sso_role_name": "Reader"}
        if self.chance(0.07):
            values.pop(self.of(*values))
        self.cached_login(START, "eu-west-1")
        return values

    def cached_login(self, of, region):
        """The token that `aws sso login` leaves."""
        state = self.of("valid", "valid", "valid", "valid", "expired", "refreshable", "absent", "broken")
        if state != "absent":
            name, text = caches.login(of, region, state)
            self.made.files[name] = text

    def with_session(self, values):
        """A role, with the session that `aws` kept of it, and perhaps with MFA."""
        if self.chance(0.1):
            values["mfa_serial"] = caches.DEVICE
            self.made.code = self.of("", "123456", "123456")
        if self.chance(0.1):
            name, text = caches.session(values, self.of("valid", "valid", "expired", "broken"))
            self.made.files[name] = text
        return values

    def process(self, name):
        given = {"Version": 1, "AccessKeyId": self.key("PROC", name), "SecretAccessKey": "s"}
        if self.chance(0.2):
            given |= {"SessionToken": "tokenPROC"}
        if self.chance(0.2):
            given |= {"Expiration": self.of("2099-01-01T00:00:00Z", "2099-01-01T00:00:00+00:00", "2020-01-01T00:00:00Z")}
        if self.chance(0.05):
            given |= {"Version": self.of(2, "1")}
        if self.chance(0.05):
            given.pop(self.of(*given))
        status = 3 if self.chance(0.1) else 0
        echo = "cat <<'END'\n" + json.dumps(given) + "\nEND\n"
        echo += '[ $# = 0 ] || [ "$1" = "--label" ] && [ "$2" = "#prod" ] || exit 4\n' if self.chance(0.3) else ""
        self.made.files["bin/give.sh"] = f"#!/bin/sh\n{echo}exit {status}\n"
        tail = self.of("", "", "", " --label #prod", " --label '#prod'", ' --label "#prod"', " --label \\#prod", " ; true")
        return {"credential_process": "@HOME@/bin/give.sh" + tail}

    # What chooses

    def environment(self):
        env = self.made.env
        if self.chance(0.3 if "default" in self.names else 0.8):
            env["AWS_PROFILE"] = self.chosen()
        if self.chance(0.12):
            env["AWS_DEFAULT_PROFILE"] = self.chosen()
        if self.chance(0.2):
            env["AWS_DEFAULT_REGION"] = self.of(*REGIONS, *REGIONS, "")
        if self.chance(0.2):
            env["AWS_REGION"] = self.of(*REGIONS, *REGIONS, "")
        if self.chance(0.25):
            env["AWS_ACCESS_KEY_ID"] = self.of("AKIAENVIRONMENT", "AKIAENVIRONMENT", "AKIAENVIRONMENT", "")
            env["AWS_SECRET_ACCESS_KEY"] = "s"
            if self.chance(0.3):
                env[self.of("AWS_SESSION_TOKEN", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")] = "tokenENV"
            if self.chance(0.1):
                del env[self.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
            if self.chance(0.1):
                env["AWS_CREDENTIAL_EXPIRATION"] = self.of("2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "soon")
        if self.chance(0.12):
            env |= {"AWS_WEB_IDENTITY_TOKEN_FILE": self.token(), "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/env"}
            if self.chance(0.3):
                env["AWS_ROLE_SESSION_NAME"] = "my-env"
            if self.chance(0.1):
                del env["AWS_ROLE_ARN"]
        self.files_elsewhere()

    def files_elsewhere(self):
        if self.chance(0.1):
            self.made.env["AWS_CONFIG_FILE"] = self.of(
                "~/.aws/config", "$HOME/.aws/config", "${HOME}/.aws/config", "@HOME@/.aws/config", "~/none", "",
                ".aws/config", "/dev/null", "~/.aws", "$NONE/.aws/config",
            )  # fmt: skip
        if self.chance(0.1):
            self.made.env["AWS_SHARED_CREDENTIALS_FILE"] = self.of(
                "~/.aws/credentials", "$HOME/.aws/credentials", "~/none", "", ".aws/credentials", "/dev/null",
            )  # fmt: skip

    def chosen(self):
        return self.of(*self.names) if self.chance(0.93) else self.of("nope", "", "default")

    def words(self):
        if self.chance(0.3):
            self.made.words += ["--profile", self.chosen()]
        if self.chance(0.2):
            self.made.words += ["--region", self.of(*REGIONS)]

    def endpoints(self):
        env = self.made.env
        if self.chance(0.12):
            env["AWS_ENDPOINT_URL"] = self.host("env")
        if self.chance(0.1):
            env["AWS_ENDPOINT_URL_RDS"] = self.host("envrds")
        if self.chance(0.04):
            env["AWS_ENDPOINT_URL_STS"] = self.host("envsts")
        if self.chance(0.06):
            self.made.words += ["--endpoint-url", self.of(*HOSTS)]
        if self.chance(0.06):
            env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = self.of("true", "TRUE", "false", "1", "")
        for name in ("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"):
            if self.chance(0.05):
                env[name] = self.of("true", "True", "false", "yes", "")
        for head, settings in self.config:
            if head.startswith(("sso-session", "services")):
                continue
            if self.chance(0.06):
                settings.append(("endpoint_url", self.host("conf")))
            if self.chance(0.04):
                settings.append(("ignore_configured_endpoint_urls", self.of("true", "false", "")))
            if self.chance(0.04):
                settings.append((self.of("use_fips_endpoint", "use_dualstack_endpoint"), self.of("true", "false", "")))
            if self.chance(0.07):
                settings.append(("services", "local"))
            if self.chance(0.03):
                settings.append(("ec2_metadata_service_endpoint", "http://127.0.0.1:@PORT@"))
            if self.chance(0.03):
                settings.append(("ca_bundle", self.of("~/ca.pem", "@BUNDLE@", "@HOME@/none")))
                self.made.env["AWS_CA_BUNDLE"] = self.of(None, None, "")
                self.made.files["ca.pem"] = Path("@BUNDLE@")
        if any(("services", "local") in settings for _, settings in self.config) and self.chance(0.85):
            self.services()

    def host(self, place):
        if self.chance(0.15):
            return self.of(*ODD_HOSTS)
        return self.of(f"https://{place}.example", *HOSTS)

    def services(self):
        nested = [f"endpoint_url = {self.host('services')}"]
        if self.chance(0.2):
            nested.insert(0, self.of("# a comment", "other = 1", "endpoint_url=https://first.example"))
        if self.chance(0.1):
            nested.append(self.of("no equals sign", "endpoint_url: https://colon.example", "a = b = c"))
        block = [(self.of("rds", "rds", "rds", "RDS", "sts", "s3"), "\n" + "\n".join("  " + line for line in nested))]
        if self.chance(0.3):
            block.append(("s3", "\n  endpoint_url = https://s3.example"))
        self.config.append((self.of("services local", "services local", 'services "local"', "services  local"), block))

    def metadata(self):
        env = self.made.env
        if self.chance(0.15):
            env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = self.of(
                "http://127.0.0.1:@PORT@/container/a", "http://localhost:@PORT@/container/b"
            )
            match self.of("none", "none", "token", "file", "both"):
                case "token":
                    env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Basic x"
                case "file":
                    env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "@HOME@/pass"
                    self.made.files["pass"] = "Basic file"
                case "both":
                    env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Basic x"
                    env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "@HOME@/pass"
                    self.made.files["pass"] = "Basic file"
        if self.chance(0.2):
            env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:@PORT@"
            env["AWS_EC2_METADATA_DISABLED"] = self.of(None, None, None, "false", "TRUE", "true", "")
            if self.chance(0.2):
                self.made.behaviour["metadata"] = (404, "text/plain", "")
        if self.chance(0.04):
            refusal = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
            self.made.behaviour["role"] = (403, "text/xml", refusal)
        if self.chance(0.03):
            self.made.behaviour["sso"] = (403, "application/json", '{"message":"No access"}')

    def proxies(self):
        """Variables of proxies; only the one of the worker leads anywhere."""
        env, proxy, nowhere = self.made.env, "http://127.0.0.1:@PORT@", "http://127.0.0.1:9"
        if self.chance(0.05):
            env |= {"https_proxy": proxy, "HTTPS_PROXY": nowhere}
        if self.chance(0.03):
            env |= {"HTTPS_PROXY": self.of("127.0.0.1:@PORT@", "http://me:pass@127.0.0.1:@PORT@", nowhere)}
        if self.chance(0.05):
            env[self.of("ALL_PROXY", "all_proxy")] = self.of(nowhere, "socks5h://127.0.0.1:9", proxy)
        if self.chance(0.05):
            env[self.of("HTTP_PROXY", "http_proxy")] = self.of(proxy, nowhere)
        if self.chance(0.05):
            env[self.of("NO_PROXY", "no_proxy")] = self.of("localhost", "127.0.0.1", "nowhere.example", "169.254.169.254")

    def lay(self):
        """Writes the files, with what oddities there are in the spelling."""
        files = self.made.files
        odd = self.numbers.random() < 0.25 * (1 + self.wildness)
        if self.config or self.chance(0.2):
            files[".aws/config"] = spell(self.numbers, self.config, odd and self.chance(0.7))
        if self.credentials or self.chance(0.2):
            files[".aws/credentials"] = spell(self.numbers, self.credentials, odd and self.chance(0.5))
        if self.chance(0.02):
            name = self.of(*(name for name in files if name.startswith(".aws/")), ".aws/config")
            if name in files:
                self.made.modes[name] = 0
