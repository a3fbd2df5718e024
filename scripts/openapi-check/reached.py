"""Says what the stateful phase did not reach: operations that need something made before must have worked once.

Its walks are random, so a few may be missed in one run; when many are, the walks have broken down.
"""

import json
import sys

with open(sys.argv[1]) as file:
    document = json.load(file)
with open(sys.argv[2]) as file:
    reached = json.load(file)

# A task that has ended is not cancelled, nor a completed one resumed, nor its job retried; the first component is not
# restarted alone; and the client that is used speaks no WebSocket. That each is told so is what can be seen here.
GOOD = {name: "409" for name in ("cancelTask", "resumeTask", "retryJob", "restartComponent")} | {"getTaskSocket": "426"}

# Which share of the operations chance may leave out: there are many by now, and walks begin with any of them.
MOST_MISSED = 0.5

count = 0
missing = []
for path, item in document["paths"].items():
    for operation in item.values():
        name = operation["operationId"]
        good = ("2", "304", GOOD.get(name, "2"))
        if "{" in path or "requestBody" in operation:
            count += 1
            if not any(status.startswith(good) for status in reached.get(name, {})):
                missing.append(f"{name}: {reached.get(name) or 'never asked'}")
if missing:
    print("the stateful phase never had a good answer of\n  " + "\n  ".join(missing))
if len(missing) > MOST_MISSED * count:
    sys.exit(1)
print(f"the stateful phase reached {len(reached)} operations; {len(missing)} that need something never worked")
