"""Holds `aws` and this program side by side: whoever you are for the one, you are for the other.

Usage: whoami.py PROGRAM FOLDER [--seed TEXT] [--cases N] [--only INDEX] [--workers N]. Prints the differences, one
small case for each kind, and then one line of JSON: {"seed", "cases", "equal", "refused", "accepted": {reason: n}, "different": n}.
"""

import argparse
import json
import queue
import random
import re
import sys
import threading
from collections import Counter

import cases
from accepted import accepted
from authority import Authority
from report import shown
from shrink import shrunk
from sides import Worker


def compared(worker, case):
    """Both sides of a case, and why their difference is accepted, if it is: "" for no difference, None for a new one."""
    aws, program = worker.both(case)
    if aws.asked == program.asked and program.status >= 0:
        return aws, program, ""
    return aws, program, accepted(case, aws, program)


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

    def add(self, index, case, aws, program, reason):
        with self.lock:
            if reason == "":
                self.counts["equal" if aws.asked else "refused"] += 1
            elif reason:
                self.accepted[reason] += 1
            else:
                self.counts["different"] += 1
                self.different.setdefault(kind(aws, program), []).append((index, case))


def work(worker, waiting, seed, tally):
    worker.ready()
    while True:
        try:
            index = waiting.get_nowait()
        except queue.Empty:
            return
        case = cases.case(seed, index)
        tally.add(index, case, *compared(worker, case))


def told(worker, tally, most):
    """Prints a small case of each kind."""
    for name, found in sorted(tally.different.items(), key=lambda item: -len(item[1]))[:most]:
        index, case = found[0]
        small = shrunk(case, lambda part: is_of(worker, part, name))
        aws, program = worker.both(small)
        others = ", ".join(str(number) for number, _ in found[1:8])
        print(f"## {name} ({len(found)} cases: {index}{', ' + others if others else ''})")
        print(shown(small, aws, program), flush=True)


def is_of(worker, case, name):
    aws, program, reason = compared(worker, case)
    return reason is None and kind(aws, program) == name


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(10**9)))
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--only", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kinds", type=int, default=25)
    return parser.parse_args()


def main():
    told_to = arguments()
    authority = Authority(told_to.folder)
    waiting = queue.Queue()
    numbers = [told_to.only] if told_to.only is not None else range(told_to.cases)
    for number in numbers:
        waiting.put(number)
    workers = [
        Worker(f"{told_to.folder}/{number}", told_to.program, authority) for number in range(told_to.workers)
    ]
    tally = Tally()
    threads = [
        threading.Thread(target=work, args=(worker, waiting, told_to.seed, tally)) for worker in workers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told(workers[0], tally, told_to.kinds)
    for worker in workers:
        worker.close()
    summary = {"seed": told_to.seed, "cases": len(numbers), **tally.counts, "accepted": tally.accepted}
    print(json.dumps(summary, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
