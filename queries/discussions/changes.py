"""The functions by which the viewer moderates, answers and decides; each raises DatabaseRefusal."""

from otklik.database.functions.moderation import (
    answer_comment,
    decide_discussion,
    publish_comment,
    record_outcome,
    reject_comment,
)

__all__ = ["answer_comment", "decide_discussion", "publish_comment", "record_outcome", "reject_comment"]
