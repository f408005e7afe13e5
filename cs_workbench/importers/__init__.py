"""Outside files into core values; touches no database."""
