"""What the field knows: accounts, measures, health, renewals. Pure functions, frozen values."""
