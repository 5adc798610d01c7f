"""Where readers can change what they read: addresses in the repository, and of its editors."""

from urllib.parse import quote, urlencode

from research_brief.settings import Settings


def edit_address(settings: Settings, file: str, line: int) -> str | None:
    """Where the line of a file can be edited in the browser; None if no repository is known."""
    if settings.repo_url is None:
        return None
    where = f"{settings.repo_url.rstrip('/')}/{settings.edit_uri.strip('/')}/{quote(file)}"
    return f"{where}#L{line}"


def report_address(settings: Settings, subject: str, permalink: str) -> str | None:
    """Where a problem can be reported: a prefilled issue, else a mail; None if neither is known.

    `subject` names what is reported (`brief#claim`, or the path of a page), `permalink` is its
    address on the web or empty.
    """
    title = f"Problem: {subject}"
    if settings.repo_url is not None:
        values = {"title": title, "claim": subject, "permalink": permalink}
        escaped = {name: quote(value, safe="") for name, value in values.items()}
        return f"{settings.repo_url.rstrip('/')}/{settings.extra.report_uri.format(**escaped)}"
    if settings.extra.contact is not None:
        body = "\n\n".join(part for part in (permalink or subject, "") if part) + "\n\n"
        fields = urlencode({"subject": title, "body": body}, quote_via=quote)
        return f"mailto:{settings.extra.contact}?{fields}"
    return None
