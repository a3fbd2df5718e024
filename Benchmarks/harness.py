"""What every benchmark needs: servers on free loopback ports, loads by wrk, tables and JSON."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("CUTROOM_BINARY", ROOT / ".build/release/cutroom"))
TOOL = pathlib.Path(os.environ.get("CUTROOM_BENCH_TOOL", ROOT / ".build/release/cutroom-bench"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(url, timeout=5):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read()


def wait_until(condition, seconds, what):
    """Polls a condition; a bounded loop that says what it waited for in vain."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.002)
    raise SystemExit(f"gave up after {seconds} s: {what}")


def resident_bytes(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def tool(*arguments):
    """Runs the bench tool, which answers with one JSON object on its last line."""
    done = subprocess.run([TOOL, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


@contextlib.contextmanager
def folder():
    # Beside the build, not in /tmp: a memory file system would flatter every figure about durability.
    (ROOT / "var").mkdir(exist_ok=True)
    path = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "var"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


class Cutroom:
    """A server under test; stopped by its own process id."""

    def __init__(self, data, *arguments, environment=None):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [BINARY, "serve", "--port", str(self.port), "--data", str(data), *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "CUTROOM_LOG_LEVEL": "error", **(environment or {})})
        wait_until(lambda: get(self.base + "/health/live"), 20, "the server to answer")
        self.seconds_to_first_answer = time.monotonic() - self.started

    @property
    def resident_bytes(self):
        return resident_bytes(self.process.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Nginx:
    """nginx that answers every request with the same bytes, one worker per core as a server would have."""

    def __init__(self, place, body, content_type="application/json"):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        # A text in the configuration is at most 4 KiB long, so a longer body is put together from several.
        parts = [body[at:at + 1000].decode().replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
                 for at in range(0, len(body), 1000)]
        sets = " ".join(f'set $part{number} "{part}";' for number, part in enumerate(parts[1:]))
        rest = "".join(f"${{part{number}}}" for number in range(len(parts) - 1))
        place.joinpath("nginx.conf").write_text(f"""
daemon off; master_process on; worker_processes auto; pid {place}/nginx.pid; error_log {place}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 100000000; default_type {content_type};
  client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi;
  uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
  geo $dollar {{ default "$"; }}
  server {{ listen 127.0.0.1:{self.port}; location / {{ {sets} return 200 "{parts[0]}{rest}"; }} }}
}}""")
        self.process = subprocess.Popen(
            ["nginx", "-c", str(place / "nginx.conf"), "-p", str(place)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: get(self.base + "/"), 10, "nginx to answer")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def wrk(url, script=None, arguments=(), connections=64, seconds=None):
    """One load by wrk: requests a second, p99 in milliseconds, and answers that were not 2xx."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds or SECONDS}s", "--latency"]
    if script:
        command += ["-s", str(script)]
    command += [url, "--", *map(str, arguments)]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return {
        "rate": rate,
        "p99_ms": float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit],
        "refused": int(refused[1]) if refused else 0,
    }


def rounds(*loads):
    """Runs loads in turn, several rounds, so that a noisy minute hits all of them; returns the medians."""
    results = [[] for _ in loads]
    for _ in range(ROUNDS):
        for load, result in zip(loads, results):
            result.append(load())
    return [
        {key: statistics.median(entry[key] for entry in result) for key in result[0]} for result in results
    ]


class Report:
    """Collects what was measured against what is wanted."""

    def __init__(self):
        self.rows = []

    def add(self, what, value, wanted, ok, **details):
        self.rows.append({"what": what, "value": value, "wanted": wanted, "ok": bool(ok), **details})
        print(f"{'ok  ' if ok else 'MISS'}  {what:58}  {value:>26}  {wanted}", flush=True)

    def skip(self, what, why):
        self.rows.append({"what": what, "skipped": why})
        print(f"skip  {what:58}  {why}", flush=True)

    def save(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.rows, indent=2) + "\n")
        print(f"\n{sum(1 for row in self.rows if row.get('ok'))} of {len(self.rows)} reached; as JSON in {path}")
