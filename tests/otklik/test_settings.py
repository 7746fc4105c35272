"""What the environment may hold, and what it may not."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from otklik.cli.main import otklik
from otklik.errors import InvalidSetting
from otklik.launcher.startup_checks import startup_error
from otklik.settings import InternalSettings, Settings, libpq_url, read_settings
from queries.metrics.targets import checked_targets
from tests.support.paths import PROJECT_ROOT

VARIABLES = [str(field.validation_alias) for field in Settings.model_fields.values()]


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Reads the settings of an environment with these variables alone."""

    def read(**environ: str) -> Settings:
        for name in (*VARIABLES, "XDG_DATA_HOME"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        return read_settings()

    return read


def test_an_empty_environment_is_the_embedded_server_on_the_usual_port(
    settings_of: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    settings = settings_of(XDG_DATA_HOME="/home/vera/data")
    assert settings.data_folder == Path("/home/vera/data/otklik")
    assert (settings.database_url, settings.app_url, settings.host, settings.port) == (None, None, "127.0.0.1", 8501)


def test_without_a_data_home_the_usual_one_is_taken(
    settings_of: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert settings_of(HOME="/home/vera").data_folder == Path("/home/vera/.local/share/otklik")


def test_root_keeps_data_where_the_servers_user_can_enter(
    settings_of: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert settings_of(XDG_DATA_HOME="/root/data").data_folder == Path("/var/lib/otklik")


def test_a_data_folder_is_relative_to_the_current_folder_or_to_home(settings_of: Callable[..., Settings]) -> None:
    assert settings_of(OTKLIK_DATA="here").data_folder == Path.cwd() / "here"
    assert settings_of(OTKLIK_DATA="~/there", HOME="/home/vera").data_folder == Path("/home/vera/there")


def test_an_empty_variable_counts_as_absent(settings_of: Callable[..., Settings]) -> None:
    assert settings_of(**dict.fromkeys(VARIABLES, "")) == settings_of()


def test_an_empty_internal_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTKLIK_ADDRESS", "")
    monkeypatch.setenv("OTKLIK_DEMO", "postgresql://otklik_app@/otklik")
    assert InternalSettings().screens_url is None
    assert InternalSettings().demo_url == "postgresql://otklik_app@/otklik"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_addresses_of_any_dialect_are_read_as_libpqs(scheme: str, settings_of: Callable[..., Settings]) -> None:
    url = f"{scheme}://a:b@c:1/d?e=f"
    assert libpq_url(url) == "postgresql://a:b@c:1/d?e=f"
    assert settings_of(DATABASE_URL=url).database_url == "postgresql://a:b@c:1/d?e=f"


@pytest.mark.parametrize("url", ["sqlite:///appeals.db", "host=localhost dbname=otklik", "mysql://a/b"])
@pytest.mark.parametrize("variable", ["DATABASE_URL", "OTKLIK_APP_URL"])
def test_another_address_is_refused_with_an_example(
    variable: str, url: str, settings_of: Callable[..., Settings]
) -> None:
    with pytest.raises(InvalidSetting, match=f"^{variable} is .*postgresql://user:password@host:5432/otklik"):
        settings_of(**{variable: url})


@pytest.mark.parametrize("variable", ["DATABASE_URL", "OTKLIK_APP_URL", "OTKLIK_SMTP_URL"])
def test_no_password_is_in_an_error_or_its_causes(variable: str, settings_of: Callable[..., Settings]) -> None:
    with pytest.raises(InvalidSetting) as caught:
        settings_of(**{variable: "mysql://vera:open-sesame@db/otklik", "OTKLIK_MAIL_FROM": "otklik@example.org"})
    assert "sesame" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert "sesame" not in str(caught.value.__context__)


@pytest.mark.parametrize("port", ["1", "65535"])
def test_the_first_and_the_last_port_are_taken(port: str, settings_of: Callable[..., Settings]) -> None:
    assert settings_of(PORT=port).port == int(port)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8501 ", "²"])
def test_another_port_is_refused(port: str, settings_of: Callable[..., Settings]) -> None:
    with pytest.raises(InvalidSetting, match="from 1 to 65535"):
        settings_of(PORT=port)


@pytest.mark.parametrize("hours", ["0", "-1", "soon", "nan", "721"])
def test_a_sign_in_counts_for_some_hours(hours: str, settings_of: Callable[..., Settings]) -> None:
    assert settings_of(OTKLIK_SIGN_IN_HOURS="0.5").sign_in_hours == 0.5
    with pytest.raises(InvalidSetting, match="OTKLIK_SIGN_IN_HOURS"):
        settings_of(OTKLIK_SIGN_IN_HOURS=hours)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"OTKLIK_SMTP_URL": "mail.example.org"}, "OTKLIK_SMTP_URL should look like"),
        ({"OTKLIK_SMTP_URL": "smtp://mail:many"}, "OTKLIK_SMTP_URL should look like"),
        ({"OTKLIK_SMTP_URL": "smtp://"}, "OTKLIK_SMTP_URL should look like"),
        ({"OTKLIK_SMTP_URL": "smtp://mail", "OTKLIK_MAIL_FROM": ""}, "OTKLIK_MAIL_FROM says who writes"),
        ({"OTKLIK_MAIL_FROM": "o@example.org\nBcc: x"}, "OTKLIK_MAIL_FROM says who writes"),
        ({"OTKLIK_MAIL_MINUTES": "0"}, "it should be a number from 1 to 10080"),
        ({"OTKLIK_MAIL_MINUTES": "10081"}, "it should be a number from 1 to 10080"),
    ],
)
def test_mail_settings_that_cant_be_used(
    environ: dict[str, str], message: str, settings_of: Callable[..., Settings]
) -> None:
    with pytest.raises(InvalidSetting, match=message):
        settings_of(**{"OTKLIK_SMTP_URL": "smtp://mail", "OTKLIK_MAIL_FROM": "o@example.org", **environ})


def test_the_page_of_settings_is_up_to_date() -> None:
    printed = CliRunner().invoke(otklik, ["settings"]).output
    page = (PROJECT_ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == printed, "run `make docs`"
    assert all(f"`{name}`" in page for name in (*VARIABLES, "OTKLIK_ADDRESS", "OTKLIK_DEMO"))


def test_targets_are_figures_and_numbers(settings_of: Callable[..., Settings]) -> None:
    assert settings_of().targets == {"satisfaction": 0.6, "answer_mean": 8.0}
    targets = settings_of(OTKLIK_TARGETS="satisfaction=65%, answer_mean = 7.5,on_time_rate=0.95").targets
    assert targets == {"satisfaction": 0.65, "answer_mean": 7.5, "on_time_rate": 0.95}
    assert checked_targets(Settings(targets=targets)) == targets


@pytest.mark.parametrize(
    "text", ["satisfaction", "satisfaction=", "=5", "satisfaction=-1", "answer_mean=nan", "a=inf", ","]
)
def test_a_target_that_is_none_is_named(settings_of: Callable[..., Settings], text: str) -> None:
    with pytest.raises(InvalidSetting, match="OTKLIK_TARGETS"):
        settings_of(OTKLIK_TARGETS=text)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ({"happiness": 0.6}, "names 'happiness', which can't have a target"),
        ({"received": 100.0}, "names 'received'"),
        ({"open": 100.0}, "names 'open'"),
        ({"satisfaction": 60.0}, "a share: write 60%"),
    ],
)
def test_only_figures_with_a_better_side_have_targets(targets: dict[str, float], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        startup_error(Settings(targets=targets))
