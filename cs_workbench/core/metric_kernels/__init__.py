"""Arrays behind the metrics; with `kernels` the only modules of `core` that know numpy."""
