"""Sources to raw: everything that lets events in. Imports neither Dagster nor FastAPI."""
