#!/usr/bin/env python3
"""Measures Cutroom against the figures it promises, in ratios wherever something is compared.

    make bench                       everything but the clean build
    Benchmarks/bench.py reads posts  some of it
    BENCH_SECONDS=10 BENCH_ROUNDS=5  longer loads
"""

import json
import os
import pathlib
import resource
import statistics
import struct
import subprocess
import sys
import time

import rendering
from accounts import PASSWORD, Guarded
from harness import ROOT, ROUNDS, SECONDS, Cutroom, Nginx, Report, TOOL, folder, get, resident_bytes, rounds, tool, wrk

HERE = pathlib.Path(__file__).resolve().parent
MIB = 1 << 20


def bench_live(report):
    with folder() as data, folder() as place, Cutroom(data, "--workers", "0") as server:
        with Nginx(place, get(server.base + "/health/live")) as nginx:
            ours, theirs = rounds(lambda: wrk(server.base + "/health/live"), lambda: wrk(nginx.base + "/"))
    ratio = ours["rate"] / theirs["rate"]
    report.add("GET /health/live", f"{ratio:.2f} × nginx", "≥ 0.55 × nginx", ratio >= 0.55, ours=ours, nginx=theirs)


def bench_reads(report):
    ratios = {}
    for count in (1_000, 100_000, 1_000_000):
        with folder() as data, folder() as place, folder() as other:
            ids = place / "ids"
            tool("seed", "--data", data, "--tasks", count, "--ids", ids)
            with Cutroom(data, "--workers", "0") as server:
                task = get(f"{server.base}/api/v1/tasks/{ids.read_text().split()[0]}")
                page = "/api/v1/tasks?limit=20"
                # Each nginx answers the very requests that the server gets, with bytes that the server answered.
                with Nginx(place, task) as nginx, Nginx(other, get(server.base + page)) as paging:
                    ours, theirs, listing, pages = rounds(
                        lambda: wrk(server.base, HERE / "ids.lua", [ids, "/api/v1/tasks/"]),
                        lambda: wrk(nginx.base, HERE / "ids.lua", [ids, "/api/v1/tasks/"]),
                        lambda: wrk(server.base + page),
                        lambda: wrk(paging.base + page))
        ratio = ours["rate"] / theirs["rate"]
        ratios[count] = ratio
        assert ours["refused"] == 0 and listing["refused"] == 0, "answers were refused"
        if count == 100_000:
            report.add("GET task, 100,000 stored", f"{ratio:.2f} × nginx", "≥ 0.33 × nginx", ratio >= 0.33,
                       ours=ours, nginx=theirs)
            share = listing["rate"] / pages["rate"]
            report.add("GET tasks?limit=20", f"{share:.2f} × nginx", "≥ 0.10 × nginx", share >= 0.10,
                       ours=listing, nginx=pages, of_nginx_with_one_task=listing["rate"] / theirs["rate"])
    flat = ratios[1_000_000] / ratios[1_000]
    report.add("GET task, 1,000,000 against 1,000 stored", f"{flat:.2f} ×", "≥ 0.80 ×", flat >= 0.80, ratios=ratios)


def bench_posts(report):
    with folder() as data, folder() as place, Cutroom(data, "--workers", "0") as server:
        body = place / "body.json"
        body.write_text(json.dumps({"source": {"url": "https://video.example/talk.mp4"}}))
        with Nginx(place, b"{}") as nginx, folder() as ceiling:
            ours, theirs, commits = rounds(
                lambda: wrk(server.base + "/api/v1/tasks", HERE / "post.lua", [body]),
                lambda: wrk(nginx.base + "/"),
                lambda: tool("commits", "--data", ceiling, "--seconds", 3, "--writers", 64))
    assert ours["refused"] == 0, "posts were refused"
    ratio = ours["rate"] / commits["rate"]
    report.add("POST tasks, durable", f"{ratio:.2f} × grouped commits", "≥ 0.50 × the ceiling", ratio >= 0.5,
               ours=ours, nginx=theirs, ceiling=commits, of_nginx=ours["rate"] / theirs["rate"])
    report.add("POST tasks, p99", f"{ours['p99_ms']:.1f} ms", "< 10 ms", ours["p99_ms"] < 10)


