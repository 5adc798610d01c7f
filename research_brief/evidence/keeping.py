"""What is kept of a source beside its description: its text, and the receipts of its quotations."""

MAX_BYTES = 20_000_000
TEXT = ".txt"


def text_files(id: str) -> tuple[str, str]:
    """Where the text of a source may be kept: closed, and open."""
    return f".sources/{id}{TEXT}", f"content/sources/{id}{TEXT}"
