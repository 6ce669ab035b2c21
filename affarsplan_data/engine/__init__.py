"""Run notebooks in processes forked from a warm parent, without a kernel and without a network.

A *warm parent* is a process that has imported what the notebooks need and does nothing else. A *child* is
forked from it in some milliseconds and runs one notebook: its cells go through the shell of ipykernel, as
in a kernel, so that outputs, errors, counts and times are the same. A child that dies, loops or eats
memory is ended, and nothing of it is left to the next one.

- :class:`affarsplan_data.engine.papermill.WarmForkEngine` is the papermill engine ``affarsplan``.
- :func:`affarsplan_data.engine.pool.run` carries out many tasks, some at a time, within limits.

The package knows nothing of plans, statistics or reports.
"""