def bench_credits(report):
    secret = "42" * 32
    with folder() as data:
        load = ["commits", "--data", data, "--seconds", 3, "--writers", 64, "--users", 200]
        without, ours = rounds(lambda: tool(*load, "--free", 1), lambda: tool(*load))
    ratio = ours["rate"] / without["rate"]
    report.add("an order with its credit hold, 200 people", f"{ratio:.2f} × without", "≥ 0.80 ×", ratio >= 0.8,
               ours=ours, without=without)
    with folder() as free, folder() as paid, folder() as place:
        tool("people", "--data", paid, "--secret", secret, "--users", 1000, "--keys", place / "keys")
        body = place / "body.json"
        body.write_text(json.dumps({"source": {"url": "https://video.example/talk.mp4"}}))
        accounts = {"CUTROOM_ACCOUNTS": "on", "CUTROOM_SECRET_KEY": secret, "CUTROOM_RATE_LIMIT": "off"}
        with Cutroom(free, "--workers", "0") as before:
            with Cutroom(paid, "--workers", "0", environment=accounts) as server:
                without, ours = rounds(
                    lambda: wrk(before.base + "/api/v1/tasks", HERE / "post.lua", [body]),
                    lambda: wrk(server.base + "/api/v1/tasks", HERE / "post_keys.lua", [body, place / "keys"]))
    assert ours["refused"] == 0, "orders were refused"
    # Who calls may cost 0.15 of a request, and the hold 0.2 of an order.
    ratio = ours["rate"] / without["rate"]
    report.add("POST tasks by key, with a credit hold", f"{ratio:.2f} × anonymous", "≥ 0.68 ×", ratio >= 0.68,
               ours=ours, anonymous=without)


def bench_jobs(report):
    for history in (0, 1_000_000):
        with folder() as data:
            result = tool("jobs", "--data", data, "--jobs", 60_000, "--history", history)
        report.add(f"no-op jobs over a history of {history:,}", f"{result['rate']:,.0f}/s", "≥ 20,000/s",
                   result["rate"] >= 20_000, **result)
        report.add(f"wake-up p99 over a history of {history:,}", f"{result['wake_p99_ms']:.1f} ms", "≤ 10 ms",
                   result["wake_p99_ms"] <= 10)


def bench_callers(report):
    """What it costs to know who asks, and to count it."""
    with folder() as open_data, folder() as data, folder() as place:
        # The stores are as large as each other; each has its own tasks.
        ids, theirs = place / "ids", place / "theirs"
        tool("seed", "--data", data, "--tasks", 100_000, "--ids", ids)
        tool("seed", "--data", open_data, "--tasks", 100_000, "--ids", theirs)
        with Cutroom(open_data, "--workers", "0") as anonymous, Guarded(data, "--workers", "0") as server:
            nobody, session, key = rounds(
                lambda: wrk(anonymous.base, HERE / "ids.lua", [theirs, "/api/v1/tasks/"]),
                lambda: wrk(server.base, HERE / "ids.lua", [ids, "/api/v1/tasks/", server.token]),
                lambda: wrk(server.base, HERE / "ids.lua", [ids, "/api/v1/tasks/", server.key]))
    assert session["refused"] == 0 and key["refused"] == 0, "answers were refused"
    for what, load in (("session", session), ("API key", key)):
        ratio = load["rate"] / nobody["rate"]
        report.add(f"GET task by {what}, limits on", f"{ratio:.2f} × anonymous", "≥ 0.85 × anonymous", ratio >= 0.85,
                   ours=load, anonymous=nobody)


def bench_traces(report):
    """What it costs to record one request in a hundred, for a collector that takes everything."""
    with folder() as plain_data, folder() as data, folder() as place, folder() as sink:
        ids, theirs = place / "ids", place / "theirs"
        tool("seed", "--data", data, "--tasks", 100_000, "--ids", ids)
        tool("seed", "--data", plain_data, "--tasks", 100_000, "--ids", theirs)
        with Nginx(sink, b"{}") as collector:
            settings = {"CUTROOM_OTLP_ENDPOINT": collector.base, "CUTROOM_TRACE_SAMPLE": "0.01"}
            with (Cutroom(plain_data, "--workers", "0") as plain,
                  Cutroom(data, "--workers", "0", environment=settings) as server):
                without, traced = rounds(
                    lambda: wrk(plain.base, HERE / "ids.lua", [theirs, "/api/v1/tasks/"]),
                    lambda: wrk(server.base, HERE / "ids.lua", [ids, "/api/v1/tasks/"]))
    ratio = traced["rate"] / without["rate"]
    report.add("GET task with 1 % of the traces", f"{ratio:.2f} × without", "≥ 0.95 × without", ratio >= 0.95,
               ours=traced, without=without)


