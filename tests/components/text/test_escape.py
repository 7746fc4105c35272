"""What people wrote stays text."""

import json

import pydeck as pdk
import pytest

from components.maps import territory_map
from components.text.escape import WORD_JOINER, clean_text, escape_markdown


@pytest.mark.parametrize("name", ["Ханты-Мансийск, ул. Мира — 5%", "Ministry of Roads (North)", "a.b; c's 1.5", "10 %"])
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert escape_markdown(name) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**b** [x](y) ![i](z)", "\\*\\*b\\*\\* \\[x\\](y) \\!\\[i\\](z)"),
        (":red[x] :smile:", f":{WORD_JOINER}red\\[x\\] :{WORD_JOINER}smile:{WORD_JOINER}"),
        ("https://e.example", f"https:{WORD_JOINER}//e.example"),
        ("a@e.example WWW.e.example", f"a@{WORD_JOINER}e.example WWW{WORD_JOINER}.e.example"),
        ("$x$ `c` <b> &amp;", "\\$x\\$ \\`c\\` \\<b\\> \\&amp;"),
        ("a -> b -- c", f"a -{WORD_JOINER}\\> b -{WORD_JOINER}- c"),
        ("12. first", "12\\. first"),
        ("- item", "\\- item"),
        ("one\n\n# two\r\n    three", "one \\# two three"),
    ],
)
def test_a_sign_of_markdown_is_shown_and_not_obeyed(text: str, shown: str) -> None:
    assert escape_markdown(text) == shown


def test_what_can_not_be_seen_shows_as_a_replacement_and_accents_keep_to_their_line() -> None:
    assert escape_markdown("a\u202eb\u2066c\x1bd\ud800") == "a\ufffdb\ufffdc\ufffdd\ufffd"
    assert escape_markdown("e" + "\u0301" * 50 + "x") == "e" + "\u0301" * 4 + "x"


def test_a_long_text_is_cut_and_says_by_how_much() -> None:
    assert escape_markdown("x" * 1000, max_length=10) == "xxxxxxxxxx… (990 more characters)"
    assert clean_text("a\r\n" + "b" * 30, max_length=12) == "a\nbbbbbbbbbb… (20 more characters)"


def test_a_text_on_a_map_is_never_an_expression() -> None:
    layer = pdk.Layer("TextLayer", [{"tip": "@@=alert(1)", "at": [1, 2]}], id="x", get_position="at", get_text="tip")
    drawn = json.loads(territory_map.build_deck([layer], [(0.0, 0.0), (1.0, 1.0)], 100, 100, "light").to_json())[
        "layers"
    ][0]
    assert drawn["data"] == [{"tip": f"{WORD_JOINER}@@=alert(1)", "at": [1, 2]}]
    assert drawn["getPosition"] == "@@=at"
