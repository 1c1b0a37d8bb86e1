"""What a cartographer does in QGIS: load a template's style on a layer, change it, save it.

``python3 change_in_qgis.py TEMPLATE GEOPACKAGE LAYER OUT`` gives the second class another colour.
"""

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import QgsApplication, QgsVectorLayer
from qgis.PyQt.QtGui import QColor


def main():
    template, package, name, out = sys.argv[1:]
    application = QgsApplication([], False)
    application.initQgis()
    layer = QgsVectorLayer(f"{package}|layername={name}", name, "ogr")
    # As the dialogue does; else QGIS takes the style that is in the GeoPackage.
    from_file = True
    _, is_loaded = layer.loadNamedStyle(template, from_file)
    assert is_loaded
    # A range must outlive what is asked of its symbol.
    ranges = layer.renderer().ranges()
    symbol = ranges[1].symbol().clone()
    symbol.setColor(QColor("#ff00ff"))
    layer.renderer().updateRangeSymbol(1, symbol)
    layer.saveNamedStyle(out)
    # QGIS crashes on leaving while they are alive.
    del symbol, ranges, layer
    application.exitQgis()


main()
