"""The ClickHouse that all parts share: settings, client, embedded engine, locks, command line."""
