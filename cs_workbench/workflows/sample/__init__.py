"""An invented portfolio whose accounts have stories to find."""
