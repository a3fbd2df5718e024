"""Rendering by Cutroom against the very same ffmpeg commands, run by hand."""

import json
import os
import shutil
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from harness import BINARY, ROOT

SECONDS = 15


class Recorder:
    """An `ffmpeg` that writes down how it was called, before it becomes the real one."""

    def __init__(self, place):
        self.programs = place / "programs"
        self.calls = place / "calls"
        self.programs.mkdir()
        self.calls.mkdir()
        wrapper = self.programs / "ffmpeg"
        # The caption script lies in a folder that is gone when the clip is done.
        wrapper.write_text(f"""#!/bin/sh
call={self.calls}/$$
mkdir "$call"
printf '%s\\0' "$@" > "$call/arguments"
[ ! -f captions.ass ] || cp captions.ass "$call"
exec {shutil.which("ffmpeg")} "$@"
""")
        wrapper.chmod(0o755)

    def renders(self):
        """The runs that made a clip, each as its arguments and the folder that it is to be run in."""
        calls = [((call / "arguments").read_text().split("\0")[:-1], call) for call in self.calls.iterdir()]
        return [(arguments, call) for arguments, call in calls if "libx264" in arguments]


def material(place):
    """The sample with captions: a line every four seconds."""
    video = place / "sample.mp4"
    subprocess.run([ROOT / "scripts" / "make-sample", video], check=True, stdout=subprocess.DEVNULL)
    captions = place / "sample.srt"
    captions.write_text("".join(
        f"{line + 1}\n00:{line * 4 // 60:02}:{line * 4 % 60:02},000 --> "
        f"00:{(line * 4 + 4) // 60:02}:{(line * 4 + 4) % 60:02},000\nnobody has ever explained all of it\n\n"
        for line in range(22)))
    return video, captions


def by_cutroom(place, material, clips, programs=None):
    """Seconds that the rendering stage takes, from its first probe to the last clip on disk."""
    video, captions = material
    ranges = [part for n in range(clips) for part in ("--range", f"{2 + 16 * n}-{2 + 16 * n + SECONDS}")]
    data = place / "data"
    # Beginning anew each time: what was found out about a source is kept, and a stage is never taken twice.
    shutil.rmtree(data, ignore_errors=True)
    task = subprocess.run(
        [BINARY, "clip", video, "--subtitles", captions, *ranges, "--count", str(clips), "--out", place / "out",
         "--data", data, "--json", *(["--programs", programs] if programs else [])],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    task = json.loads(task)
    assert sum(len(clip["formats"]) for clip in task["clips"]) == clips, "not every clip was rendered"
    return task["timings"]["rendering"]


def run(call, video, place):
    """Runs a recorded command on the source itself instead of the copy that was kept for its task.

    Programs that render give way to requests, and worse clips to better ones; all of this gives way like the best,
    or a busy machine would slow only one of the two.
    """
    arguments, folder = call
    arguments[arguments.index("-i") + 1] = f"file:{video}"
    still = place / f"{folder.name}.jpg"
    arguments = [f"file:{still}" if argument.endswith(".jpg") else argument for argument in arguments]
    result = place / f"{folder.name}.mp4"
    subprocess.run(
        ["nice", "-n", "5", "ffmpeg", *arguments[:-1], result], check=True, cwd=folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL)
    result.unlink()
    still.unlink()


def by_hand(calls, video, place, at_once):
    """Seconds that the same commands take, so many at once."""
    began = time.monotonic()
    with ThreadPoolExecutor(at_once) as pool:
        for done in [pool.submit(run, call, video, place) for call in calls]:
            done.result()
    return time.monotonic() - began


def compare(place, material, clips, rounds):
    """The medians of both in alternating rounds; by hand as many at once as there are cores, and all at once."""
    recorder = Recorder(place)
    by_cutroom(place, material, clips, recorder.programs)
    calls = recorder.renders()
    assert len(calls) == clips, f"{len(calls)} runs were recorded"
    orders = sorted({min(clips, os.cpu_count()), clips})
    ours, theirs = [], {order: [] for order in orders}
    for _ in range(rounds):
        ours.append(by_cutroom(place, material, clips))
        for order in orders:
            theirs[order].append(by_hand(calls, material[0], place, order))
    return statistics.median(ours), {order: statistics.median(values) for order, values in theirs.items()}
