"""Everything a person opens: tables, maps, reports and provenance."""
