"""The terminal where customer success managers spend their day."""

__version__ = "0.1.0"
