"""Files that need a parser: PDF, Word, PowerPoint, Excel, notebooks, mail.

Every one is treated as hostile. The parsers run in a child process (tools/local/worker.py) that
`pool.py` starts, limits and kills; nothing else may call them.
"""
