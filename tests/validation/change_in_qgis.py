"""What a cartographer does in QGIS: load a template, change it, save it.

``python3 change_in_qgis.py TEMPLATES GEOPACKAGE LAYER OUT`` gives the second class of sites another
colour, and the title of a sheet another place.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsLayoutPoint,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtXml import QDomDocument


def change_style(template, layer, out):
    # As the dialogue does; else QGIS takes the style that is in the GeoPackage.
    from_file = True
    _, is_loaded = layer.loadNamedStyle(str(template), from_file)
    assert is_loaded
    # A range must outlive what is asked of its symbol.
    ranges = layer.renderer().ranges()
    symbol = ranges[1].symbol().clone()
    symbol.setColor(QColor("#ff00ff"))
    layer.renderer().updateRangeSymbol(1, symbol)
    layer.saveNamedStyle(str(out))


def change_layout(template, out):
    layout = QgsPrintLayout(QgsProject.instance())
    document = QDomDocument()
    document.setContent(template.read_text(encoding="utf-8"))
    _, is_loaded = layout.loadFromTemplate(document, QgsReadWriteContext())
    assert is_loaded
    layout.itemById("title").attemptMove(QgsLayoutPoint(20.0, 7.0))
    assert layout.saveAsTemplate(str(out), QgsReadWriteContext())


def main():
    templates, package, name, out = sys.argv[1:]
    application = QgsApplication([], False)
    application.initQgis()
    layer = QgsVectorLayer(f"{package}|layername={name}", name, "ogr")
    change_style(Path(templates, "sites.qml"), layer, Path(out, "sites.qml"))
    change_layout(Path(templates, "sheet.qpt"), Path(out, "sheet.qpt"))
    # QGIS crashes on leaving while it is alive.
    del layer
    application.exitQgis()


main()
