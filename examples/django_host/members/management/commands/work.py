"""The periodic work of the recovery: any number of processes may do it."""

import signal

from django.core.management.base import BaseCommand

from members.directory import MemberDirectory, Reconnected
from members.recovery import composed
from msa_recovery.contrib.worker import Worker


class Command(BaseCommand):
    """Delivers messages, lets journeys lapse, purges, signs over the audit."""

    help = "Deliver messages, let journeys lapse, purge, sign over the audit: until it is stopped."

    def handle(self, *args, **options):
        with composed(Reconnected(MemberDirectory())) as recovery:
            worker = Worker(recovery)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: worker.stop())  # what is under way is finished
            worker.run()
