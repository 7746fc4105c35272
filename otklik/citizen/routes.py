"""The routes of the page of applicants: open an appeal, look at it, rate its answer, have it re-opened, leave.

Each form is answered by a redirect to the page, so that reloading sends nothing twice.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import wraps

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from otklik.citizen import visit_request
from otklik.citizen.appeal_view import appeal_view, reopening_deadline
from otklik.citizen.page import html_page
from otklik.citizen.status_texts import RATINGS, VERDICTS
from otklik.citizen.visit_request import VISIT_COOKIE, form_token, visit_token
from otklik.database.access import visits
from otklik.errors import DatabaseUnavailable, QueryTimeout
from otklik.http_request import client_network, language_of
from otklik.i18n import N_, _, current_language, formats, ngettext, set_language
from otklik.pages import CITIZEN_PATH
from otklik.settings import read_settings

BAD_REQUEST, FORBIDDEN, CONFLICT, TOO_MANY, UNAVAILABLE = 400, 403, 409, 429, 503
RETRY_SECONDS = "60"
DONE_MESSAGES = {
    "rating": N_("Thank you. The organisation and those who watch over it see what you said."),
    "reopening": N_("Your appeal was taken up again. It has a new deadline."),
}
Handler = Callable[[Request], Awaitable[Response]]


def _in_own_language(handler: Handler) -> Handler:
    """Answer in the visitor's language, and say so in words where the form or the database fails."""

    @wraps(handler)
    async def handle(request: Request) -> Response:
        set_language(language_of(request))
        try:
            return await handler(request)
        except visit_request.BadForm:
            return _message(BAD_REQUEST, _("This form can't be read. Go back and try again."))
        except (DatabaseUnavailable, QueryTimeout):
            response = _message(UNAVAILABLE, _("The appeals can't be reached right now. Try again in a minute."))
            response.headers["retry-after"] = RETRY_SECONDS
            return response

    return handle


@_in_own_language
async def show(request: Request) -> Response:
    """The appeal of the visit, or the form that opens one."""
    token = visit_token(request)
    appeal = await asyncio.to_thread(visits.visited_appeal, token) if token else None
    if appeal is None:
        return _opening_form(notice=_("You have left.") if "left" in request.query_params else "")
    done = request.query_params.get("done", "")
    return _appeal_page(appeal, token, notice=_(DONE_MESSAGES[done]) if done in DONE_MESSAGES else "")


@_in_own_language
async def open_appeal(request: Request) -> Response:
    """Begin a visit with a number and a secret. Nobody learns whether a number exists."""
    fields = await visit_request.read_form(request)
    number, secret = fields.get("number", ""), fields.get("secret", "")
    if not visit_request.is_same_site(request):
        return _opening_form(FORBIDDEN, problem=_("Open this page itself, and fill in the form there."))
    client = client_network(request)
    opening = await asyncio.to_thread(visits.open_visit, number, secret, client)
    if opening.retry_seconds:
        minutes = math.ceil(opening.retry_seconds / 60)
        response = _opening_form(
            TOO_MANY,
            problem=ngettext(
                "Too many attempts. Try again in {n} minute.", "Too many attempts. Try again in {n} minutes.", minutes
            ).format(n=formats.number(minutes)),
        )
        response.headers["retry-after"] = str(opening.retry_seconds)
        return response
    if opening.token is None:
        return _opening_form(
            FORBIDDEN,
            problem=_("There is no appeal with this number and this secret. Compare both with your receipt."),
            number=number,
        )
    response = _to_page()
    is_secure = request.url.scheme == "https" or read_settings().public_url.startswith("https:")
    # A session's cookie: the browser forgets it when it is closed, and the database after half an hour.
    response.set_cookie(
        VISIT_COOKIE, opening.token, path=CITIZEN_PATH, httponly=True, samesite="strict", secure=is_secure
    )
    return response


