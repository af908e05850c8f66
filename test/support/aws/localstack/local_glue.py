"""Glue whose job runs are child processes: the job's stand-in, with the arguments as `--key value`."""

import re
import tempfile
import threading
import time
import uuid
from pathlib import Path

from localstack.aws.api import CommonServiceException
from localstack.aws.connect import connect_to
from localstack.aws.skeleton import Skeleton
from localstack.aws.spec import load_service
from localstack.services.plugins import Service, aws_provider

from local_process import credentials_of, public, run, stand_in

jobs = {}
runs = {}

# Glue's own, where a job says nothing.
CONCURRENT_RUNS = 1
TIMEOUT_MINUTES = 480
PAGE = 200
# How a Python program begins the last line of what it dies of; in a job's run it is the message.
EXCEPTION = re.compile(r"[\w.]*(Exception|Error): ")


@aws_provider()
def glue():
    operations = {
        "CreateJob": create_job,
        "StartJobRun": start_job_run,
        "GetJobRun": get_job_run,
        "GetJobRuns": get_job_runs,
        "BatchStopJobRun": batch_stop_job_run,
    }
    return Service("glue", skeleton=Skeleton(load_service("glue"), operations))


def create_job(context, request):
    jobs[request["Name"]] = request
    return {"Name": request["Name"]}


def start_job_run(context, request):
    name = request["JobName"]
    job = find_job(name)
    most = int(job.get("ExecutionProperty", {}).get("MaxConcurrentRuns", CONCURRENT_RUNS))
    if sum(is_alive(started) for started in runs_of(name)) >= most:
        raise failure("ConcurrentRunsExceededException", f"Concurrent runs exceeded for {name}")
    minutes = request.get("Timeout") or int(job.get("Timeout", TIMEOUT_MINUTES))
    given = {key: request[key] for key in ("WorkerType", "NumberOfWorkers", "Arguments") if key in request}
    started = {
        "Id": f"jr_{uuid.uuid4().hex}",
        "Attempt": 0,
        "JobName": name,
        "JobRunState": "RUNNING",
        "Timeout": minutes,
        "StartedOn": time.time(),
        **given,
    }

    def when_ended(code):
        timer.cancel()
        ended = {"STOPPING": "STOPPED", "RUNNING": "SUCCEEDED" if code == 0 else "FAILED"}
        state = "TIMEOUT" if started.get("_late") else ended[started["JobRunState"]]
        if state == "FAILED":
            started["ErrorMessage"] = next(filter(EXCEPTION.match, reversed(said)), f"exit code {code}").rstrip("\n")
        started.update(JobRunState=state, CompletedOn=time.time())

    def give_up():
        started["_late"] = True
        started["_process"].kill()

    said = []
    credentials = credentials_of(role_of(job, context), "glue", context.region)
    script = fetched(job["Command"].get("ScriptLocation"), context, credentials)
    program = stand_in(f"job/{name}")
    timer = threading.Timer(minutes * program.get("minuteSeconds", 60), give_up)
    timer.daemon = True
    arguments = {**job.get("DefaultArguments", {}), **request.get("Arguments", {})}
    flat = [text for argument in arguments.items() for text in argument]
    runs[started["Id"]] = started
    started["_process"] = run(program, flat, {**credentials, **script}, context.region, when_ended, said.append)
    timer.start()
    return {"JobRunId": started["Id"]}


def get_job_run(context, request):
    find_job(request["JobName"])
    return {"JobRun": public(find_run(request["JobName"], request["RunId"]))}


def get_job_runs(context, request):
    """The newest first, in pages."""
    find_job(request["JobName"])
    found = [public(started) for started in reversed(runs_of(request["JobName"]))]
    start = int(request.get("NextToken") or 0)
    end = start + min(request.get("MaxResults") or PAGE, PAGE)
    return {"JobRuns": found[start:end], **({"NextToken": str(end)} if end < len(found) else {})}


def batch_stop_job_run(context, request):
    for identifier in request["JobRunIds"]:
        started = find_run(request["JobName"], identifier)
        started["JobRunState"] = "STOPPING"
        started["_process"].kill()
    return {"SuccessfulSubmissions": [{"JobName": request["JobName"], "JobRunId": run} for run in request["JobRunIds"]]}


def role_of(job, context):
    """A job names its role, or gives the ARN."""
    role = job["Role"]
    return role if role.startswith("arn:") else f"arn:aws:iam::{context.account_id}:role/{role}"


def fetched(location, context, credentials):
    """Environment that tells a stand-in where a copy of the job's own program lies."""
    if not location:
        return {}
    bucket, key = location.removeprefix("s3://").split("/", 1)
    file = Path(tempfile.gettempdir(), key.replace("/", "-"))
    login = {name.lower(): value for name, value in credentials.items()}
    connect_to(region_name=context.region, **login).s3.download_file(bucket, key, str(file))
    return {"SCRIPT": str(file)}


def runs_of(name):
    return [started for started in list(runs.values()) if started["JobName"] == name]


def is_alive(started):
    return "CompletedOn" not in started


def find_job(name):
    if name not in jobs:
        raise failure("EntityNotFoundException", f"Entity not found: {name}")
    return jobs[name]


def find_run(name, identifier):
    if identifier not in runs or runs[identifier]["JobName"] != name:
        raise failure("EntityNotFoundException", f"Job run {identifier} not found")
    return runs[identifier]


def failure(code, message):
    return CommonServiceException(code, message, sender_fault=True)
