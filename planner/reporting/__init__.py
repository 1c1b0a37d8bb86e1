"""Everything a person opens: tables, maps, reports and provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.reporting.datapackage import write_datapackage
    from planner.reporting.depot_report import write_depot_report
    from planner.reporting.figures.run_figures import write_figures
    from planner.reporting.gis.export import export_qgis
    from planner.reporting.html_report import write_html_report
    from planner.reporting.market_report import write_market_report
    from planner.reporting.matsim.export import export_matsim
    from planner.reporting.national_market_report import write_national_report
    from planner.reporting.run_comparison import compare_folders, write_comparison
    from planner.reporting.spreadsheet import write_spreadsheet

__all__ = [
    "compare_folders",
    "export_matsim",
    "export_qgis",
    "write_comparison",
    "write_datapackage",
    "write_depot_report",
    "write_figures",
    "write_html_report",
    "write_market_report",
    "write_national_report",
    "write_spreadsheet",
]

__getattr__ = door(
    __name__,
    {
        "compare_folders": "planner.reporting.run_comparison",
        "export_matsim": "planner.reporting.matsim.export",
        "export_qgis": "planner.reporting.gis.export",
        "write_comparison": "planner.reporting.run_comparison",
        "write_datapackage": "planner.reporting.datapackage",
        "write_depot_report": "planner.reporting.depot_report",
        "write_figures": "planner.reporting.figures.run_figures",
        "write_html_report": "planner.reporting.html_report",
        "write_market_report": "planner.reporting.market_report",
        "write_national_report": "planner.reporting.national_market_report",
        "write_spreadsheet": "planner.reporting.spreadsheet",
    },
)
