"""The real yaml-language-server over stdio: the server that editors run, given what an editor gives it and no settings."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

VERSION = "1.25.0"  # the last that runs on Node 20 too
SECONDS = 30


def installed(shared: Path) -> Path:
    """The server's script, installed below `shared` where it is not there yet; several processes may ask at once."""
    folder = shared / f"yaml-language-server-{VERSION}"
    if not folder.exists():
        fresh = Path(tempfile.mkdtemp(dir=shared))
        command = ["npm", "install", "--prefix", str(fresh), "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
        done = subprocess.run([*command, f"yaml-language-server@{VERSION}"], capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()
        try:
            fresh.rename(folder)
        except OSError:
            assert folder.exists()  # another process was quicker
    return folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"


class LanguageServer:
    """A client of the server, for files of one folder. Lines and columns count from 1, as in messages of Gatewright."""

    def __init__(self, script: Path, folder: Path) -> None:
        self.folder = folder
        self._count = 0
        self._diagnostics: dict[str, list[Any]] = {}
        self._incoming: queue.Queue[Any] = queue.Queue()
        self._process = subprocess.Popen(
            ["node", str(script), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        threading.Thread(target=self._read, daemon=True).start()
        document = {"hover": {"contentFormat": ["markdown"]}, "completion": {"completionItem": {"snippetSupport": True}}}
        capabilities = {"textDocument": document | {"publishDiagnostics": {}}}
        self._ask("initialize", {"processId": os.getpid(), "rootUri": folder.as_uri(), "capabilities": capabilities})
        self._send({"method": "initialized", "params": {}})

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()

    def diagnostics(self, text: str) -> list[Any]:
        """What is marked in a file that is opened with this text."""
        address = self._open(text)
        while address not in self._diagnostics:
            self._handle(self._incoming.get(timeout=SECONDS))
        return self._diagnostics[address]

    def completions(self, text: str) -> dict[str, Any]:
        """What is offered at the `|` in `text`, by label."""
        before, _, after = text.partition("|")
        place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        found = self._at("completion", self._open(before + after), place)
        return {item["label"]: item for item in found["items"]}

    def hovers(self, text: str, places: list[tuple[int, int]]) -> list[str]:
        """What is shown at each place of a file."""
        address = self._open(text)
        return [(self._at("hover", address, place) or {"contents": {"value": ""}})["contents"]["value"] for place in places]

    def _at(self, what: str, address: str, place: tuple[int, int]) -> Any:
        position = {"line": place[0] - 1, "character": place[1] - 1}
        return self._ask(f"textDocument/{what}", {"textDocument": {"uri": address}, "position": position})

    def _open(self, text: str) -> str:
        self._count += 1  # a file of its own each time: the server keeps what it has seen
        path = self.folder / f"{self._count}.yaml"
        path.write_text(text, "utf-8")
        address = path.as_uri()
        opened = {"uri": address, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": opened}})
        return address

    def _ask(self, method: str, params: Any) -> Any:
        self._count += 1
        number = self._count
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._incoming.get(timeout=SECONDS)
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._handle(message)

    def _handle(self, message: Any) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:  # it asks for settings, and there are none
            items = message["params"].get("items") if isinstance(message["params"], dict) else None
            self._send({"id": message["id"], "result": [None] * len(items) if items else None})

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0"} | message).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream
        while True:
            length = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                return
            self._incoming.put(json.loads(stream.read(length)))
