"""What QGIS itself says of a project and its GeoPackage, as JSON.

Run by the Python that has PyQGIS, which is Debian's, not the project's:
``python3 qgis_probe.py PROJECT FOLDER png`` draws themes and sheets, ``pdf`` exports sheets alone.
"""

import json
import os
import sqlite3
import sys
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF, QSize, Qt
from qgis.PyQt.QtGui import QFontMetricsF, QImage

N_PIXELS = 700
DOTS_PER_MM = 40
MM_PER_POINT = 25.4 / 72


def tip_of_first(layer):
    """What a pointer on the first feature brings up; nothing where there is none."""
    feature = next(layer.getFeatures(), None)
    if feature is None:
        return ""
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(feature)
    return QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)


def layer_facts(layer):
    renderer = layer.renderer()
    labeling = layer.labeling()
    facts = {
        "is_valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "n_features": layer.featureCount(),
        "renderer": renderer.type(),
        "has_labels": layer.labelsEnabled() and labeling is not None,
        "aliases": {field.name(): field.alias() for field in layer.fields()},
        "tip": layer.mapTipTemplate(),
        "tip_of_first": tip_of_first(layer),
        "display": layer.displayExpression(),
    }
    if renderer.type() == "graduatedSymbol":
        # A range must outlive what is asked of its symbol.
        ranges = renderer.ranges()
        facts["attribute"] = renderer.classAttribute()
        facts["classes"] = [
            [each.lowerValue(), each.upperValue(), each.label(), each.symbol().color().name()]
            for each in ranges
        ]
        symbol = ranges[0].symbol()
        is_marker = isinstance(symbol, QgsMarkerSymbol)
        facts["size"] = symbol.dataDefinedSize().expressionString() if is_marker else ""
        sizes = renderer.dataDefinedSizeLegend()
        facts["sizes"] = [each.label for each in sizes.classes()] if sizes else []
    if renderer.type() == "categorizedSymbol":
        facts["classes"] = [each.label() for each in renderer.categories()]
    return facts


def drawn(project, theme, folder):
    """What a picture of a theme complains of, and how often its colours occur."""
    settings = QgsMapSettings()
    settings.setLayers(project.mapThemeCollection().mapThemeVisibleLayers(theme))
    settings.setDestinationCrs(project.crs())
    settings.setExtent(project.viewSettings().defaultViewExtent())
    settings.setOutputSize(QSize(N_PIXELS, N_PIXELS))
    settings.setBackgroundColor(project.backgroundColor())
    settings.setFlag(QgsMapSettings.Antialiasing, True)
    settings.setFlag(QgsMapSettings.DrawLabeling, True)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(str(folder / f"theme-{theme}.png".replace(" ", "-")))
    colours = [(f"#{colour:06x}", n) for colour, n in pixels(image).most_common(12)]
    return {"errors": [each.message for each in job.errors()], "colours": colours}


def pixels(image):
    """How often each colour occurs, without its opacity; asked pixel by pixel it takes a second."""
    plain = image.convertToFormat(QImage.Format_ARGB32)
    values = memoryview(plain.constBits().asstring(plain.sizeInBytes())).cast("I")
    counts = Counter()
    for value, n in Counter(values).items():
        counts[value & 0xFFFFFF] += n
    return counts


def exported(layout, path):
    """Whether a sheet is exported to a picture or a PDF."""
    exporter = QgsLayoutExporter(layout)
    if path.suffix == ".pdf":
        done = exporter.exportToPdf(str(path), QgsLayoutExporter.PdfExportSettings())
    else:
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = 100
        done = exporter.exportToImage(str(path), settings)
    return done == QgsLayoutExporter.Success


def heights_mm(label):
    """Height that the text of a label takes in its width, and the one that it has."""
    font = label.font()
    font.setPixelSize(round(label.font().pointSizeF() * MM_PER_POINT * DOTS_PER_MM))
    room = QRectF(0.0, 0.0, label.rect().width() * DOTS_PER_MM, 1e6)
    text = QFontMetricsF(font).boundingRect(room, int(Qt.TextWordWrap), label.currentText())
    return [text.height() / DOTS_PER_MM, label.rect().height()]


def layout_facts(layout, folder, kind):
    maps = [item for item in layout.items() if isinstance(item, QgsLayoutItemMap)]
    maps.sort(key=lambda item: item.pos().x())
    legends = [item for item in layout.items() if isinstance(item, QgsLayoutItemLegend)]
    bars = [item for item in layout.items() if isinstance(item, QgsLayoutItemScaleBar)]
    labels = [item for item in layout.items() if isinstance(item, QgsLayoutItemLabel)]
    page = layout.pageCollection().page(0).pageSize()
    file = f"{layout.name().replace(' ', '-')}.{kind}"
    return {
        "title": layout.itemById("title").text(),
        "themes": [each.followVisibilityPresetName() for each in maps],
        "layers": [[layer.id() for layer in each.layers()] for each in maps],
        "crs": [each.crs().authid() for each in maps],
        "legend_layers": [
            each.layer() is not None
            for legend in legends
            for each in legend.model().rootGroup().findLayers()
        ],
        "scale_bars": [[each.linkedMap() is not None, each.unitLabel()] for each in bars],
        "heights_mm": {label.id(): heights_mm(label) for label in labels},
        "page_mm": [page.width(), page.height()],
        "is_exported": exported(layout, folder / file),
        "file": file,
    }


def feature_layers(package):
    """Names of the layers of a GeoPackage."""
    with sqlite3.connect(package) as database:
        asked = "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
        return [name for (name,) in database.execute(asked)]


def main():
    project_path, folder, kind = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    application = QgsApplication([], False)
    application.initQgis()
    warnings = []
    application.messageLog().messageReceived.connect(
        lambda message, tag, level: (
            warnings.append(f"{tag}: {message}")
            if level in {Qgis.MessageLevel.Warning, Qgis.MessageLevel.Critical}
            else None
        )
    )
    project = QgsProject.instance()
    is_read = project.read(str(project_path))
    themes = project.mapThemeCollection()
    root = project.layerTreeRoot()
    facts = {
        "version": Qgis.QGIS_VERSION,
        "is_read": is_read,
        "title": project.title(),
        "crs": project.crs().authid(),
        "order": [each.id() for each in root.layerOrder()],
        "visible": [each.layerId() for each in root.findLayers() if each.isVisible()],
        "layers": {key: layer_facts(layer) for key, layer in project.mapLayers().items()},
        "themes": {
            name: {
                "layers": [each.id() for each in themes.mapThemeVisibleLayers(name)],
                **(drawn(project, name, folder) if kind == "png" else {}),
            }
            for name in themes.mapThemes()
        },
        "layouts": {
            each.name(): layout_facts(each, folder, kind)
            for each in project.layoutManager().layouts()
        },
    }
    package = project_path.with_suffix(".gpkg")
    alone = {}
    for name in feature_layers(package):
        layer = QgsVectorLayer(f"{package}|layername={name}", name, "ogr")
        alone[name] = layer_facts(layer)
        del layer
    facts["alone"] = alone
    facts["warnings"] = warnings
    # QGIS crashes on leaving while layouts or layers are alive.
    project.layoutManager().clear()
    project.clear()
    del project, themes, root
    application.exitQgis()
    sys.stdout.write("\n" + json.dumps(facts) + "\n")


main()
