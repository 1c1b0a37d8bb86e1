"""The workbench: a page of one's own machine on a folder of studies and runs."""
