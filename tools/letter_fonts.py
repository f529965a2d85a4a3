"""Make the three faces of the letter from the npm packages that they come from.

``npm pack @fontsource/atkinson-hyperlegible-next@5.3.0 @fontsource/atkinson-hyperlegible-mono@5.3.0``, then ``python
tools/letter_fonts.py FOLDER``, the folder with both ``.tgz``. The faces are written where the letter reads them;
`src/msa_recovery/adapters/letter_fonts/ORIGIN.md` says what they are.
"""

import io
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont

_FACES: Final = Path(__file__).parents[1] / "src/msa_recovery/adapters/letter_fonts"

_MADE: Final = {"text.ttf": ("next", 400), "text-bold.ttf": ("next", 700), "secret.ttf": ("mono", 700)}

_LAYOUT: Final = ("GSUB", "GPOS", "GDEF")
"""Kerning and ligatures: the letter's words do without, and a password must."""


_A_DAY: Final = 1_704_067_200 + 2_082_844_800
"""1 January 2024, in the seconds of a font, which begin in 1904."""


def main(folder: Path) -> None:
    """Write the faces of the packages in that folder."""
    for name, (family, weight) in _MADE.items():
        package = f"atkinson-hyperlegible-{family}"
        with (
            tarfile.open(next(folder.glob(f"fontsource-{package}-*.tgz"))) as archive,
            tempfile.TemporaryDirectory() as at,
        ):
            parts = [
                _unpacked(archive, f"package/files/{package}-{subset}-{weight}-normal.woff", Path(at) / f"{subset}.ttf")
                for subset in ("latin", "latin-ext")
            ]
            face = Merger(Options(drop_tables=["STAT", "DSIG", "meta"])).merge(parts)
        # The same packages make the same files.
        face.recalcTimestamp = False
        face["head"].modified = face["head"].created = _A_DAY
        face.save(_FACES / name)


def _unpacked(archive: tarfile.TarFile, name: str, path: Path) -> str:
    member = archive.extractfile(name)
    assert member is not None, f"the package has no {name}"
    font = TTFont(io.BytesIO(member.read()), recalcTimestamp=False)
    font.flavor = None
    for table in _LAYOUT:
        if table in font:
            del font[table]
    font.save(path)
    return str(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
