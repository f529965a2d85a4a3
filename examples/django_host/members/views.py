"""A sign-in of Django's own, and behind it the journey. Nothing here runs in the request's transaction; what a call of
the recovery raises is answered by ``members.faults``."""

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model, login, logout
from django.db.transaction import non_atomic_requests
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from msa_recovery import Problem, Reply, Secret, UnknownAccount
from msa_recovery.contrib.forms import forms_of
from msa_recovery.contrib.inputs import input_of
from msa_recovery.texts import problem_text, state_lead, state_title

from .directory import people
from .pages import shown, words
from .recovery import caller_of, language_of, the_recovery

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


# -- the usual sign-in -------------------------------------------------------------------------------------------------


@never_cache
@require_GET
def home(request):
    return shown(request, "space.html" if request.user.is_authenticated else "home.html")


@sensitive_post_parameters()
@require_POST
@non_atomic_requests
def sign_in(request):
    identifier, password = request.POST.get("identifier", ""), request.POST.get("password", "")
    recovery, caller = the_recovery(), caller_of(request)
    member = authenticate(request, username=identifier, password=password)  # the usual check comes first
    if member is not None:
        try:  # are there contact details to confirm? An agent has none.
            pending = None if member.is_staff else recovery.pending(member.key, caller)
        except UnknownAccount:  # closed since the check
            return refused(request)
        return opened(request, member) if pending is None else under_way(pending)
    match recovery.sign_in(identifier, password, caller):  # then: is it a temporary password?
        case Reply() as reply:
            return under_way(reply)
        case Problem() as problem:
            return shown(request, "home.html", problem=said(request, problem), status=429)
        case None:
            return refused(request)


def refused(request):
    (problem,) = words(request, "sign_in_refused")
    return shown(request, "home.html", problem=problem, status=401)


def opened(request, member):
    """Django's session. A second factor would be asked for here."""
    if member.first_sign_in:
        get_user_model().objects.filter(pk=member.pk).update(first_sign_in=False)
    login(request, member, backend=BACKEND)
    response = redirect("home")
    response.delete_cookie("journey")
    return response


@require_POST
def sign_out(request):
    logout(request)
    return redirect("home")


# -- the journey -------------------------------------------------------------------------------------------------------


@require_POST
@non_atomic_requests
def forgotten(request):
    return under_way(the_recovery().begin(caller_of(request)))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@non_atomic_requests
def step(request):
    recovery, caller = the_recovery(), caller_of(request)
    handle = Secret(request.COOKIES.get("journey", ""))
    if request.method == "GET":
        return step_shown(request, recovery.resume(handle, caller))
    event = input_of(request.POST.get("event", ""), request.POST)
    if event is None:
        return HttpResponseBadRequest()
    reply = recovery.send(handle, event, caller)
    if reply.account is not None:  # the journey came to its good end: the host opens its session
        return opened(request, member_of(reply.account))
    return under_way(reply) if reply.view.problem is None else with_handle(step_shown(request, reply), reply)


def member_of(account):
    member = people().filter(key=account).first()
    if member is None:
        raise UnknownAccount
    return member


def under_way(reply):
    return with_handle(redirect("step"), reply)


def with_handle(response, reply):
    """The handle goes where only this person's browser has it: not into Django's session, which is in the database."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie("journey", reply.handle.reveal(), httponly=True, samesite="Lax", secure=secure)
    return response


def step_shown(request, reply):
    view, language = reply.view, language_of(request)
    return shown(
        request,
        "step.html",
        title=state_title(view.chart, view.state, language),
        lead=state_lead(view, the_recovery().policy, language),
        problem=said(request, view.problem) if view.problem else None,
        forms=forms_of(view, language),
        help=view.help,
    )


def said(request, problem):
    recovery = the_recovery()
    return problem_text(problem, language_of(request), now=recovery.now(), policy=recovery.policy)
