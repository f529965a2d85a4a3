"""What a person is answered when a call of the recovery raises, whichever view made it."""

from django.shortcuts import redirect

from msa_recovery import EventNotAccepted, InfrastructureError, JourneyFinished, UnknownAccount, UnknownHandle

from .pages import shown, words


class FaultsMiddleware:
    """Whatever else a view raises is Django's."""

    def __init__(self, get_response):
        self._get_response = get_response

    def __call__(self, request):
        return self._get_response(request)

    def process_exception(self, request, error):
        match error:
            case InfrastructureError():  # a port failed, nothing is half done, and the same form may be sent again
                title, lead = words(request, "trouble", "trouble_lead")
                response = shown(request, "unavailable.html", title=title, lead=lead, status=503)
                response.headers["Retry-After"] = "5"
                return response
            case UnknownHandle() | UnknownAccount():  # a journey that is gone, or an account that was closed meanwhile
                (gone,) = words(request, "notice.gone")
                response = shown(request, "home.html", problem=gone, status=410)
                response.delete_cookie("journey")
                return response
            case EventNotAccepted() | JourneyFinished():  # a form of a step that is over
                return redirect("step")
        return None
