"""Runs a command some times and prints the medians of its wall time, processor time and peak memory.

measure.py RUNS COMMAND... ; {n} in the command becomes the number of the run. What it prints is JSON:
seconds, seconds, KiB.
"""

import json
import os
import statistics
import sys
import time


def run(argv):
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    begun = time.perf_counter()
    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - begun
    if status != 0:
        sys.exit(f"{argv}: status {status}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


runs = int(sys.argv[1])
results = [run([word.replace("{n}", str(n)) for word in sys.argv[2:]]) for n in range(runs)]
print(json.dumps([statistics.median(column) for column in zip(*results)]))
