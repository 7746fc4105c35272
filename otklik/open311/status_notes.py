"""What states and outcomes mean, in words for somebody who reads of another person's appeal."""

from otklik.i18n import N_

STATUS_NOTES = {
    "on_coordination": N_("The organisation that has to answer is being found."),
    "in_progress": N_("An organisation is working on it."),
    "deferred": N_("The work was put off, and will go on later."),
    "extended": N_("It takes longer than planned: the deadline was extended."),
    "reconsideration": N_("It was taken up again, and is being considered once more."),
    "on_approval": N_("The answer is written, and is being checked."),
    "answered": N_("The applicant was answered."),
    "withdrawn": N_("The applicant withdrew it."),
}
"""By the code of a status; appeals that no moderator has looked through aren't public."""
OUTCOME_NOTES = {
    "resolved": N_("The organisation says that the matter is resolved."),
    "explained": N_("The organisation explained the matter."),
    "refused": N_("The organisation refused what was asked for."),
    "rejected": N_("It doesn't meet the rules, and was not considered."),
    "duplicate": N_("There is another appeal about the same matter, which goes on."),
    "referred": N_("The matter was passed to those who are responsible for it."),
}
"""By the code of an outcome."""
