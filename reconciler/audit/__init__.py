"""The journal: every write before it is sent and after it ended, so that no apply can stop half way in silence.

`journal` writes it, `line_file` puts its lines on the disk, `chain` holds them together, `months` knows in which files they are,
`entries` says what they are, and `history` what they say.
"""
