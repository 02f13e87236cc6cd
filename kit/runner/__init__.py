"""Kernels that are ready at once: forks of a process that has imported everything already.

    driver (trusted)                warm process              fork (a learner's code)
    ForkedKernelManager  ──fork──▶  imported, waits  ──────▶  ipykernel's own kernel
          ▲                                                         │
          └──────────── Jupyter messages over one socket ───────────┘

What runs is ipykernel's kernel with IPython's shell; only its sockets are replaced by one
pair. What drives it is nbclient, which takes a kernel manager of any make. So outputs,
tracebacks, magics, awaiting, widgets and time limits are Jupyter's own.
"""
