"""One module a screen; a screen owns its state."""
