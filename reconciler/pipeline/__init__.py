"""The order of the stages, and with `importing` the only place that knows them all.

`check` takes files to checked desired state, `tenants` opens a tenant, `plan` takes both to a plan, `apply` carries plans
out. Commands call these and print what comes back.
"""
