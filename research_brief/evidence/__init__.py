"""Evidence that can be checked: the words of a source, compared with the quotations of a brief.

A source's text is usually not ours to publish. Whoever may hold it compares every quotation
with it (`verifying.py`) and commits receipts (`receipts.py`), which anybody's `check` asks for.
"""
