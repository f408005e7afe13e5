"""Usage added up where the events are: files through DuckDB, a company's engine through Ibis."""
