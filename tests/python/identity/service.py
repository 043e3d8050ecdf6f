"""The world that both sides meet: one loopback port that is every AWS service, the metadata services, and the
proxy on the way to all hosts, and that writes down who came.

A key that it gives out tells where it is from: `who` turns it back into words. It checks no signature, so what it
writes down is whose a request says it is; the text of the secret is read by the same rules as that of the key.
"""

import base64
import hashlib
import json
import re
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

SCOPE = re.compile(r"Credential=(?P<key>[^,]*)/\d{8}/(?P<region>[^/]*)/(?P<service>[^/]*)/aws4_request")
LATER = "2099-01-01T00:00:00Z"
WRONG_CODE = "111222"
XML = "text/xml"
JSON = "application/json"


def account(key):
    """The account of a key."""
    return str(10**11 + int(hashlib.sha1(key.encode()).hexdigest(), 16) % 10**11)


class Record:
    """What came in one run of one side, and how the services behave meanwhile."""

    def __init__(self, behaviour):
        self.behaviour = behaviour
        self.origins = {}
        self.requests = []

    def issue(self, origin):
        """A key for that origin, the same one for the same origin."""
        digest = base64.b32encode(hashlib.sha1(origin.encode()).digest()).decode()[:16]
        key = "ASIA" + digest
        self.origins[key] = origin
        return key

    def who(self, key):
        """Where a key is from: words for one that was given out here, else the key."""
        return self.origins.get(key, key)


class Port(socketserver.ThreadingTCPServer):
    """The port. `record` is that of the run that goes on."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, authority, handler=None):
        super().__init__(("127.0.0.1", 0), handler or Handler)
        self.authority = authority
        self.record = Record({})
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def number(self):
        return self.server_address[1]

    def begin(self, behaviour):
        """Begins a run."""
        self.record = Record(behaviour)
        return self.record

    def handle_error(self, request, client_address):
        """A side that hangs up is no error of this one."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scheme = "http"
    timeout = 10

    def log_message(self, format, *args):
        """Says nothing."""

    def do_CONNECT(self):
        """Is the host that the other side wants to reach."""
        host = self.path.rsplit(":", 1)[0]
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        self.connection = self.server.authority.context(host).wrap_socket(self.connection, server_side=True)
        self.scheme = "https"
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
        self.close_connection = False

    def do_GET(self):
        self._any(b"")

    def do_PUT(self):
        self._any(b"")

    def do_POST(self):
        self._any(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _any(self, body):
        url = urlsplit(self.path)
        ask = Ask(self.server.record, self, url, body)
        status, kind, text = ask.answer()
        payload = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(payload)))
        if self.path.endswith("/latest/api/token"):
            self.send_header("x-aws-ec2-metadata-token-ttl-seconds", "21600")
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()


