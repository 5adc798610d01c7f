"""`build.py serve`: a preview of all languages on 127.0.0.1, rebuilt and reloaded on every edit.

The preview has a folder of its own and shows drafts. While the content has faults, the last
good pages stay and a panel on them lists the faults.
"""

import functools
import html
import http.server
import json
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from watchdog import events
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

from research_brief import building, engine, focus, locking, output, reading
from research_brief.options import Options
from research_brief.problems import ProblemsFound, as_text
from research_brief.processes import cores, pool
from research_brief.refusals import Refused

HOST = "127.0.0.1"
WORK, FOCUSED = Path(".cache/serve"), Path(".cache/serve-some")
"""Where the preview of all content is made, and that of some briefs."""
FOLDERS, FILES = ("content", "templates"), ("mkdocs.yml", "hooks.py")
QUIET = 0.03  # seconds without a further edit before a build begins; one that comes later stops it
SLOW = 3
"""Seconds from which on an edit takes too long to be looked at as one writes."""
_STATE = "/.rb/state"

# Asks for the number of the last build and waits for another one; shows the faults it is told.
_SCRIPT = """<script>(()=>{let seen=null;const panel=document.createElement("pre");
panel.id="rb-faults";panel.setAttribute("role","alert");panel.hidden=true;
panel.style.cssText="position:fixed;inset:auto 0 0 0;max-height:50vh;overflow:auto;margin:0;\
z-index:99;padding:1rem 1.5rem;background:#2a1512;color:#ffe9e4;\
font:13px/1.6 monospace;white-space:pre-wrap";
const ask=async()=>{try{const state=await(await fetch("/.rb/state?after="+(seen??""))).json();
if(seen!==null&&state.good!==seen.split("-")[0])return location.reload();
seen=state.good+"-"+state.build;panel.textContent=state.faults;panel.hidden=!state.faults;ask()}
catch{setTimeout(ask,1000)}};document.body.append(panel);ask()})()</script>"""

