"""What the API tells those who run it: request ids, logs, metrics, traces, and its own requests as events."""

#: Variable that names the folder in which several processes add up what they count; read by prometheus-client when it
#: is imported, so that it must be set before.
SHARED_METERS = "PROMETHEUS_MULTIPROC_DIR"
