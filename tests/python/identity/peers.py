"""Serves until its standard input ends: every AWS service behind several doors.

Usage: peers.py FOLDER. Prints one line of JSON: the file of the authority, and the ports of a proxy to all hosts
(plain), of `localhost` over TLS with a certificate that is right, of another host, or ended, and of a service that
takes connections and never answers.
"""

import json
import socket
import sys

import service
from authority import Authority
from service import Handler, Port

# All callers are of the account that the simulator is, which stands beside these peers.
service.account = lambda key: "123456789012"


def over_tls(authority, context):
    """A port that speaks TLS from the first byte."""

    class Secure(Handler):
        scheme = "https"

        def setup(self):
            self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

    return Port(authority, Secure)


def main():
    authority = Authority(sys.argv[1])
    silent = socket.create_server(("127.0.0.1", 0))
    ports = {
        "proxy": Port(authority).number,
        "right": over_tls(authority, authority.context("localhost")).number,
        "other": over_tls(authority, authority.context("other.example")).number,
        "ended": over_tls(authority, authority.context_that_ended("localhost")).number,
        "silent": silent.getsockname()[1],
    }
    print(json.dumps({"bundle": str(authority.bundle), **ports}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
