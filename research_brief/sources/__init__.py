"""From files to sources and drafts: `source add`, `source show`, `new brief`.

A file is read as text (`reading.py`) and cut into pieces (`plain_text.py`, `web_page.py`, and
`pdf_file.py` with `layout.py`), which become title, headings, paragraphs and furniture
(`pieces.py`).
"""
