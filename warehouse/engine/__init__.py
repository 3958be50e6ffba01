"""The embedded ClickHouse: found or installed, configured, run as a background process.

`library` finds it, `identities` says who may do what, `config` renders its files, `process` starts and stops
it, `state` knows whether it runs, `supervisor` is the process that keeps it running and `host` the library's own,
`checks` is what `warehouse doctor` looks at.
"""
