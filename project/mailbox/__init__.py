"""A stand-in for an e-mail provider on this machine. It knows nothing of outreach.

It speaks Postmark's HTTP API, shows each message as its recipient would see it, and sends
Postmark's webhooks back when a person presses a button or a script asks.
"""
