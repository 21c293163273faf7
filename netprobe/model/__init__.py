"""The nouns of netprobe: frozen dataclasses and enums, without behaviour that two opinions could share."""
