"""What states, outcomes and entries of the history mean, in the words of the applicant."""

from otklik.i18n import N_

STATUS_SENTENCES = {
    "received": N_("We have your appeal. Somebody will look through it soon."),
    "on_moderation": N_("Your appeal is being looked through before it is passed on."),
    "on_coordination": N_("We are finding the organisation that has to answer you."),
    "in_progress": N_("The organisation named below is working on it."),
    "deferred": N_("The work was put off. It will go on later."),
    "extended": N_("It takes longer than planned: the deadline was extended."),
    "reconsideration": N_("It was taken up again and is being considered once more."),
    "on_approval": N_("The answer is written and is being checked before you get it."),
    "answered": N_("You have been answered."),
    "rejected": N_("Your appeal was not taken on."),
    "withdrawn": N_("Your appeal was withdrawn."),
}
"""By the code of a status."""
OUTCOME_SENTENCES = {
    "resolved": N_("The organisation says that the matter is resolved."),
    "explained": N_("The organisation explained the matter to you."),
    "refused": N_("The organisation refused what you asked for."),
    "rejected": N_("The appeal doesn't meet the rules, and was not considered."),
    "duplicate": N_("There is another appeal about the same matter, which goes on."),
    "referred": N_("The matter was passed to those who are responsible for it."),
    "withdrawn": N_("The appeal was withdrawn, so that nothing was decided."),
}
"""By the code of an outcome."""
EVENT_LABELS = {
    "received": N_("Your appeal came in"),
    "registered": N_("It was registered"),
    "redirected": N_("It was passed to another organisation"),
    "extended": N_("The deadline was extended"),
    "deferred": N_("The work was put off"),
    "answered": N_("You were answered"),
    "rated": N_("You rated the answer"),
    "reopened": N_("It was taken up again"),
}
"""By the kind of an entry; other kinds are internal and not shown."""
VERDICTS = {"yes": N_("Yes"), "partly": N_("In part"), "no": N_("No")}
"""The answers to “Was the matter resolved?”, by code."""
RATINGS = {5: N_("Very good"), 4: N_("Good"), 3: N_("Fair"), 2: N_("Bad"), 1: N_("Very bad")}
