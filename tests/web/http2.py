"""A host that speaks nothing but HTTP/2 (RFC 9113), over TLS: one thread a connection."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from threading import Thread

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from h2.exceptions import ProtocolError


class Http2Host:
    """Shows one page at every path, and knows which paths it was asked for."""

    def __init__(self, name: str, address: str, context: ssl.SSLContext, text: str) -> None:
        self.paths: list[str] = []
        self._name = name
        self._body = text.encode()
        self._context = context
        context.set_alpn_protocols(["h2"])
        self._socket = socket.create_server((address, 0))
        Thread(target=self._accept, daemon=True).start()

    def url(self, path: str) -> str:
        """The URL of a path."""
        return f"https://{self._name}:{self._socket.getsockname()[1]}{path}"

    def close(self) -> None:
        """Take no more connections."""
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                Thread(target=self._serve, args=self._socket.accept()[:1], daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with (
            suppress(OSError, ProtocolError),
            plain,
            self._context.wrap_socket(plain, server_side=True) as one,
        ):
            speaker = H2Connection(H2Configuration(client_side=False, header_encoding="ascii"))
            speaker.initiate_connection()
            one.sendall(speaker.data_to_send())
            while data := one.recv(65536):
                for event in speaker.receive_data(data):
                    if isinstance(event, RequestReceived):
                        self._answer(speaker, event)
                one.sendall(speaker.data_to_send())

    def _answer(self, speaker: H2Connection, event: RequestReceived) -> None:
        headers = {str(name): str(value) for name, value in event.headers or ()}
        self.paths.append(headers[":path"])
        assert event.stream_id is not None
        speaker.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/html")])
        speaker.send_data(event.stream_id, self._body, end_stream=True)
