"""An independent reading of the event and mart contracts, to compare the warehouse with.

Written from the two contract pages alone, in plain Python: nothing here imports the project or looks at its
SQL, so that an agreement between the two is evidence and not an echo.
"""
