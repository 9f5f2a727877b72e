"""The words every room shares, and nothing else: values, events, errors; standard library only."""
