"""`python -m cs_workbench` is `csw`."""

from cs_workbench.cli.main import main

main()
