"""Secrets by name: filled in when a data source runs, and taken out of what is said about it."""

from pathlib import Path

import pytest

from otklik.data_sources.kinds.database import filled_address, parsed_address
from otklik.data_sources.model import DataSourceError
from otklik.data_sources.secrets import SecretValues


def test_names_are_filled_and_their_values_masked(tmp_path: Path) -> None:
    secrets = SecretValues({"CITY_USER": "reader", "CITY_PASSWORD": "p@ss/w:rd", "SHORT": "abc"})
    address = filled_address(parsed_address("mysql://${CITY_USER}:${CITY_PASSWORD}@host/311"), secrets)
    assert (address.drivername, address.username, address.password) == ("mysql+pymysql", "reader", "p@ss/w:rd")
    (tmp_path / "secret").write_text("from a file\nand more\n")
    assert secrets.of_file(tmp_path / "secret") == "from a file"
    assert secrets.fill("${SHORT}") == "abc"
    assert secrets.mask("reader used p@ss/w:rd,\nfrom a file, abc") == "*** used ***, ***, abc"


def test_paths_of_keys_may_stand_in_an_address() -> None:
    address = parsed_address("mysql://reader:${CITY_PASSWORD}@host/311?ssl_key=/etc/city/key.pem")
    assert address.query == {"ssl_key": "/etc/city/key.pem"}


@pytest.mark.parametrize("content", [None, "", "\nsecond line"])
def test_a_password_file_without_a_password_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "secret").write_text(content)
    with pytest.raises(DataSourceError, match="password file"):
        SecretValues().of_file(tmp_path / "secret")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://reader:secret@host/city",
        "postgresql://reader:x${CITY}@host/city",
        "mssql+pyodbc://reader@host/city?driver=x&PWD=secret",
        "mssql+pyodbc:///?odbc_connect=DSN%3Dcity%3BPWD%3Dsecret",
        "oracle://reader@host/city?wallet_password=secret",
        "no address",
    ],
)
def test_an_address_with_a_secret_in_it_is_refused_without_naming_it(address: str) -> None:
    with pytest.raises(DataSourceError) as refusal:
        parsed_address(address)
    assert "secret@" not in str(refusal.value)
    assert "=secret" not in str(refusal.value)
