"""The network, country and prefix of an address, told before the address is hashed.

Belongs here: reading addresses as people's proxies write them, and looking them up in database files that the provider supplies.
"""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import maxminddb
import pyarrow as pa

from orchestration.adapters.errors import AdapterError
from orchestration.adapters.settings import Networks

PREFIX_BITS = {4: 24, 6: 48}
"""What of an address one network is taken to hold: the contract's /24 and /48."""
TOLD = {"ip_hash": ("ip_prefix_hash", "asn", "country"), "signup_ip_hash": ("", "signup_asn", "signup_country")}
"""Landing columns that hold an address until they are hashed, with the columns that are told from it; '' is none."""
SCHEMA = pa.schema(
    [("given", pa.string()), ("address", pa.string()), ("prefix", pa.string()), ("asn", pa.int64()), ("country", pa.string())]
)


def read_address(given: str) -> IPv4Address | IPv6Address | None:
    """Return the client's address in a text, None where there is none.

    Understood are the first of a list of forwarders (RFC 7239 and its forerunner), a port behind the address, brackets, a zone,
    and IPv4 inside IPv6.
    """
    text = given.split(",", 1)[0].strip().strip('"').lower().removeprefix("for=").strip('"')
    if text.startswith("["):
        text = text[1:].split("]", 1)[0]
    elif text.count(":") == 1:
        text = text.split(":", 1)[0]
    try:
        found = ip_address(text.split("%", 1)[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def tell_addresses(given: Iterable[str], networks: Networks) -> pa.Table:
    """Return for each given text (`SCHEMA`) its address and prefix in one spelling, its network number and country.

    A text that holds no address has none of them; what no database file knows is NULL.
    """
    rows: list[tuple[str, str | None, str | None, int | None, str | None]] = []
    with ExitStack() as stack:
        asn, country = (_opened(path, stack) for path in (networks.asn, networks.country))
        for text in given:
            address = read_address(text)
            if address is None:
                rows.append((text, None, None, None, None))
                continue
            prefix = ip_network((address, PREFIX_BITS[address.version]), strict=False)
            rows.append((text, str(address), str(prefix), _number(asn, address), _country(country, address)))
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    return pa.table([pa.array(values, field.type) for values, field in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)


def _opened(path: Path | None, stack: ExitStack) -> maxminddb.Reader | None:
    if path is None:
        return None
    try:
        return stack.enter_context(maxminddb.open_database(path))
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        raise AdapterError(f"{path} must be a database of networks in MaxMind's format (.mmdb) and is not: {error}") from error


def _found(reader: maxminddb.Reader | None, address: IPv4Address | IPv6Address) -> Mapping[str, Any]:
    if reader is None or (address.version == 6 and reader.metadata().ip_version == 4):
        return {}
    found = reader.get(address)
    return found if isinstance(found, Mapping) else {}


def _number(reader: maxminddb.Reader | None, address: IPv4Address | IPv6Address) -> int | None:
    """Return the autonomous system's number: MaxMind's field, or `asn` as `AS123` as other makers write it."""
    found = _found(reader, address)
    number = found.get("autonomous_system_number", found.get("asn"))
    digits = str(number).upper().removeprefix("AS") if number is not None else ""
    return int(digits) if digits.isdecimal() else None


def _country(reader: maxminddb.Reader | None, address: IPv4Address | IPv6Address) -> str | None:
    """Return the country's code: MaxMind's nested field, or `country_code` as other makers write it."""
    found = _found(reader, address)
    nested = found.get("country")
    code = nested.get("iso_code") if isinstance(nested, Mapping) else found.get("country_code")
    return str(code).upper() if code else None
