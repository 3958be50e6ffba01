"""The dashboard page: dashboards declared in YAML, drawn in the browser from the API's own endpoints."""
