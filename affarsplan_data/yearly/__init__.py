"""The run that nobody watches: fetch, check, report, publish and prune, with a log and a summary."""
