"""The periodic work of the recovery: any number of processes may do it."""

import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from members.recovery import the_recovery
from msa_recovery import InfrastructureError


class Command(BaseCommand):
    """Delivers messages, lets journeys lapse, purges."""

    help = "Deliver messages, let journeys lapse, purge: until it is stopped."

    def handle(self, *args, **options):
        recovery = the_recovery()
        while True:
            try:
                recovery.relay()
                recovery.lapse_due()
                recovery.purge()
            except InfrastructureError as failure:  # nothing is half done: the next round does it
                self.stderr.write(str(failure))
            close_old_connections()
            time.sleep(1)
