"""The embedded ClickHouse: found or installed, configured, run as a background process.

`library` finds it, `identities` says who may do what, `config` renders its files, `process` starts and stops
it, `state` knows whether it runs, `host` is the child process itself, `checks` is what `warehouse doctor`
looks at.
"""
