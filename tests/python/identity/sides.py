"""The two sides, in one private home: `aws` and this program, and what each of them did there."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from service import Port, account

LIMIT = 25
HERE = Path(__file__).parent


@dataclass
class Case:
    """Files of a home, an environment, and words of a command line. @HOME@, @PORT@ and @BUNDLE@ stand for what
    a worker puts in their place. A file may be text, bytes, or a link (`Path`). The code is that of an MFA device."""

    env: dict = field(default_factory=dict)
    words: list = field(default_factory=list)
    files: dict = field(default_factory=dict)
    modes: dict = field(default_factory=dict)
    behaviour: dict = field(default_factory=dict)
    code: str = ""


@dataclass
class Done:
    """What one side did: as whom it asked RDS, or how it refused."""

    asked: dict | None
    status: int
    said: str
    requests: list
    told: str | None = None


def as_version_2(env):
    """What makes version 1 of the AWS CLI, which PyPI has, read two pairs of variables as version 2 does: AWS_REGION
    counts, and AWS_PROFILE comes before AWS_DEFAULT_PROFILE."""
    env = dict(env)
    for name, old_name in (("AWS_REGION", "AWS_DEFAULT_REGION"), ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")):
        if name in env:
            env[old_name] = env.pop(name)
    return env


class Worker:
    """One home, one port, one AWS CLI."""

    def __init__(self, folder, binary, authority):
        self.folder = Path(folder)
        self.home = self.folder / "home"
        self.binary = binary
        self.port = Port(authority)
        self.places = {
            "@HOME@": str(self.home),
            "@PORT@": str(self.port.number),
            "@BUNDLE@": str(authority.bundle),
        }
        self.base = {
            "HOME": str(self.home),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CA_BUNDLE": "@BUNDLE@",
            "HTTPS_PROXY": "http://127.0.0.1:@PORT@",
            "AWS_MAX_ATTEMPTS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._fresh(Case())
        self.aws = subprocess.Popen(
            [sys.executable, HERE / "aws_forks.py"],
            env=self._placed(self.base),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ready(self):
        """Waits until the AWS CLI is loaded."""
        assert self.aws.stdout.readline() == "ready\n"

    def close(self):
        self.aws.stdin.close()
        self.aws.wait()

    def both(self, case):
        """What `aws` did and what the program did, each with files of its own."""
        return self.of_aws(case), self.of_program(case)

    def of_aws(self, case, is_lenient=False):
        """Lenient: what is said twice in a file stops nobody, and the last counts."""
        record = self._begin(case)
        words = ["rds", "describe-db-clusters", "--output", "json", *self._placed(case.words)]
        command = {"env": as_version_2(self._env(case)), "words": words, "folder": str(self.folder), "limit": LIMIT}
        command |= {"is_lenient": is_lenient, "code": case.code}
        self.aws.stdin.write(json.dumps(command) + "\n")
        self.aws.stdin.flush()
        status = int(self.aws.stdout.readline())
        said = (self.folder / "aws.err").read_text(errors="replace")
        return self._done(record, status, said)

    def of_command(self, case, aws):
        """As `of_aws`, by the command itself."""
        record = self._begin(case)
        words = [aws, "rds", "describe-db-clusters", "--output", "json", *self._placed(case.words)]
        ended = self._run(words, as_version_2(self._env(case)))
        return self._done(record, ended.returncode, ended.stderr)

    def of_program(self, case):
        record = self._begin(case)
        code = ["--mfa-code", case.code] if case.code else []
        ended = self._run([self.binary, "list", "--json", *code, *self._placed(case.words)], self._env(case))
        done = self._done(record, ended.returncode, ended.stderr)
        if ended.returncode == 0:
            rows = json.loads(ended.stdout)["data"]
            done.told = rows[0]["arn"].split(":")[4]
            assert done.told == account(done.asked["key"]), (done.told, done.asked)
        return done

    def _run(self, words, env):
        try:
            return subprocess.run(
                words,
                env=env,
                cwd=self.home,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                text=True,
                errors="replace",
                timeout=LIMIT,
            )
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(words, -1, "", f"no end within {LIMIT} s")

    def _begin(self, case):
        self._fresh(case)
        return self.port.begin(case.behaviour)

    def _fresh(self, case):
        if self.home.exists():
            for path in [self.home, *self.home.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(0o700)
            shutil.rmtree(self.home)
        self.home.mkdir(parents=True)
        for name, content in case.files.items():
            self._lay(self.home / name, content)
        for name, mode in case.modes.items():
            (self.home / name).chmod(mode)

    def _lay(self, path, content):
        path.parent.mkdir(parents=True, exist_ok=True)
        match content:
            case Path():
                path.symlink_to(self._placed(str(content)))
            case bytes():
                path.write_bytes(content)
            case str():
                path.write_text(self._placed(content), encoding="utf-8", newline="")
        if path.suffix == ".sh":
            path.chmod(0o700)

    def _env(self, case):
        return self._placed({name: value for name, value in {**self.base, **case.env}.items() if value is not None})

    def _placed(self, value):
        match value:
            case dict():
                return {name: self._placed(item) for name, item in value.items()}
            case list():
                return [self._placed(item) for item in value]
        for mark, text in self.places.items():
            value = value.replace(mark, text)
        return value

    def _done(self, record, status, said):
        asked = next((seen for seen in record.requests if seen["name"] == "clusters"), None)
        if asked:
            url = urlsplit(asked["url"].replace(f":{self.port.number}", ":PORT"))
            asked = {
                "key": asked["key"],
                "who": asked["who"],
                "token": asked["token"],
                "region": asked["region"],
                "to": f"{url.scheme}://{url.netloc}{url.path.rstrip('/')}",
            }
        said = said.replace(str(self.home), "~").replace(f":{self.port.number}", ":PORT")
        return Done(asked, status, said.strip(), record.requests)
