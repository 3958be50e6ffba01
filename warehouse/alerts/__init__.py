"""Alerts: what must be looked at by a person, said once, with its cause and what to do about it.

Rules are declared in `rules/rules.yaml`. One evaluation (`evaluate.evaluate`) looks at all of them, steps their states,
and hands what has changed to the channels. Knows ClickHouse and the home; what else there is to look at comes in as
probes.
"""
