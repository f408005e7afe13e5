"""How fast the workbench is: `python -m benchmarks`."""
