"""Figures for papers: charts and maps of a finished run as SVG, PNG and PDF."""