def bench_limits(report):
    result = tool("rate-limits", "--keys", 1_000_000, "--decisions", 3_000_000)
    report.add("rate-limit decision, 1,000,000 known keys", f"{result['nanoseconds']:.0f} ns", "< 1,000 ns",
               result["nanoseconds"] < 1000, **result)
    report.add("memory of 1,000,000 keys", f"{result['bytes'] / MIB:.1f} MiB", "< 64 MiB",
               result["bytes"] < 64 * MIB)


def bench_health(report):
    result = tool("health-checks", "--checks", 1_000, "--period", 10, "--seconds", 20)
    assert result["looks"] >= 1_500, "the parts were not looked at"
    report.add("1,000 health checks every 10 s", f"{result['cores'] * 100:.1f} % of a core", "< 5 %",
               result["cores"] < 0.05, **result)


def bench_components(report):
    result = tool("components", "--components", 50, "--rounds", 10)
    report.add("start of 50 components", f"{result['milliseconds']:.0f} ms", "≤ 1.1 × their critical path",
               result["ratio"] <= 1.1, **result)


def bench_configuration(report):
    result = tool("configuration", "--settings", 100, "--reads", 10_000_000)
    report.add("setting read from the live configuration, of 100", f"{result['nanoseconds']:.1f} ns", "≤ 50 ns",
               result["nanoseconds"] <= 50, **result)


def bench_signins(report):
    """What others notice of 64 people who sign in at once, again and again."""
    users = 256
    with folder() as data, folder() as place:
        ids = place / "ids"
        tool("seed", "--data", data, "--tasks", 1_000, "--ids", ids)
        with Guarded(data, "--workers", "0", "--sign-up", "open") as server:
            server.sign_up(users)
            others = lambda: wrk(server.base, HERE / "ids.lua", [ids, "/api/v1/tasks/", server.token], connections=16)
            quiet, busy = [], []
            for _ in range(ROUNDS):
                quiet.append(others())
                crowd = subprocess.Popen(
                    ["wrk", "-t1", "-c64", f"-d{SECONDS + 2}s", "-s", HERE / "signin.lua", server.base, "--",
                     str(users), PASSWORD], stdout=subprocess.PIPE, text=True)
                time.sleep(1)
                busy.append(others())
                text = crowd.communicate()[0]
    quiet_ms, busy_ms = (statistics.median(load["p99_ms"] for load in loads) for loads in (quiet, busy))
    report.add("GET task beside 64 sign-ins, p99", f"{busy_ms / quiet_ms:.1f} × the quiet one", "≤ 2 ×",
               busy_ms <= 2 * quiet_ms, quiet=quiet, busy=busy, crowd=text)


def open_streams(streams, burst):
    """Memory of each of so many streams, and how long their events took; one event a second each."""
    with folder() as place:
        server = subprocess.Popen(
            [TOOL, "stream-server", "--tasks", "100", "--seconds", "25", "--burst", str(int(burst))],
            stdout=subprocess.PIPE, text=True)
        port = int(json.loads(server.stdout.readline())["port"])
        (place / "ids").write_text("".join(server.stdout.readline() for _ in range(100)))
        idle = resident_bytes(server.pid)
        client = subprocess.Popen(
            [TOOL, "stream-client", "--port", str(port), "--streams", str(streams), "--ids", place / "ids",
             "--seconds", "12"], stdout=subprocess.PIPE, text=True)
        client.stdout.readline()
        time.sleep(6)
        each = (resident_bytes(server.pid) - idle) / streams
        result = json.loads(client.stdout.read().strip().splitlines()[-1])
        client.wait()
        server.terminate()
        server.wait()
    assert result["events"] >= 10 * (streams - 1), "events were lost"
    return each, result


def bench_streams(report):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    streams = min(10_000, hard - 200)
    what = f"{streams:,} open event streams"
    each, spread = open_streams(streams, burst=False)
    report.add(what + ", memory each", f"{each / 1024:.1f} KiB", "≤ 16 KiB", each <= 16 * 1024)
    report.add(what + ", p99 beside one that never reads", f"{spread['p99_ms']:.0f} ms", "≤ 100 ms",
               spread["p99_ms"] <= 100, **spread)
    _, burst = open_streams(streams, burst=True)
    report.add("the same, all told in one moment of each second", f"{burst['p99_ms']:.0f} ms", "≤ 500 ms",
               burst["p99_ms"] <= 500, **burst)


