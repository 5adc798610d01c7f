"""Citing a brief or one claim of it: the record, its forms, its styles, the page's metadata.

The record is a CSL-JSON item; all else is made from it, so that no two of them can differ.
"""
