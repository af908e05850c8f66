"""Glue whose job runs are child processes: the job's stand-in, with the arguments as `--key value`."""

import time
import uuid

from localstack.aws.api import CommonServiceException
from localstack.aws.skeleton import Skeleton
from localstack.aws.spec import load_service
from localstack.services.plugins import Service, aws_provider

from local_process import run, stand_in

jobs = {}
runs = {}


@aws_provider()
def glue():
    operations = {"CreateJob": create_job, "StartJobRun": start_job_run, "GetJobRun": get_job_run}
    return Service("glue", skeleton=Skeleton(load_service("glue"), operations))


def create_job(context, request):
    jobs[request["Name"]] = request
    return {"Name": request["Name"]}


def start_job_run(context, request):
    name = request["JobName"]
    job = find(jobs, name)
    arguments = {**job.get("DefaultArguments", {}), **request.get("Arguments", {})}
    started = {
        "Id": f"jr_{uuid.uuid4().hex}",
        "JobName": name,
        "JobRunState": "RUNNING",
        "Arguments": arguments,
        "StartedOn": time.time(),
    }

    def when_ended(code):
        if code != 0:
            started["ErrorMessage"] = f"exit code {code}"
        started.update(JobRunState="SUCCEEDED" if code == 0 else "FAILED", CompletedOn=time.time())

    flat = [text for argument in arguments.items() for text in argument]
    run(stand_in(name), flat, {}, context.region, when_ended)
    runs[started["Id"]] = started
    return {"JobRunId": started["Id"]}


def get_job_run(context, request):
    return {"JobRun": find(runs, request["RunId"])}


def find(records, name):
    if name not in records:
        raise CommonServiceException("EntityNotFoundException", f"{name} not found", sender_fault=True)
    return records[name]
