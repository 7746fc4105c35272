"""Of one kind are texts that say the same in other words; what the whole topic has more of is no growth of a kind."""

import numpy as np
import pytest

from otklik.detection.cell_tree import Ancestry
from otklik.detection.text_clusters import region_texts
from otklik.detection.text_clusters.groups import similar_groups
from otklik.detection.text_clusters.growth import growth
from otklik.detection.text_clusters.labels import cluster_label
from otklik.detection.text_clusters.lemmas import text_lemmas
from otklik.detection.text_clusters.region_texts import RegionTexts, text_cells
from otklik.detection.text_clusters.vectors import text_vectors

HALF_YEAR = 26 * 7
USUAL = ("Яма на дороге у дома.", "Не горит фонарь.", "Сломан светофор.", "Нет разметки на переходе.")
PLANTED = tuple(f"В школе № {n} не дают горячий обед, {end}." for n, end in enumerate(("опять", "снова", "увы") * 2))


def texts_of(age: list[int], topic: list[int] | None = None, hour: list[int] | None = None) -> RegionTexts:
    count = len(age)
    columns = (range(1, count + 1), topic or [5] * count, [9] * count, [1] * count, age, hour or [0] * count)
    return RegionTexts(*(np.array(column, dtype=np.int64) for column in columns))


def test_lemmas_say_what_a_text_is_about() -> None:
    assert text_lemmas("Яму на улице Ленина, 5 не заделали!") == ("яма", "улица", "заделать")
    assert text_lemmas("It was not collected") == text_lemmas("collection") == ("colle",)
    assert text_lemmas("Kante nisu odvezene već tjedan") == ("kante", "odvez", "tjeda")
    assert text_lemmas("Street Light Outages") == ("stree", "light", "outag")
    assert text_lemmas("My street Washington is dark") == ("stree", "dark")


@pytest.mark.parametrize("texts", [[], [""] * 30, ["одно слово"] * 3, ["!!! 5"] * 30])
def test_texts_without_words_and_few_texts_make_no_group(texts: list[str]) -> None:
    vectors = text_vectors([text_lemmas(body) for body in texts])
    assert similar_groups(vectors, np.ones(len(texts), dtype=bool), 100) == []


def test_a_kind_is_grouped_among_others_and_named_without_personal_data() -> None:
    bodies = [*(body for body in USUAL for _ in range(10)), *PLANTED]
    is_new = np.arange(len(bodies)) >= 20
    groups = similar_groups(text_vectors([text_lemmas(body) for body in bodies]), is_new, 100)
    members = [set(np.flatnonzero(group.is_member).tolist()) for group in groups]
    assert set(range(40, 46)) in members
    label = cluster_label([f"{body} Анна Петрова, +7 912 345-67-89" for body in PLANTED], USUAL * 10)
    assert "горячий обед" in label
    assert not any(word in " ".join(label).lower() for word in ("анна", "петрова", "увы"))
    assert cluster_label(["!", "?"], ["нет"]) == ()


def test_a_pair_of_words_is_named_as_it_is_written_and_a_noun_by_its_dictionary_form() -> None:
    bodies = [f"В школе № {number} не дают горячее питание" for number in range(6)]
    assert cluster_label(bodies, USUAL * 10) == ("горячее питание", "школа")


def test_growth_is_of_the_share_of_a_topic_and_counts_a_batch_once() -> None:
    old = np.repeat(np.arange(14, 14 + HALF_YEAR), 4)
    new = np.repeat(np.arange(7), 8)  # twice as many of all

    def probability(members_of_new: int, batch: int = 0) -> float:
        age = np.concatenate([old, new])
        is_member = np.concatenate([np.arange(len(old)) % 4 == 0, np.arange(len(new)) < members_of_new])
        numbers = np.arange(len(age))
        numbers[len(old) : len(old) + batch] = 0
        return growth(age, np.full(len(age), 5), numbers, is_member, 1.0).probability

    assert probability(14) > 0.2
    assert probability(30) < 1e-3
    assert probability(30, batch=18) > 0.05


def test_a_kind_that_never_was_has_a_usual_range_from_zero() -> None:
    age = np.concatenate([np.repeat(np.arange(14, 14 + HALF_YEAR), 2), np.repeat(np.arange(14), 2)])
    is_member = np.arange(len(age)) >= len(age) - 8
    found = growth(age, np.full(len(age), 5), np.arange(len(age)), is_member, 0.5)
    assert (found.usual_low, found.occasions) == (0, 8)
    assert found.usual_high <= 1
    assert found.probability < 1e-6


def test_a_cell_with_too_many_texts_is_split_by_topic_and_its_history_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = Ancestry({1: None, 2: 1, 3: 1, 5: 2})
    age = [0] * 40 + list(range(14, 14 + HALF_YEAR)) * 2
    topic = [5] * 20 + [3] * 20 + [5] * HALF_YEAR + [3] * HALF_YEAR
    (whole,) = text_cells(texts_of(age, topic), topics)
    assert (whole.topic_id, whole.new_count, whole.old_share) == (1, 40, 1)
    monkeypatch.setattr(region_texts, "MAX_NEW_TEXTS", 30)
    monkeypatch.setattr(region_texts, "MAX_OLD_TEXTS", 91)
    cells = text_cells(texts_of(age, topic), topics)
    assert [(cell.topic_id, cell.new_count, cell.old_share) for cell in cells] == [(2, 20, 0.5), (3, 20, 0.5)]
    monkeypatch.setattr(region_texts, "MAX_NEW_TEXTS", 15)
    assert [(cell.topic_id, cell.new_count) for cell in text_cells(texts_of(age, topic), topics)] == [(3, 15), (5, 15)]
    assert text_cells(texts_of([0] * 40 + [20] * 40), topics) == []
    assert text_cells(texts_of([]), topics) == []


def test_a_batch_is_of_a_known_hour() -> None:
    assert len(set(texts_of([0] * 4, hour=[7, 7, 0, 0]).batches().tolist())) == 3
