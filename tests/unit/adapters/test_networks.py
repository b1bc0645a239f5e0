from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from orchestration.adapters.errors import AdapterError
from orchestration.adapters.networks import read_address, tell_addresses
from orchestration.adapters.settings import Networks


def write_database(path: Path, networks: dict[str, dict[str, object]]) -> Path:
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="test")
    for network, about in networks.items():
        writer.insert_network(IPSet([network]), about)
    writer.to_db_file(str(path))
    return path


@pytest.mark.parametrize(
    ("given_text", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("203.0.113.7, 10.0.0.1, 10.0.0.2", "203.0.113.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ('for="[2001:db8::1]:4711"', "2001:db8::1"),
        ("for=203.0.113.7", "203.0.113.7"),
        ("unknown", None),
        ("", None),
        ("300.1.1.1", None),
    ],
)
def test_an_address_is_read_as_proxies_write_it(given_text: str, address: str | None) -> None:
    assert read_address(given_text) == (ip_address(address) if address else None)


@given(st.text())
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = read_address(text)
    assert found is None or ip_address(str(found)) == found


def test_networks_and_countries_are_told_from_either_makers_fields(tmp_path: Path) -> None:
    asn = write_database(
        tmp_path / "asn.mmdb",
        {
            "203.0.113.0/24": {"autonomous_system_number": 64500, "autonomous_system_organization": "Example"},
            "198.51.100.0/24": {"asn": "AS64501"},
        },
    )
    country = write_database(
        tmp_path / "country.mmdb", {"203.0.113.0/24": {"country": {"iso_code": "de"}}, "198.51.100.0/24": {"country_code": "BR"}}
    )
    told = tell_addresses(["203.0.113.7", "198.51.100.9:80", "192.0.2.1", "nobody"], Networks(asn=asn, country=country))
    assert told.to_pylist() == [
        {"given": "203.0.113.7", "address": "203.0.113.7", "prefix": "203.0.113.0/24", "asn": 64500, "country": "DE"},
        {"given": "198.51.100.9:80", "address": "198.51.100.9", "prefix": "198.51.100.0/24", "asn": 64501, "country": "BR"},
        {"given": "192.0.2.1", "address": "192.0.2.1", "prefix": "192.0.2.0/24", "asn": None, "country": None},
        {"given": "nobody", "address": None, "prefix": None, "asn": None, "country": None},
    ]


def test_a_prefix_of_version_6_is_a_48() -> None:
    told = tell_addresses(["2001:db8:1:2::3"], Networks())
    assert told["prefix"].to_pylist() == ["2001:db8:1::/48"]


def test_nothing_to_tell_is_an_empty_table() -> None:
    assert tell_addresses([], Networks()).num_rows == 0


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "asn.mmdb"
    path.write_bytes(b"no database")
    with pytest.raises(AdapterError, match=r"asn\.mmdb must be a database of networks"):
        tell_addresses(["203.0.113.7"], Networks(asn=path))
