"""Says what the stateful phase did not reach: each operation that needs something made before must have worked once."""

import json
import sys

with open(sys.argv[1]) as file:
    document = json.load(file)
with open(sys.argv[2]) as file:
    reached = json.load(file)

# A task that has ended is not cancelled, nor a completed one resumed, nor its job retried; and the client that is
# used speaks no WebSocket. That each is told so is what can be seen here.
GOOD = {name: "409" for name in ("cancelTask", "resumeTask", "retryJob")} | {"getTaskSocket": "426"}

missing = []
for path, item in document["paths"].items():
    for operation in item.values():
        name = operation["operationId"]
        good = ("2", GOOD.get(name, "2"))
        if "{" in path or "requestBody" in operation:
            if not any(status.startswith(good) for status in reached.get(name, {})):
                missing.append(f"{name}: {reached.get(name) or 'never asked'}")
if missing:
    sys.exit("the stateful phase never had a good answer of\n  " + "\n  ".join(missing))
print(f"the stateful phase reached {len(reached)} operations, and had good answers wherever something is needed first")
