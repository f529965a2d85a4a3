"""Where a request comes from: the peer, or what the host's own proxies say of it (R31)."""

import ipaddress
from collections.abc import Collection

from starlette.requests import Request

from msa_recovery import CallerError, Origin

from .settings import Network

__all__ = ["origin_of"]


def origin_of(request: Request, proxies: Collection[Network]) -> Origin | None:
    """The client's origin; ``None`` where nobody knows it, as on a local socket.

    ``X-Forwarded-For`` is read from its end, as far as the host's own proxies wrote it. An entry that is no address
    ends the reading: the proxy before it is the origin then.
    """
    known = _origin(request.client.host if request.client else "")
    for said in reversed(",".join(request.headers.getlist("x-forwarded-for")).split(",")):
        if known is None or not _is_proxy(known[0], proxies):
            break
        before = _origin(said.strip())
        if before is None:
            break
        known = before
    return None if known is None else known[1]


def _origin(address: str) -> tuple[str, Origin] | None:
    try:
        return address, Origin(address)
    except CallerError:
        return None


def _is_proxy(address: str, proxies: Collection[Network]) -> bool:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return any(ip in network for network in proxies)
