"""Retention metrics that finance would sign: each with its parts, its accounts and its policy."""
