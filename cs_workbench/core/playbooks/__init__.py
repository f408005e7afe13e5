"""Playbooks: ways of acting on one kind of situation, written down so that they can be judged."""
