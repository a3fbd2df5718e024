"""Turns some of what schemathesis makes into things that work, so that what follows them is reached too.

What is sent depends on what was to be sent alone: schemathesis repeats itself, and takes a hook that changes its
mind for a flaky server.
"""

import json
import os
import time
import urllib.error
import urllib.request
import zlib

import schemathesis

API = os.environ["CUTROOM_URL"].rstrip("/") + "/api/v1"

with open(os.environ["CUTROOM_SAMPLE"], "rb") as file:
    SAMPLE = file.read()

# An address that is refused at once: a name that cannot be resolved is tried again for minutes, in which the
# streams of its task stay open.
ADDRESS = "http://127.0.0.1:9/talk.mp4"

# Who is told of events: an attempt to reach an inside network is in the log of deliveries too.
RECEIVER = "http://127.0.0.1:9/hook"

# What no schema says of addresses: which texts are some. Nobody is there (RFC 5737).
ADDRESSES = {
    "banAddress": "203.0.113.9", "liftBan": "203.0.113.9", "getAddressAnalysis": "203.0.113.9",
    "allowAddress": "192.0.2.0/24", "disallowAddress": "192.0.2.0/24",
}

# The least work that makes a clip.
OPTIONS = {
    "count": 1, "min_duration": 5, "max_duration": 10, "formats": ["original"], "mode": "fast",
    "notify_url": RECEIVER,
}

# What each operation answered in the stateful phase, for reached.py to see how far it came.
REACHED = {}


def ask(path, body=None, **headers):
    request = urllib.request.Request(API + path, body, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def wait_for_the_end(task):
    """Waits for a task, so that there are clips to look at."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if ask(f"/tasks/{task}")["status"] in ("completed", "failed", "cancelled"):
                return
        except urllib.error.HTTPError as error:
            # An order that is repeated gets its answer also when the task is gone.
            if error.code == 404:
                return
            raise
        time.sleep(0.05)


# A video and a task that are there from the start: links from lists lead nowhere while the lists are empty.
UPLOAD = ask("/uploads", SAMPLE, **{"Content-Disposition": 'attachment; filename="sample.mp4"'})["id"]
ORDER = {"source": {"upload_id": UPLOAD}, "options": OPTIONS}
wait_for_the_end(ask("/tasks", json.dumps(ORDER).encode(), **{"Content-Type": "application/json"})["id"])


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = operation_of(case)
    if operation == "createUpload" and is_positive(case) and (is_stateful(case) or is_chosen(case)):
        case.media_type = "multipart/form-data"
        case.body = {"file": SAMPLE}
        for name in ("Content-Disposition", "Content-Type"):
            case.headers.pop(name, None)
    if operation == "createTask" and is_stateful(case):
        # An order that is repeated under its key is answered as it was, also when its task was deleted meanwhile.
        case.headers.pop("Idempotency-Key", None)
    if operation == "createTask" and isinstance(case.body, dict):
        source = case.body.get("source")
        if isinstance(source, dict) and str(source.get("url", "")).lower().startswith("http"):
            source["url"] = ADDRESS
        if is_positive(case):
            obey_rules_beyond_schemas(case.body, is_stateful(case))
    if operation in ("createWebhook", "editWebhook") and is_positive(case) and isinstance(case.body, dict):
        if "url" in case.body:
            case.body["url"] = RECEIVER
    if operation in ADDRESSES and is_positive(case):
        if isinstance(case.body, dict) and "address" in case.body:
            case.body["address"] = ADDRESSES[operation]
        for name in ("address", "ip"):
            if name in (case.path_parameters or {}):
                case.path_parameters[name] = ADDRESSES[operation]
    if operation in ("listTasks", "listJobs") and is_stateful(case) and is_positive(case):
        case.query = {}


def obey_rules_beyond_schemas(body, is_stateful):
    """What a schema cannot say: lengths in order, ranges that end after their start, captions that exist."""
    source = body.get("source")
    if not isinstance(source, dict):
        return
    source.pop("captions_upload_id", None)
    if is_stateful and "url" in source:
        body["source"] = source = {"upload_id": UPLOAD}
    options = body.get("options") or {}
    if "upload_id" in source:
        body["options"] = OPTIONS | {name: options[name] for name in ("captions",) if name in options}
        return
    if options.get("min_duration", 15) > options.get("max_duration", 60):
        options["min_duration"], options["max_duration"] = 15, 60
    if options.get("notify_url"):
        options["notify_url"] = RECEIVER
    for span in options.get("ranges") or []:
        span["end"] = span["start"] + 10


@schemathesis.hook
def after_call(context, case, response):
    if not is_stateful(case):
        return
    operation = operation_of(case)
    statuses = REACHED.setdefault(operation, {})
    statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
    with open(os.environ["CUTROOM_REACHED"], "w") as file:
        json.dump(REACHED, file)
    if operation == "createTask" and response.status_code == 201:
        wait_for_the_end(json.loads(response.content)["id"])


def operation_of(case):
    return case.operation.definition.raw.get("operationId")


def is_positive(case):
    return case.meta is None or case.meta.generation.mode.is_positive


def is_stateful(case):
    return case.meta is not None and case.meta.phase.name.value == "stateful"


def is_chosen(case):
    """Every second body."""
    return zlib.crc32(repr(case.body).encode()) % 2 == 0
