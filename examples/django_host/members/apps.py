"""The app."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Members of the fund, and how they get back in."""

    name = "members"
