"""The sizes at which pages are looked at."""

from playwright.sync_api import ViewportSize

NARROW = ViewportSize(width=320, height=640)
"""A page at 400 % of its size, as WCAG 1.4.10 means it."""

PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=900)
