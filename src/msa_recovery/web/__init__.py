"""The pages of the journey, as an ASGI application that a service mounts under any path, or that runs alone.

``app.mount("/recovery", recovery_app(recovery))``. It speaks with the library by its public names alone; what belongs
to the host (its own sign-in, its session) comes in as a :class:`Site`. Needs the extra ``web``.
"""

from .app import recovery_app
from .settings import Settings
from .site import Site, StandIn

__all__ = ["Settings", "Site", "StandIn", "recovery_app"]
