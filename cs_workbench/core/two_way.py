"""Which contacts go both ways whoever began them; in a module of its own, as the start needs it."""

TWO_WAY = frozenset({"call", "meeting", "chat", "video", "visit", "phone"})
