import pandas as pd

from components.filters.select import INDENT, indented_labels, subtree

TREE = pd.DataFrame(
    [("RU", "Russia", None), ("RU-UFO", "Urals", "RU"), ("RU-KHM", "Ugra", "RU-UFO"), ("HR", "Croatia", None)],
    columns=["code", "name", "parent"],
)


def test_a_level_stands_further_in() -> None:
    assert indented_labels(TREE) == {
        "RU": "Russia",
        "RU-UFO": f"{INDENT}Urals",
        "RU-KHM": f"{INDENT}{INDENT}Ugra",
        "HR": "Croatia",
    }


def test_a_list_without_parents_has_one_level() -> None:
    assert indented_labels(TREE[["code", "name"]])["RU-KHM"] == "Ugra"


def test_a_viewer_sees_their_territories_and_what_is_below() -> None:
    assert list(subtree(TREE, ("RU-UFO",))["code"]) == ["RU-UFO", "RU-KHM"]
    assert list(subtree(TREE, ())["code"]) == list(TREE["code"])
    assert subtree(TREE, ("FR",)).empty