class Ask:
    """One request."""

    def __init__(self, record, handler, url, body):
        self.record = record
        self.headers = handler.headers
        self.method = handler.command
        self.path = url.path
        self.host = self.headers.get("Host", "").lower()
        self.base = f"{handler.scheme}://{self.host}"
        self.query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.body = body
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True) if body[:1] not in b"{" else {}
        self.form = {name: values[0] for name, values in form.items()}
        signed = SCOPE.search(self.headers.get("Authorization", ""))
        self.key = signed["key"] if signed else None
        self.region = signed["region"] if signed else None

    def answer(self):
        """Status, content type and text of the answer."""
        action = self.form.get("Action")
        if action in ACTIONS:
            name, answer = ACTIONS[action]
        elif self.path.endswith("/federation/credentials"):
            name, answer = "sso", Ask.sso
        elif self.path.endswith("/token") and self.method == "POST":
            name, answer = "oidc", Ask.oidc
        elif self.path.startswith("/container"):
            name, answer = "container", Ask.container
        elif "/latest/" in self.path:
            name, answer = "metadata", Ask.metadata
        else:
            name, answer = "unknown", lambda _: (404, JSON, "{}")
        self.note(name)
        refused = self.record.behaviour.get(name)
        return refused if isinstance(refused, tuple) else answer(self)

    def note(self, name):
        self.record.requests.append(
            {
                "name": name,
                "who": self.record.who(self.key) if self.key else None,
                "key": self.key,
                "token": self.headers.get("X-Amz-Security-Token"),
                "region": self.region,
                "url": self.base + self.path,
            }
        )

    def credentials(self, origin):
        """The three parts of credentials for an origin, and when they end."""
        key = self.record.issue(origin)
        return key, f"secret-of-{key}", f"token-of-{key}", LATER

    def xml(self, action, inside):
        return 200, XML, f"<{action}Response><{action}Result>{inside}</{action}Result></{action}Response>"

    def clusters(self):
        arn = f"arn:aws:rds:{self.region}:{account(self.key or '')}:cluster:orders"
        return self.xml(
            "DescribeDBClusters",
            "<DBClusters><DBCluster><DBClusterIdentifier>orders</DBClusterIdentifier>"
            "<Engine>aurora-postgresql</Engine><EngineVersion>16.4</EngineVersion><Status>available</Status>"
            f"<DBClusterArn>{arn}</DBClusterArn><DbClusterResourceId>cluster-A</DbClusterResourceId>"
            "</DBCluster></DBClusters>",
        )

    def snapshots(self):
        return self.xml("DescribeDBClusterSnapshots", "<DBClusterSnapshots></DBClusterSnapshots>")

    def identity(self):
        number = account(self.key or "")
        return self.xml(
            "GetCallerIdentity",
            f"<Arn>arn:aws:iam::{number}:user/me</Arn><UserId>AIDA</UserId><Account>{number}</Account>",
        )

    def role(self):
        told = [f"role {self.form.get('RoleArn')} by {self.caller()}"]
        told += [f"{name} {self.form[name]}" for name in ("ExternalId", "DurationSeconds") if name in self.form]
        return self.assumed("AssumeRole", told)

    def caller(self):
        """Who asks for a session: with a code, whether it is given now or was given for a session before."""
        code = self.form.get("TokenCode")
        return self.record.who(self.key) + (f" with {code} of {self.form.get('SerialNumber')}" if code else "")

    def session(self):
        if self.form.get("TokenCode") == WRONG_CODE:
            said = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
            return 403, XML, f"<ErrorResponse><Error><Code>AccessDenied</Code><Message>{said}</Message></Error></ErrorResponse>"
        return self.given("GetSessionToken", self.caller())

    def web_identity(self):
        told = [f"role {self.form.get('RoleArn')} by token {self.form.get('WebIdentityToken')!r}"]
        return self.assumed("AssumeRoleWithWebIdentity", told)

    def assumed(self, action, told):
        session = self.form.get("RoleSessionName", "")
        if session.startswith("my-"):
            told.append(f"session {session}")
        told.append(f"at {self.host}")
        return self.given(action, ", ".join(told))

    def given(self, action, origin):
        key, secret, token, end = self.credentials(origin)
        return self.xml(
            action,
            f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>"
            f"<SessionToken>{token}</SessionToken><Expiration>{end}</Expiration></Credentials>"
            "<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn>"
            "<AssumedRoleId>AROA:s</AssumedRoleId></AssumedRoleUser>",
        )

    def sso(self):
        account_id, role = self.query.get("account_id"), self.query.get("role_name")
        bearer = self.headers.get("x-amz-sso_bearer_token")
        if not bearer or bearer.startswith("expired"):
            text = json.dumps({"message": "Session token not found or invalid"})
            return 401, JSON, text
        origin = f"sso {role} of {account_id} by {bearer} at {self.host}"
        key, secret, token, _ = self.credentials(origin)
        inside = {"accessKeyId": key, "secretAccessKey": secret, "sessionToken": token}
        return 200, JSON, json.dumps({"roleCredentials": {**inside, "expiration": 4070908800000}})

    def oidc(self):
        return 200, JSON, json.dumps(
            {"accessToken": "refreshed", "tokenType": "Bearer", "expiresIn": 28800, "refreshToken": "again"}
        )

    def container(self):
        origin = f"container {self.path} with {self.headers.get('Authorization')}"
        key, secret, token, end = self.credentials(origin)
        return 200, JSON, json.dumps(
            {"AccessKeyId": key, "SecretAccessKey": secret, "Token": token, "Expiration": end, "RoleArn": "r"}
        )

    def metadata(self):
        if self.path.endswith("/latest/api/token"):
            return 200, "text/plain", "metadata-token"
        if self.path.endswith("/meta-data/placement/region"):
            return 200, "text/plain", "sa-east-1"
        if self.path.endswith("/iam/security-credentials/"):
            return 200, "text/plain", "instance-role"
        if self.path.endswith("/iam/security-credentials/instance-role"):
            key, secret, token, end = self.credentials("instance")
            given = {"AccessKeyId": key, "SecretAccessKey": secret, "Token": token, "Expiration": end}
            given |= {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2020-01-01T00:00:00Z"}
            return 200, JSON, json.dumps(given)
        return 404, "text/plain", "not found"


ACTIONS = {
    "DescribeDBClusters": ("clusters", Ask.clusters),
    "DescribeDBClusterSnapshots": ("snapshots", Ask.snapshots),
    "GetCallerIdentity": ("identity", Ask.identity),
    "AssumeRole": ("role", Ask.role),
    "GetSessionToken": ("session", Ask.session),
    "AssumeRoleWithWebIdentity": ("web identity", Ask.web_identity),
}
