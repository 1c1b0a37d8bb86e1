"""What plans cost, whom, and which plan costs all together least: module ``pricing``."""
