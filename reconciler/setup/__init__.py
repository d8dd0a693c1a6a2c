"""First steps: a folder to begin with, and a look at whether everything is in place.

`start` writes files where there are none; `doctor` looks at the files, the environment and the tenant, and changes nothing.
"""
