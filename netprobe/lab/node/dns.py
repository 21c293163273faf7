"""The cluster's DNS server, over UDP and TCP, on sockets that were opened inside a pod.

The only door to ``dnslib``.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import cast

from dnslib import CNAME, QTYPE, RCODE, RR, SOA, SRV, A, DNSError, DNSRecord

from netprobe.lab.node.names import Found, resolve
from netprobe.lab.node.pod_plan import CLUSTER_DOMAIN
from netprobe.lab.store.objects import Store

TTL = 5
"""Seconds; clients of a lab see a changed Service soon."""

_MAX_UDP = 1232
_IDLE_SECONDS = 30.0


def answer(query: bytes, store: Store, *, limit: int | None = None) -> bytes | None:
    """The answer to a DNS query; None when the packet is none. Longer than ``limit``: truncated, TC set."""
    try:
        asked = DNSRecord.parse(query)
    except DNSError:
        return None
    if asked.header.qr or not asked.questions:
        return None
    reply = asked.reply(ra=1, aa=1)
    name, kind = str(asked.q.qname), str(QTYPE.get(asked.q.qtype, asked.q.qtype))
    found = resolve(store, name)
    for record in _records(found, name, kind):
        reply.add_answer(record)
    if found is None:
        reply.header.rcode = RCODE.NXDOMAIN
    if not reply.rr:
        reply.add_auth(_authority())
    packed = bytes(reply.pack())
    if limit is not None and len(packed) > limit:
        return bytes(reply.truncate().pack())
    return packed


class DnsServer:
    """A running server; ``close`` gives its sockets back."""

    def __init__(self, transport: asyncio.DatagramTransport, server: asyncio.Server) -> None:
        self._transport = transport
        self._server = server

    async def close(self) -> None:
        """Answer no more."""
        self._transport.close()
        self._server.close()
        await self._server.wait_closed()


async def serve_dns(sockets: tuple[socket.socket, socket.socket], store: Store) -> DnsServer:
    """Serve on a bound UDP and a listening TCP socket, which become the server's."""
    udp, tcp = sockets
    loop = asyncio.get_running_loop()
    udp.setblocking(False)
    transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(store), sock=udp)
    server = await asyncio.start_server(lambda reader, writer: _serve_stream(reader, writer, store), sock=tcp)
    return DnsServer(transport, server)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, store: Store) -> None:
        self._store = store
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._transport is not None and (reply := answer(data, self._store, limit=_MAX_UDP)):
            self._transport.sendto(reply, addr)


async def _serve_stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, store: Store) -> None:
    try:
        with contextlib.suppress(asyncio.IncompleteReadError, TimeoutError, ConnectionError):
            while True:
                async with asyncio.timeout(_IDLE_SECONDS):
                    (length,) = struct.unpack("!H", await reader.readexactly(2))
                    reply = answer(await reader.readexactly(length), store)
                    if reply is None:
                        return
                    writer.write(struct.pack("!H", len(reply)) + reply)
                    await writer.drain()
    finally:
        writer.close()


def _records(found: Found | None, name: str, kind: str) -> list[RR]:
    if found is None:
        return []
    if found.alias:
        return [RR(name, QTYPE.CNAME, ttl=TTL, rdata=CNAME(found.alias))]
    records: list[RR] = []
    if kind in {"A", "ANY"}:
        records += (RR(name, QTYPE.A, ttl=TTL, rdata=A(address)) for address in found.addresses)
    if kind in {"SRV", "ANY"}:
        for port in found.ports:
            records.append(RR(name, QTYPE.SRV, ttl=TTL, rdata=SRV(0, 100, port.port, port.target)))
    return records


def _authority() -> RR:
    """The zone's SOA, with which resolvers remember for a short time that there is nothing."""
    times = (1, 7200, 1800, 86400, TTL)
    soa = SOA(f"ns.dns.{CLUSTER_DOMAIN}", f"hostmaster.{CLUSTER_DOMAIN}", times)
    return RR(CLUSTER_DOMAIN, QTYPE.SOA, ttl=TTL, rdata=soa)
