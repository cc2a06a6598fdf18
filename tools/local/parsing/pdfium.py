"""PDFium as it is called here. Its binding has no types, so no other file imports it."""

from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pypdfium2_raw  # type: ignore[import-untyped]

PDFIUM: Any = pypdfium2
RAW: Any = pypdfium2_raw
