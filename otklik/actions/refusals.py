"""Why the database refuses an action, by the codes of its functions: a sentence each, as a gettext message id."""

from otklik.i18n import N_

REFUSALS = {
    "unseen": N_("There is no such appeal in your territories."),
    "closed": N_("It was closed meanwhile."),
    "changed": N_("It was changed meanwhile."),
    "unassigned": N_("No organisation has been chosen for it: it stays where it is."),
    "holds_it": N_("This organisation holds it already."),
    "territory": N_("This organisation is not in charge of the place that the appeal comes from."),
    "level": N_("This organisation stands above your territories: return the appeal to its coordinator instead."),
    "cap": N_(
        "It was reassigned between equals as often as is allowed: an administrator is asked to allow another transfer."
    ),
    "no_deadline": N_("It has no deadline to extend."),
    "extended": N_("The deadline was extended before: once is all there is."),
    "still_late": N_("The deadline would be over all the same."),
    "not_handed_on": N_("It is with the coordinator already."),
    "same_topic": N_("It has this topic already."),
    "itself": N_("An appeal can't be a duplicate of itself."),
}
"""Why one appeal is refused while the others of the operation go through."""
REFUSALS_WITH_ACTOR = {
    "closed": N_("{who} closed it meanwhile, {when}."),
    "changed": N_("{who} changed it meanwhile, {when}."),
}
"""In place of `REFUSALS` where it is known who changed the appeal, and when."""
REFUSALS_WITH_TIME = {
    "closed": N_("It was closed meanwhile, {when}."),
    "changed": N_("It was changed meanwhile, {when}."),
}
"""In place of `REFUSALS` where only the moment of the change is known."""
FAILURES = {
    "how_many": N_("Choose at least one appeal, and no more than 1,000."),
    "no_reason": N_("Say why: the reason is recorded in the history and in the audit log."),
    "long_reason": N_("A reason has at most 1000 characters."),
    "no_holder": N_("Choose the new responsible organisation."),
    "days": N_("A deadline is extended by 1 to 30 days."),
    "no_notice": N_("The applicant has to be told of an extension: say that they are."),
    "no_topic": N_("Choose a topic of the lowest level."),
    "no_original": N_("There is no appeal of this number in your territories."),
    "not_undoable": N_("This can't be undone by you."),
    "undone": N_("This was undone already."),
    "too_late": N_("The ten minutes in which it could be undone are over."),
    "key_used": N_("Something else was done with this form before: look at its result, and start again."),
}
"""Why the whole operation is refused and nothing is changed."""
