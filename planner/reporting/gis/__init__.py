"""The plan for geographic information systems: GeoPackage layers, styles, QGIS project."""
