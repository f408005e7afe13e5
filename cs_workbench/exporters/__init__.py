"""Core values to files for other programs and people; touches no database."""
