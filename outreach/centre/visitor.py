"""From which network somebody visits, as far as it helps to tell one crowd from another."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.http import HttpRequest

from outreach.conf import conf


def network_of(request: HttpRequest) -> str:
    """The network (IPv4 /24, IPv6 /48) of a visitor; empty where that cannot be told.

    A private address is that of a proxy of ours, behind which everybody looks the same.
    """
    given = str(request.META.get(conf().client_address, "")).rpartition(",")[2].strip()
    try:
        address: IPv4Address | IPv6Address = ip_address(given)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if not address.is_global:
        return ""
    bits = 24 if isinstance(address, IPv4Address) else 48
    return str(ip_network(f"{address}/{bits}", strict=False))
