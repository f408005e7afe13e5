"""Widgets are given data and post messages."""
