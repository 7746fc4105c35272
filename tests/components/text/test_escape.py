"""What people wrote stays text."""

import json

import pydeck as pdk
import pytest

from components.maps import territory_map
from components.text.escape import JOINER, clean, plain


@pytest.mark.parametrize("name", ["Ханты-Мансийск, ул. Мира — 5%", "Ministry of Roads (North)", "a.b; c's 1.5", "10 %"])
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert plain(name) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**b** [x](y) ![i](z)", "\\*\\*b\\*\\* \\[x\\](y) \\!\\[i\\](z)"),
        (":red[x] :smile:", f":{JOINER}red\\[x\\] :{JOINER}smile:{JOINER}"),
        ("https://e.example", f"https:{JOINER}//e.example"),
        ("a@e.example WWW.e.example", f"a@{JOINER}e.example WWW{JOINER}.e.example"),
        ("$x$ `c` <b> &amp;", "\\$x\\$ \\`c\\` \\<b\\> \\&amp;"),
        ("a -> b -- c", f"a -{JOINER}\\> b -{JOINER}- c"),
        ("12. first", "12\\. first"),
        ("- item", "\\- item"),
        ("one\n\n# two\r\n    three", "one \\# two three"),
    ],
)
def test_a_sign_of_markdown_is_shown_and_not_obeyed(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_what_can_not_be_seen_shows_as_a_replacement_and_accents_keep_to_their_line() -> None:
    assert plain("a\u202eb\u2066c\x1bd\ud800") == "a\ufffdb\ufffdc\ufffdd\ufffd"
    assert plain("e" + "\u0301" * 50 + "x") == "e" + "\u0301" * 4 + "x"


def test_a_long_text_is_cut_and_says_by_how_much() -> None:
    assert plain("x" * 1000, most=10) == "xxxxxxxxxx… (990 more characters)"
    assert clean("a\r\n" + "b" * 30, most=12) == "a\nbbbbbbbbbb… (20 more characters)"


def test_a_text_on_a_map_is_never_an_expression() -> None:
    layer = pdk.Layer("TextLayer", [{"tip": "@@=alert(1)", "at": [1, 2]}], id="x", get_position="at", get_text="tip")
    drawn = json.loads(territory_map.deck([layer], [(0.0, 0.0), (1.0, 1.0)], 100, 100, "light").to_json())["layers"][0]
    assert drawn["data"] == [{"tip": f"{JOINER}@@=alert(1)", "at": [1, 2]}]
    assert drawn["getPosition"] == "@@=at"
