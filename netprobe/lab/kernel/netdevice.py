"""Configure the network devices of the present network namespace, over a routing netlink socket.

A pod's init does this itself: an ``ip`` process for each of 300 pods would cost more than the pods.
"""

from __future__ import annotations

import os
import socket
import struct

_NLM_F_REQUEST = 0x1
_NLM_F_ACK = 0x4
_NLM_F_REPLACE = 0x100
_NLM_F_CREATE = 0x400
_NLMSG_ERROR = 0x2
_RTM_NEWLINK = 16
_RTM_NEWADDR = 20
_RTM_NEWROUTE = 24
_RTM_NEWNEIGH = 28

_IFA_LOCAL = 2
_RTA_DST = 1
_RTA_OIF = 4
_RTA_GATEWAY = 5
_NDA_DST = 1
_NDA_LLADDR = 2
_IFF_UP = 0x1
_NUD_PERMANENT = 0x80
_RT_TABLE_MAIN = 254
_RTPROT_STATIC = 4
_RT_SCOPE_UNIVERSE = 0
_RT_SCOPE_LINK = 253
_RTN_UNICAST = 1

Attribute = tuple[int, bytes]


def bring_up(device: str) -> None:
    """Set a device up; raises OSError (ENODEV when there is none)."""
    header = struct.pack("=BxHiII", socket.AF_UNSPEC, 0, socket.if_nametoindex(device), _IFF_UP, _IFF_UP)
    _ask((_RTM_NEWLINK, 0, header, ()))


def join_network(device: str, address: str, gateway: str, gateway_mac: str) -> None:
    """Give ``device`` one IPv4 address and send everything through ``gateway``, which is behind it.

    The gateway's neighbour entry is permanent: no packet waits for an address resolution, and the
    kernel's neighbour table, which all network namespaces share, is not filled by pods. Raises OSError.
    """
    index = socket.if_nametoindex(device)
    own, via = socket.inet_aton(address), socket.inet_aton(gateway)
    mac = bytes.fromhex(gateway_mac.replace(":", ""))
    create = _NLM_F_CREATE | _NLM_F_REPLACE
    bring_up(device)
    _ask(
        (
            _RTM_NEWADDR,
            create,
            struct.pack("=BBBBI", socket.AF_INET, 32, 0, _RT_SCOPE_UNIVERSE, index),
            ((_IFA_LOCAL, own),),
        ),
        (
            _RTM_NEWNEIGH,
            create,
            struct.pack("=BxxxiHBB", socket.AF_INET, index, _NUD_PERMANENT, 0, 0),
            ((_NDA_DST, via), (_NDA_LLADDR, mac)),
        ),
        (_RTM_NEWROUTE, create, _route(32, _RT_SCOPE_LINK), ((_RTA_DST, via), (_RTA_OIF, _u32(index)))),
        (
            _RTM_NEWROUTE,
            create,
            _route(0, _RT_SCOPE_UNIVERSE),
            ((_RTA_GATEWAY, via), (_RTA_OIF, _u32(index))),
        ),
    )


def _route(prefix_length: int, scope: int) -> bytes:
    return struct.pack(
        "=BBBBBBBBI",
        socket.AF_INET,
        prefix_length,
        0,
        0,
        _RT_TABLE_MAIN,
        _RTPROT_STATIC,
        scope,
        _RTN_UNICAST,
        0,
    )


def _ask(*requests: tuple[int, int, bytes, tuple[Attribute, ...]]) -> None:
    """Send each (type, flags, header, attributes) and wait for the kernel's acknowledgement."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        for kind, flags, header, attributes in requests:
            body = header + b"".join(_attribute(*attribute) for attribute in attributes)
            asked = flags | _NLM_F_REQUEST | _NLM_F_ACK
            kernel.send(struct.pack("=IHHII", 16 + len(body), kind, asked, 1, 0) + body)
            answer = kernel.recv(65536)
            _, answer_kind = struct.unpack_from("=IH", answer)
            (error,) = struct.unpack_from("=i", answer, 16)
            if answer_kind == _NLMSG_ERROR and error:
                raise OSError(-error, f"netlink request {kind}: {os.strerror(-error)}")


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def _u32(number: int) -> bytes:
    return struct.pack("=I", number)
