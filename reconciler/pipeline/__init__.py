"""The order of the stages, and the only place that knows them all (design §2).

`check` takes files to checked desired state, `target` opens a tenant, `planning` takes both to a plan, `applying` carries
plans out. Commands call these and print what comes back.
"""
