"""What a column or table is: described once, checked, written, and read in any language."""
