"""What the daily figures are expected to be: learnt from a published generation, kept for the builds that follow.

Data flow: `marts_g<N>.watched_metrics` -> `build.trainings`, `build.expectations` -> `anomalies`, `forecasts`.
"""
