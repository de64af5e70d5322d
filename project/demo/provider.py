"""What the story asks of the stand-in provider, over HTTP."""

from typing import Any

import requests

from project import settings

Mail = dict[str, Any]


class Provider:
    """A session of JSON calls; each raises where the provider, or our webhook, says no."""

    def __init__(self) -> None:
        self._base = f"http://127.0.0.1:{settings.MAILBOX_PORT}/story"
        self._session = requests.Session()
        self._session.headers["X-Mailbox-Story"] = settings.OUTREACH["MAILER"]["OPTIONS"][
            "server_token"
        ]

    def mails(self, to: str = "") -> list[Mail]:
        """The messages it was handed, oldest first."""
        answer = self._session.get(f"{self._base}/messages", params={"to": to}, timeout=30)
        answer.raise_for_status()
        found: list[Mail] = answer.json()
        return found

    def happen(self, mail: Mail, verb: str, **body: str) -> None:
        """Let something befall a message; the provider's webhook must have been taken."""
        url = f"{self._base}/messages/{mail['MessageID']}/{verb}"
        answer = self._session.post(url, json=body, timeout=30)
        answer.raise_for_status()
        if not answer.json()["ok"]:
            raise RuntimeError(f"The webhook for {verb!r} was not taken: {answer.text}")

    def deliver_rest(self) -> tuple[int, int]:
        """Deliver what nothing befell yet; returns how many arrived and how many came back."""
        answer = self._session.post(f"{self._base}/deliver-rest", timeout=120)
        answer.raise_for_status()
        done = answer.json()
        if done["failed"]:
            raise RuntimeError(f"{done['failed']} webhooks were not taken.")
        return done["delivered"], done["bounced"]
