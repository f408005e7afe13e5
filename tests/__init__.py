"""What the tests compile is kept, so that workers share it: a quarter of their time went into it.

Where Python is told not to write beside its sources, it is kept with what pytest keeps.
"""

import sys
from pathlib import Path

if sys.dont_write_bytecode and sys.pycache_prefix is None:
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "compiled")
    sys.dont_write_bytecode = False
