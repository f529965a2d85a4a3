"""The periodic work of the recovery on Celery: relay, lapse, purge and checkpoint, by beat's schedule."""

import os
from datetime import timedelta
from pathlib import Path

from celery import Celery
from service import recovery

from msa_recovery.contrib.celery_tasks import add_tasks

app = Celery("service", broker=os.environ.get("BROKER", "filesystem://"))
app.conf.worker_redirect_stdouts = False  # the messages are printed as they are
if app.conf.broker_url == "filesystem://":  # a folder in place of a broker, for trying it
    app.conf.broker_transport_options = {
        "data_folder_in": "broker",
        "data_folder_out": "broker",
        "control_folder": "broker",
    }
    Path("broker").mkdir(exist_ok=True)

add_tasks(app, recovery, relay=timedelta(seconds=1))