@_in_own_language
async def rate(request: Request) -> Response:
    """Rate the answer, and say whether it resolved the matter."""
    token, fields = visit_token(request), await visit_request.read_form(request)
    if not token or not visit_request.is_own_form(request, token, fields):
        return _visit_is_over()
    verdict, rating = fields.get("verdict", ""), fields.get("rating", "")
    if verdict not in VERDICTS or rating not in ("", *map(str, RATINGS)):
        return _message(BAD_REQUEST, _("Say whether the matter was resolved, and how good the answer was."))
    change = await asyncio.to_thread(
        visits.rate_answer, token, int(rating) if rating else None, verdict, fields.get("comment", "")
    )
    return _answer_to(
        change, "rating", _("The answer can't be rated now: it was rated before, or is being reconsidered.")
    )


@_in_own_language
async def reopen(request: Request) -> Response:
    """Have an answered appeal taken up again."""
    token, fields = visit_token(request), await visit_request.read_form(request)
    if not token or not visit_request.is_own_form(request, token, fields):
        return _visit_is_over()
    appeal = await asyncio.to_thread(visits.visited_appeal, token)
    if appeal is None:
        return _visit_is_over()
    if not fields.get("reason"):
        return _message(BAD_REQUEST, _("Say what is not resolved."))
    deadline, by_rule = reopening_deadline(appeal, datetime.now(UTC))

    def change_appeal() -> visits.Change:
        return visits.reopen_appeal(token, fields["reason"], deadline, by_rule=by_rule)

    change = await asyncio.to_thread(change_appeal)
    return _answer_to(change, "reopening", _("The appeal can't be taken up again: it was before, or the time is over."))


@_in_own_language
async def leave(request: Request) -> Response:
    """End the visit."""
    token, fields = visit_token(request), await visit_request.read_form(request)
    if not token or not visit_request.is_own_form(request, token, fields):
        return _visit_is_over()
    await asyncio.to_thread(visits.end_visit, token)
    response = _to_page("left=1")
    response.delete_cookie(VISIT_COOKIE, path=CITIZEN_PATH, httponly=True, samesite="strict")
    return response


def citizen_routes() -> list[Route]:
    """The routes; none unless the setting `citizen_page` is on."""
    if not read_settings().citizen_page:
        return []
    return [
        Route(CITIZEN_PATH, show, methods=["GET"]),
        Route(CITIZEN_PATH, open_appeal, methods=["POST"]),
        Route(f"{CITIZEN_PATH}/rating", rate, methods=["POST"]),
        Route(f"{CITIZEN_PATH}/reopening", reopen, methods=["POST"]),
        Route(f"{CITIZEN_PATH}/leave", leave, methods=["POST"]),
    ]


def _answer_to(change: visits.Change, action: str, refusal: str) -> Response:
    if change == "no_session":
        return _visit_is_over()
    return _to_page(f"done={action}") if change == "done" else _message(CONFLICT, refusal)


def _appeal_page(appeal: dict[str, object], token: str, notice: str) -> Response:
    view = appeal_view(appeal, datetime.now(UTC))
    return html_page(
        "appeal.html",
        title=_("Appeal {number}").format(number=view.number),
        view=view,
        form_token=form_token(token),
        notice=notice,
    )


def _opening_form(status: int = 200, **texts: str) -> Response:
    return html_page("follow.html", status, title=_("Follow an appeal"), **texts)


def _visit_is_over() -> Response:
    return _opening_form(FORBIDDEN, problem=_("This visit is over. Enter number and secret again."))


def _message(status: int, problem: str) -> Response:
    return html_page("message.html", status, title=_("This didn't work"), problem=problem)


def _to_page(query: str = "") -> Response:
    parts = filter(None, (f"lang={current_language()}", query))
    return RedirectResponse(
        f"{CITIZEN_PATH}?{'&'.join(parts)}",
        status_code=303,
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )
