"""What changes for readers between two states of the content: `build.py diff BASE [HEAD]`.

Models are compared, never YAML: moving a key or wrapping a line changes nothing. Whatever an
editor can write is either matched by a rule of its own or compared field by field, so that
nothing changes unnoticed.
"""
