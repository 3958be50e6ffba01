"""The soak: the whole stack for hours under a steady load, with a process killed every few minutes.

`python -m bench.soak`. `stack` runs the processes and starts dead ones again, `sender` sends and remembers what was
acknowledged, `asker` asks the API all the time, `killer` kills, `sampler` looks at memory and files, `verdict` says
at the end whether anything was lost or doubled, `report` writes it all down.
"""
