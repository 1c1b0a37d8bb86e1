"""Open the templates of the map in QGIS and save them again, as QGIS itself writes them.

Run by the Python that has PyQGIS (``make qgis-templates``):
``python3 docs/save_qgis_templates.py FROM TO``; both may be the same folder. Styles are saved with
the parts that the planner uses, on a layer with the field ``fid`` alone.
"""

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Else QGIS writes attributes in another order each time.
os.environ["QT_HASH_SEED"] = "0"

from qgis.core import (
    QgsApplication,
    QgsMapLayer,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtXml import QDomDocument

KEY = "fid"
GEOMETRIES = {"0": "Point", "1": "LineString", "2": "Polygon"}
INDENTS = {".qml": 2, ".qpt": 1}
"""As QGIS has them."""
PARTS = (
    QgsMapLayer.LayerConfiguration
    | QgsMapLayer.Symbology
    | QgsMapLayer.Labeling
    | QgsMapLayer.Fields
    | QgsMapLayer.MapTips
    | QgsMapLayer.AttributeTable
    | QgsMapLayer.Rendering
)


def read(path: Path) -> QDomDocument:
    """Document of a file."""
    document = QDomDocument()
    if not document.setContent(path.read_text(encoding="utf-8")):
        sys.exit(f"{path}: expected a file that QGIS saved, found no XML")
    return document


def elements(document: QDomDocument, tag: str) -> list:
    """All elements of a name, in their order."""
    nodes = document.elementsByTagName(tag)
    return [nodes.at(number).toElement() for number in range(nodes.count())]


def save_style(path: Path, out: Path) -> None:
    """Save a style of a layer."""
    document = read(path)
    (geometry,) = elements(document, "layerGeometryType")
    layer = QgsVectorLayer(
        f"{GEOMETRIES[geometry.text()]}?crs=EPSG:4326&field={KEY}:integer", "sample", "memory"
    )
    told, is_read = layer.loadNamedStyle(str(path))
    if not is_read:
        sys.exit(f"{path}: {told}")
    table = layer.attributeTableConfig()
    table.setColumns([each for each in table.columns() if each.name == KEY])
    layer.setAttributeTableConfig(table)
    layer.saveNamedStyle(str(out), PARTS)
    keep_fonts(document, out)


def keep_fonts(before: QDomDocument, out: Path) -> None:
    """Give texts back the fonts that this computer lacks: QGIS writes what it took instead."""
    known = set(QFontDatabase().families())
    after = read(out)
    for old, new in zip(elements(before, "text-style"), elements(after, "text-style"), strict=True):
        if old.hasAttribute("fontFamily") and old.attribute("fontFamily") not in known:
            new.setAttribute("fontFamily", old.attribute("fontFamily"))
    out.write_text(after.toString(INDENTS[out.suffix]), encoding="utf-8")


def save_layout(path: Path, out: Path) -> None:
    """Save a print layout."""
    layout = QgsPrintLayout(QgsProject.instance())
    document = read(path)
    # Unlike loadFromTemplate it keeps the identifiers of items.
    if not layout.readXml(document.documentElement(), document, QgsReadWriteContext()):
        sys.exit(f"{path}: QGIS does not read it")
    layout.saveAsTemplate(str(out), QgsReadWriteContext())
    keep_fonts(document, out)


def save_project(path: Path, out: Path) -> None:
    """Save a project."""
    if path != out:
        # In its place, since QGIS writes where layers lie relative to the project.
        shutil.copyfile(path, out)
    project = QgsProject.instance()
    if not project.read(str(out)):
        sys.exit(f"{path}: {project.error()}")
    project.write(str(out))
    Path(f"{out}~").unlink(missing_ok=True)
    project.clear()


def main() -> None:
    """Save the templates of one folder in another one."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    with TemporaryDirectory() as profile:
        os.environ["QGIS_CUSTOM_CONFIG_PATH"] = profile
        save_all(source, target)


def save_all(source: Path, target: Path) -> None:
    """Save all templates of a folder with settings that are no person's own."""
    application = QgsApplication([], False)
    application.initQgis()
    QgsSettings().setValue("projects/anonymize_saved_projects", True, QgsSettings.Core)
    savers = {".qml": save_style, ".qpt": save_layout, ".qgs": save_project}
    for path in sorted(source.iterdir()):
        if path.suffix in savers:
            savers[path.suffix](path, target / path.name)
    application.exitQgis()


main()
