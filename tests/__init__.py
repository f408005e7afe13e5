"""What the tests compile is kept, so that workers share it: a quarter of their time went into it.

Who sets `PYTHONDONTWRITEBYTECODE`, or `-B`, wants nothing written beside the sources, and has it
so: what is compiled, by the programs that tests start too, is kept with what pytest keeps.
"""

import os
import sys
from pathlib import Path

if sys.dont_write_bytecode and sys.pycache_prefix is None:
    kept = str(Path(__file__).parents[1] / ".pytest_cache" / "compiled")
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = kept
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
