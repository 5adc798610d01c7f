"""Evidence: what holds our words to the words of a source, with the source's text and without it.

The word lists of each language are data: `lexicon.yaml`.
"""
