"""Which encoding the bytes of a file are in, found by reading all of them once."""

import codecs
import hashlib
from pathlib import Path

from cs_workbench.errors import InputError

CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "an SQLite database"),
)


def inspect_bytes(path: Path) -> tuple[str, int, str, bool]:
    """The SHA-256 of a file, its size, its encoding, and whether a NUL is in it.

    Raises:
        InputError: the bytes are no text.
        OSError: they cannot be read.
    """
    digest, size, has_nul, unended = hashlib.sha256(), 0, False, 0
    readings: list[_Reading] = []
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if not size:
                readings = _possible(path, chunk)
            digest.update(chunk)
            size += len(chunk)
            has_nul = has_nul or b"\x00" in chunk
            unended = 0 if b"\n" in chunk or b"\r" in chunk else unended + 1
            if unended > 3:
                raise InputError(f"{path}: a line is longer than 3 MB; this is no table.")
            readings = [reading for reading in readings if reading.goes_on(chunk)]
            if not readings:
                raise InputError(
                    f"{path}: the text is neither UTF-8, UTF-16 nor Windows-1252 "
                    f"(around byte {size - len(chunk):,}). Save it as UTF-8."
                )
    if not size:
        raise InputError(f"{path} is empty: not even headings. Export it again.")
    readings = [reading for reading in readings if reading.goes_on(b"", final=True)]
    if not readings:
        raise InputError(f"{path}: the text breaks off inside a character. Export it again.")
    return digest.hexdigest(), size, readings[0].encoding, has_nul


class _Reading:
    """One encoding that the bytes may be in, as long as they fit."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def goes_on(self, chunk: bytes, *, final: bool = False) -> bool:
        """Whether these bytes fit too."""
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError:
            return False
        return True


def _possible(path: Path, start: bytes) -> list[_Reading]:
    for magic, name in _FORMATS:
        if start.startswith(magic):
            raise InputError(f"{path} is {name}, not delimited text. Export it as CSV.")
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            if encoding == "utf-32":
                raise InputError(f"{path} is UTF-32 text. Save it as UTF-8.")
            return [_Reading(encoding)]
    if start[:200].count(0) * 3 > len(start[:200]):
        raise InputError(f"{path} looks like UTF-16 without a byte order mark. Save it as UTF-8.")
    return [_Reading("utf-8"), _Reading("cp1252")]
