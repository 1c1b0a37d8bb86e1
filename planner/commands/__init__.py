"""Commands of the command line, thin: parse, call the study or a room, print."""
