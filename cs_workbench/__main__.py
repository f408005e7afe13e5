"""`python -m cs_workbench` is `csw`."""

from cs_workbench.cli.start import main

main()
