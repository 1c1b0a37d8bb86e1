"""Charts: each picture is one function of its data, a language, and a look: screen or paper."""
