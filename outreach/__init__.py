"""Relationship-first outreach for a CRM that runs on Django."""

__version__ = "0.1.0"
