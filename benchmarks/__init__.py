"""Timings of what a learner waits for, each beside a peer measured in the same run.

    make bench                          all of it, some minutes
    make bench ARGS="--only check"      one part: start, import, check, finding, lint, report
    make bench ARGS="--only stream"     a CSV of 2 GB, which runs only when asked for
    make bench ARGS="--no-clone"        without the clone that is installed from nothing

Absolute times vary with the machine; the ratio to the peer varies less.
"""
