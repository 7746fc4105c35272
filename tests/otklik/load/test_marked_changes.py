"""A viewer has seen a marked change once its page counts as many arrivals as there were with that change."""

from otklik.load.marked_changes import ChangeViewer, MarkedChange
from otklik.load.measurements import Measurements


def test_a_change_is_seen_with_the_first_picture_that_counts_it() -> None:
    measurements, changes = Measurements(), [MarkedChange(1.0, 1)]
    viewer = ChangeViewer(changes, measurements)
    changes.append(MarkedChange(10.0, 3))
    viewer.see(2, 10.2)
    assert measurements.change_delays == []
    viewer.see(3, 10.75)
    viewer.see(4, 11.0)
    assert measurements.change_delays == [0.75]


def test_a_picture_may_show_several_changes_at_once() -> None:
    measurements, changes = Measurements(), list[MarkedChange]()
    viewer = ChangeViewer(changes, measurements)
    changes += [MarkedChange(10.0, 1), MarkedChange(12.0, 5), MarkedChange(14.0, 9)]
    viewer.see(6, 13.0)
    assert measurements.change_delays == [3.0, 1.0]


def test_what_was_never_seen_is_counted_at_the_end_and_once() -> None:
    measurements, changes = Measurements(), list[MarkedChange]()
    viewer = ChangeViewer(changes, measurements)
    changes += [MarkedChange(10.0, 1), MarkedChange(12.0, 2)]
    viewer.see(1, 10.5)
    viewer.finish()
    viewer.finish()
    assert measurements.unseen_changes == 1
