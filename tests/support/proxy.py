"""A TCP proxy before a broker that loses chosen Kafka requests or answers, as a network does."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

# Kafka's numbers of the requests, as its protocol guide gives them.
PRODUCE = 0
ADD_PARTITIONS_TO_TXN = 24
ADD_OFFSETS_TO_TXN = 25
END_TXN = 26
TXN_OFFSET_COMMIT = 28


class Proxy:
    """Passes everything on but requests whose number is in `swallowed`; serves in threads.

    The connection on which the request `cut_at` comes next is cut: before the broker has it, or
    with `lose_answer` after.
    """

    def __init__(self, port: int, target_port: int) -> None:
        self.swallowed: set[int] = set()
        self.cut_at: int | None = None
        self.lose_answer = False
        self._target = ("127.0.0.1", target_port)
        self._server = socket.create_server(("127.0.0.1", port))
        self._sockets: list[socket.socket] = [self._server]

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                broker = socket.create_connection(self._target)
                self._sockets += [client, broker]
                threading.Thread(target=self._requests, args=(client, broker), daemon=True).start()
                threading.Thread(target=_pour, args=(broker, client), daemon=True).start()

    def _requests(self, client: socket.socket, broker: socket.socket) -> None:
        with contextlib.suppress(OSError, struct.error), client.makefile("rb") as stream:
            while head := stream.read(4):
                body = stream.read(struct.unpack(">i", head)[0])
                number = struct.unpack_from(">h", body)[0]
                if number == self.cut_at:
                    self.cut_at = None
                    client.shutdown(socket.SHUT_RDWR)
                    if self.lose_answer:
                        broker.sendall(head + body)
                    break
                if number not in self.swallowed:
                    broker.sendall(head + body)
        with contextlib.suppress(OSError):
            broker.shutdown(socket.SHUT_RDWR)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_RDWR)
