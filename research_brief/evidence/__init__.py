"""Evidence that can be checked: our words, and those of the sources that they stand on.

A source's text is usually not ours to publish. Whoever may hold it compares every quotation
with it (`verifying.py`) and commits receipts (`receipts.py`), which anybody's `check` asks for.
Whether our words say what the quotations say needs no text (`figures.py`, `lexicon.yaml`).
"""
