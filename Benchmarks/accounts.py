"""A server with accounts, and people in it."""

import json
import os
import subprocess
import urllib.request

from harness import BINARY, Cutroom

PASSWORD = "correct horse battery"
# Limits are on, and out of the way: a second has room for more than these machines can ask.
SETTINGS = {"CUTROOM_ACCOUNTS": "on", "CUTROOM_RATE_LIMIT": "1000000/s", "CUTROOM_TRUSTED_PROXIES": "127.0.0.1"}


def make_administrator(data):
    """Makes an administrator, who gets what was the local user's."""
    subprocess.run(
        [BINARY, "user", "create", "--admin", "ada", "ada@example.org", "--data", str(data)],
        input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **SETTINGS})


class Guarded(Cutroom):
    """A server under test that has accounts, and the administrator's ways in."""

    def __init__(self, data, *arguments, environment=None):
        make_administrator(data)
        super().__init__(data, *arguments, environment={**SETTINGS, **(environment or {})})
        self.token = self.post("/api/v1/auth/login", {"username": "ada", "password": PASSWORD})["access_token"]
        self.key = self.post("/api/v1/api-keys", {"name": "bench", "scopes": ["tasks:read"]}, self.token)["key"]

    def post(self, path, body, token=None, client="192.0.2.1"):
        fields = {"Content-Type": "application/json", "X-Forwarded-For": client}
        if token:
            fields["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(), fields)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def sign_up(self, count):
        """Makes users user1, user2 …, each from an address of its own."""
        for number in range(1, count + 1):
            self.post(
                "/api/v1/auth/register",
                {"username": f"user{number}", "email": f"user{number}@example.org", "password": PASSWORD},
                client=f"198.51.100.{number % 256}")
