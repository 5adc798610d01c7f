"""Frozen editions: a brief as it was, kept as content of its own and shown at its own address.

`form` is what `edition.yaml` says, `freezing` makes editions, `reading` loads and compares them.
"""