def large_video(path, size):
    """A video that plays, padded to a size by a box that players skip (ISO 14496-12, `free`)."""
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=duration=5:size=640x360", "-pix_fmt", "yuv420p", path],
        check=True)
    left = size - path.stat().st_size
    with path.open("ab") as file:
        file.write(struct.pack(">I4sQ", 1, b"free", left))
        left -= 16
        block = os.urandom(MIB)
        while left > 0:
            file.write(block[:left])
            left -= len(block)


def bench_upload(report):
    size = int(os.environ.get("BENCH_UPLOAD_BYTES", 2 << 30))
    with folder() as data, folder() as place:
        source = place / "large.mp4"
        large_video(source, size)
        copies, uploads, growth = [], [], 0
        with Cutroom(data, "--workers", "0") as server:
            for _ in range(2):
                began = time.monotonic()
                subprocess.run(["cp", "--reflink=never", source, place / "copy"], check=True)
                subprocess.run(["sync", place / "copy"], check=True)
                copies.append(time.monotonic() - began)
                (place / "copy").unlink()
                before = server.resident_bytes
                began = time.monotonic()
                upload = subprocess.Popen(
                    ["curl", "-sSf", "-o", place / "answer", "-X", "POST", "-T", source,
                     "-H", "Content-Type: application/octet-stream",
                     "-H", 'Content-Disposition: attachment; filename="large.mp4"', f"{server.base}/api/v1/uploads"])
                while upload.poll() is None:
                    growth = max(growth, server.resident_bytes - before)
                    time.sleep(0.02)
                uploads.append(time.monotonic() - began)
                assert upload.returncode == 0, "the upload was refused"
                assert json.loads((place / "answer").read_text())["bytes"] == source.stat().st_size
    ratio = min(copies) / min(uploads)
    report.add(f"upload of {size / MIB:,.0f} MiB, speed", f"{ratio:.2f} × cp + sync", "≥ 0.12 ×", ratio >= 0.12,
               upload_seconds=uploads, copy_seconds=copies)
    report.add("upload, growth of memory", f"{growth / MIB:.1f} MiB", "< 16 MiB", growth < 16 * MIB)


def bench_render(report):
    with folder() as place:
        material = rendering.material(place)
        for clips, limit in ((1, 1.05), (4, 1.10)):
            with folder() as work:
                ours, by_order = rendering.compare(work, material, clips, ROUNDS)
            order, best = min(by_order.items(), key=lambda entry: entry[1])
            ratio = ours / best
            what = "rendering a clip" if clips == 1 else f"rendering {clips} clips"
            hand = "ffmpeg by hand" if clips == 1 else f"ffmpeg by hand, {order} at once"
            report.add(what, f"{ratio:.2f} × {hand}", f"≤ {limit:.2f} ×", ratio <= limit,
                       seconds=ours, seconds_by_hand_and_at_once=by_order)


def bench_start(report):
    with folder() as data:
        with Cutroom(data, "--workers", "0"):
            pass
        starts, resting = [], []
        for _ in range(7):
            with Cutroom(data) as server:
                starts.append(server.seconds_to_first_answer * 1000)
                time.sleep(1)
                resting.append(server.resident_bytes)
    median, idle = statistics.median(starts), statistics.median(resting)
    report.add("start to the first answer", f"{median:.0f} ms", "≤ 30 ms", median <= 30, all_ms=starts)
    report.add("memory when idle", f"{idle / MIB:.1f} MiB", "≤ 25 MiB", idle <= 25 * MIB,
               all_bytes=resting)


def bench_build(report):
    with folder() as place:
        began = time.monotonic()
        subprocess.run(
            ["swift", "build", "-c", "release", "--product", "cutroom", "--static-swift-stdlib", "--scratch-path",
             place / "build"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        minutes = (time.monotonic() - began) / 60
    report.add("clean release build", f"{minutes:.1f} min", "≤ 4 min", minutes <= 4)


ALL = {name.removeprefix("bench_"): run for name, run in list(globals().items()) if name.startswith("bench_")}


def main():
    chosen = sys.argv[1:] or [name for name in ALL if name != "build"]
    unknown = [name for name in chosen if name not in ALL]
    if unknown:
        raise SystemExit(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(ALL)}")
    report = Report()
    for name in chosen:
        ALL[name](report)
    report.save(ROOT / "var" / "bench.json")


if __name__ == "__main__":
    main()