_WAITING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Research Brief</title>
<body><h1>There is no page yet</h1><p>The content has faults; the page appears when they are
mended.</p><pre>{faults}</pre></body></html>"""


class Preview:
    """The state of a preview: its builds and their faults."""

    def __init__(
        self, root: Path, briefs: Sequence[str] = (), *, strict: bool, say: Callable[[str], None]
    ) -> None:
        """Of all content, or of some briefs with what they name. Raises focus.Missing."""
        self.root, self.say = root, say
        work = FOCUSED if briefs else WORK
        self.options = Options(
            work=work,
            site=work / "site",
            briefs=focus.ids(root, briefs),
            strict=strict,
            drafts=True,
            site_url="",
            pdf=False,
            side_by_side=False,  # what is remembered here, new processes would have to read
        )
        self.workers: Executor | None = None
        self.changed = threading.Condition()
        self.builds = 0
        self.good = 0
        self.faults = ""

    @property
    def site(self) -> Path:
        """The folder that is served."""
        return self.root / self.options.site

    def employ(self) -> None:
        """From now on, have languages made by other processes than the main one's, which stay, and
        remember what they read as this one does; instead of those that were there, if any."""
        if self.workers:
            self.workers.shutdown(wait=False)
        self.workers = pool(cores() - 1, reading.remember) if cores() > 1 else None

    def build(self) -> bool:
        """Build once; a fault is told, and the last good pages stay. Returns False, with nothing
        told, if there was an edit meanwhile."""
        started = time.monotonic()
        faults = ""
        try:
            building.build(self.root, self.options, workers=self.workers)
        except locking.Changed:
            return False
        except ProblemsFound as error:
            faults = as_text(error.problems, self.root)
        except Refused as error:
            faults = str(error)
            if isinstance(error, engine.EngineFailed):
                self.employ()
        except OSError as error:
            faults = output.reason(error)
        except Exception:  # noqa: BLE001 (a fault of ours must not end the preview)
            faults = traceback.format_exc()
        with self.changed:
            self.builds += 1
            self.good += not faults
            self.faults = faults
            self.changed.notify_all()
        took = time.monotonic() - started
        self.say(faults or f"built   in {took:.1f} s")
        if self.builds == 2 and took > SLOW and not self.options.briefs:
            self.say("sooner  python build.py serve ID: a brief alone, with what it names")
        return True

    def state(self, after: str, patience: float = 20) -> dict[str, Any]:
        """The state as soon as it is another one than `after`, or when patience ends."""
        with self.changed:
            self.changed.wait_for(lambda: f"{self.good}-{self.builds}" != after, patience)
            return {"good": str(self.good), "build": self.builds, "faults": self.faults}


EDITS = [
    *(events.FileCreatedEvent, events.FileModifiedEvent, events.FileDeletedEvent),
    *(events.FileMovedEvent, events.DirCreatedEvent, events.DirDeletedEvent, events.DirMovedEvent),
]
"""What is told of a folder. Where everything is told, a build hears of each file that it reads, and
an eighth of its time went into that."""


class _Edits(FileSystemEventHandler):
    """Wakes the builder when a file that matters was changed."""

    def __init__(self, root: Path) -> None:
        self.seen = threading.Event()
        self.observer = Observer()
        # A file that is replaced loses its own watch, so the root is watched for its files.
        self.observer.schedule(self, str(root), event_filter=EDITS)
        self.files = {root / name for name in FILES}
        self.folders = tuple(root / name for name in FOLDERS)
        self.watched: dict[Path, tuple[int, ObservedWatch]] = {}
        self.watch()
        self.observer.start()

    def watch(self) -> None:
        """Watch the folders that are there; one that was made anew has lost its watch."""
        for folder in self.folders:
            there = folder.stat().st_ino if folder.is_dir() else 0
            before, watch = self.watched.get(folder, (0, None))
            if there != before:
                if watch:
                    self.observer.unschedule(watch)
                    del self.watched[folder]
                if there:
                    self.watched[folder] = (
                        there,
                        self.observer.schedule(
                            self, str(folder), recursive=True, event_filter=EDITS
                        ),
                    )

    def on_any_event(self, event: FileSystemEvent) -> None:
        paths = {Path(str(path)) for path in (event.src_path, event.dest_path) if path}
        matters = paths & self.files or any(
            path.is_relative_to(folder) for path in paths for folder in self.folders
        )
        if matters:
            self.seen.set()


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Files of the preview, pages with the reload script, the state, and the 404 page."""

    def __init__(self, preview: Preview, *arguments: Any, **options: Any) -> None:
        self.preview = preview
        super().__init__(*arguments, directory=str(preview.site), **options)

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if self.headers.get("Host", "").rpartition(":")[0] not in {HOST, "localhost"}:
            return self.send_error(403)  # another site's name for this address
        if path == _STATE:
            state = self.preview.state(query.removeprefix("after="))
            return self._send(json.dumps(state).encode(), "application/json")
        file = Path(self.translate_path(path))
        if file.is_dir() and path.endswith("/"):
            file /= "index.html"
        if file.is_dir():
            return super().do_GET()
        if not file.is_file():
            return self._missing()
        if file.suffix == ".html":
            return self._page(file.read_bytes())
        return super().do_GET()

    def _missing(self) -> None:
        page = self.preview.site / "404.html"
        if page.is_file():
            return self._page(page.read_bytes(), 404)
        faults = html.escape(self.preview.faults)
        return self._page(_WAITING.format(faults=faults).encode(), 503)

    def _page(self, page: bytes, status: int = 200) -> None:
        self._send(page.replace(b"</body>", _SCRIPT.encode() + b"</body>"), "text/html", status)

    def _send(self, data: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        pass  # requests are no news


def serve(
    root: Path, port: int, briefs: Sequence[str], *, strict: bool, say: Callable[[str], None]
) -> None:
    """Serve all content, or some briefs with what they name, until the program is ended. Raises
    locking.Busy if the port is taken, and focus.Missing."""
    reading.remember()
    preview = Preview(root, briefs, strict=strict, say=say)
    handler = functools.partial(_Handler, preview)
    try:
        server = http.server.ThreadingHTTPServer((HOST, port), handler)
    except OSError as error:
        raise locking.Busy(f"port {port}: {error.strerror}; try --port") from None
    server.daemon_threads = True
    preview.employ()
    edits = _Edits(root)
    done = preview.build()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(f"serve   http://{HOST}:{server.server_port}/  (Ctrl+C ends it)")
    while True:
        if done:
            edits.seen.wait()
        while edits.seen.is_set():  # let a burst of edits end
            edits.seen.clear()
            time.sleep(QUIET)
        edits.watch()
        done = preview.build()
