"""Holds `aws` and this program side by side: whoever you are for the one, you are for the other.

Usage: whoami.py PROGRAM FOLDER [--seed TEXT] [--cases N] [--only CASE] [--workers N] [--kinds N]. Prints the
differences, one small case for each kind, and then one line of JSON: how many cases were equal, refused by both,
different, and accepted by which reason.
"""

import argparse
import ctypes
import itertools
import json
import random
import re
import sys
import threading
from collections import Counter
from pathlib import Path

import cases
from accepted import accepted
from authority import Authority
from known import KNOWN
from report import shown
from shrink import shrunk
from sides import Worker

# The AWS CLI is loaded once and forked; each so manieth case shows that the command itself does the same.
COMMAND_EVERY = 60


def compared(worker, case):
    """Both sides of a case, and why their difference is accepted, if it is: "" for no difference, None for a new one."""
    aws, program = worker.both(case)
    if aws.asked == program.asked and program.status >= 0:
        return aws, program, ""
    return aws, program, accepted(worker, case, aws, program)


def kind(aws, program):
    """What differs, in a few words: of all cases with the same words one is told."""
    if program.status < 0:
        return "no end here"
    if not aws.asked:
        return "aws refuses: " + gist(aws.said)
    if not program.asked:
        return "refused here: " + gist(program.said)
    names = [name for name in ("key", "token", "region", "to") if aws.asked[name] != program.asked[name]]
    origins = f": {origin(aws)}, not {origin(program)}" if "key" in names else ""
    return "another " + " and ".join(names) + origins


def gist(said):
    """The beginning of a message, without what is of this case only."""
    last = said.split("\n")[-1]
    for begin in ("clustersnap: ", "The AWS configuration on this machine cannot be used: "):
        last = last.removeprefix(begin)
    return re.sub(r"""'[^']*'|"[^"]*"|~/\S+""", "_", last)[:70]


def origin(done):
    """The kind of place that credentials are from."""
    return re.match(r"AKIA(CRED|CONF|PROC|HALF|ENV)?|[a-z]*", done.asked["who"] or "")[0]


class Tally:
    """What came of the cases, from all workers."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = Counter()
        self.accepted = Counter()
        self.different = {}

    def add(self, name, case, aws, program, reason):
        with self.lock:
            if reason == "":
                self.counts["equal" if aws.asked else "refused"] += 1
            elif reason:
                self.accepted[reason] += 1
            else:
                self.counts["different"] += 1
                self.different.setdefault(kind(aws, program), []).append((name, case))


def work(worker, waiting, tally, failed):
    """Tries what waits until nothing does."""
    try:
        worker.ready()
        for number, (name, case) in waiting:
            aws, program, reason = compared(worker, case)
            tally.add(name, case, aws, program, reason)
            if number % COMMAND_EVERY == 0:
                command = worker.of_command(case, Path(sys.executable).with_name("aws"))
                assert same_command(command, aws), (name, command, aws)
    except BaseException as error:
        failed.append(error)
        raise


def same_command(command, aws):
    """Whether the command and its fork did the same; in us-east-1 the command goes to the old name of RDS."""
    return command.asked == aws.asked or "https://rds.amazonaws.com" == (command.asked or {}).get("to")


class Shared:
    """An iterator for several threads."""

    def __init__(self, items):
        self.items = iter(items)
        self.lock = threading.Lock()

    def __iter__(self):
        return self

    def __next__(self):
        with self.lock:
            return next(self.items)


def told(worker, tally, most):
    """Prints a small case of each kind."""
    for name, found in sorted(tally.different.items(), key=lambda item: -len(item[1]))[:most]:
        number, case = found[0]
        small = shrunk(case, lambda part: is_of(worker, part, name))
        aws, program = worker.both(small)
        print(f"## {name} ({len(found)} cases: {', '.join(str(number) for number, _ in found[:8])})")
        print(shown(small, aws, program), flush=True)


def is_of(worker, case, name):
    aws, program, reason = compared(worker, case)
    return reason is None and kind(aws, program) == name


def chosen(told_to):
    """The cases to try, by name or number."""
    if told_to.only:
        known = KNOWN.get(told_to.only)
        return [(told_to.only, known or cases.case(told_to.seed, int(told_to.only)))]
    made = ((number, cases.case(told_to.seed, number)) for number in range(told_to.cases))
    return itertools.chain(KNOWN.items(), made)


def lose_privileges():
    """Root may read every file: what is started from here may not."""
    drop_from_bounding_set, override, read_search = 24, 1, 2
    for capability in (override, read_search):
        ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(10**9)))
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--only")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kinds", type=int, default=25)
    return parser.parse_args()


def main():
    told_to = arguments()
    lose_privileges()
    authority = Authority(told_to.folder)
    workers = [
        Worker(f"{told_to.folder}/{number}", told_to.program, authority) for number in range(told_to.workers)
    ]
    tally, failed, waiting = Tally(), [], Shared(enumerate(chosen(told_to)))
    threads = [threading.Thread(target=work, args=(worker, waiting, tally, failed)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not failed:
        told(workers[0], tally, told_to.kinds)
    for worker in workers:
        worker.close()
    summary = {"seed": told_to.seed, **tally.counts, "accepted": tally.accepted}
    print(json.dumps(summary, ensure_ascii=False))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
