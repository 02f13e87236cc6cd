"""Timings of what a learner waits for, each beside a peer measured in the same run.

    make bench                          all of it, some minutes
    make bench ARGS="--only check"      one part: start, import, check, finding, lint, …
    make bench ARGS="--only stream --gigabytes 2"    a large CSV; 0.2 GB without the option
    make bench ARGS="--no-clone"        without the clone that is installed from nothing

Absolute times vary with the machine; the ratio to the peer varies less.
"""
