"""Post what a pull request means as one comment on it, or bring that comment up to date.

Run by .github/workflows/comment.yml, with a token that may write and the files of a build that
anyone may have made. So these are read as data, cut to size, and go to no pull request but the
one whose newest commit was built. Needs only Python and GitHub's `gh`.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

MARKER = "<!-- research-brief -->"
AUTHOR = "github-actions[bot]"
LONGEST = 60_000  # GitHub takes 65,536 characters


def main() -> str:
    """What was done, in words."""
    review, sha = Path(os.environ["REVIEW"]), os.environ["HEAD_SHA"]
    number = _read(review / "number", 20).strip()
    text = _read(review / "diff.md", LONGEST + 1)
    if not number or not text:
        return "no comment: the build handed nothing over"
    if not re.fullmatch("[1-9][0-9]{0,9}", number):
        return "no comment: what should be the number of a pull request is none"

    repository = f"repos/{os.environ['GITHUB_REPOSITORY']}"
    pull = _gh(f"{repository}/pulls/{number}")
    head = pull["head"]
    built = (sha, os.environ["HEAD_REPOSITORY"])
    if (head["sha"], (head["repo"] or {}).get("full_name")) != built:
        return f"no comment: {sha} is not the newest commit of pull request {number}"

    body = _body(text, sha)
    for page in _gh(f"{repository}/issues/{number}/comments?per_page=100", "--paginate", "--slurp"):
        for comment in page:
            if comment["user"]["login"] == AUTHOR and comment["body"].startswith(MARKER):
                _gh(f"{repository}/issues/comments/{comment['id']}", "--method=PATCH", body=body)
                return f"the comment on pull request {number} is up to date"
    _gh(f"{repository}/issues/{number}/comments", "--method=POST", body=body)
    return f"commented on pull request {number}"


def _body(text: str, sha: str) -> str:
    """The comment; our own words stand first, where nothing in the text can hide them."""
    run = os.environ["RUN_URL"]
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}\n\n… [the rest]({run})"
    return (
        f"{MARKER}\nMade from {sha[:7]}, by its own code. [The artifact `preview-site`]"
        f"({run}#artifacts) is the site with this change: unpack it, open `index.html`.\n\n{text}"
    )


def _read(path: Path, characters: int) -> str:
    """The beginning of a file; nothing if it is missing, or a link that leads elsewhere."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(characters)


def _gh(path: str, *options: str, body: str | None = None) -> Any:
    """What GitHub answers; `body` goes over standard input, never into a command."""
    run = subprocess.run(
        ["gh", "api", path, *options, *(["--input=-"] if body is not None else [])],
        input=None if body is None else json.dumps({"body": body}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode:
        sys.exit(f"gh api {path}: {run.stderr.strip()}")
    return json.loads(run.stdout)


if __name__ == "__main__":
    sys.stdout.write(f"{main()}\n")
