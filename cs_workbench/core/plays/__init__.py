"""Plays: playbooks that run on an account."""
