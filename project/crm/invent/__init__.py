"""Invents the customers of the demo, the same ones every time, without database or settings."""
