"""A night of nightfeed as a DAG of Airflow 3: the state of the run becomes the state of the task.

Airflow starts the night, tries again what may succeed by itself, and shows what came of it; nightfeed does everything else. Two
variables of the workers' environment say where things are:

  NIGHTFEED_FEED     the feed file
  NIGHTFEED_COMMAND  the program, `nightfeed` without it; what the feed file names as `env:…` stands beside it
"""

import json
import os
import subprocess
from datetime import timedelta

import pendulum
from airflow.sdk import dag, get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

# As in `schedule` of the feed file. Its deadline ends the wait for the vendor, so the task needs no time limit of its own.
ZONE = "Europe/Berlin"
AT = "0 2 * * *"

# By exit code. What only a person or the vendor can change is not tried again; docs/json.md has all codes.
TRY_AGAIN = {1: "failed", 4: "late", 6: "busy"}
ENDS = {2: "wrong use", 3: "held", 5: "not published"}


@dag(
    dag_id="nightfeed",
    schedule=AT,
    start_date=pendulum.datetime(2026, 1, 1, tz=ZONE),
    catchup=False,
    max_active_runs=1,
    tags=["nightfeed"],
)
def nights():
    @task(retries=6, retry_delay=timedelta(minutes=30))
    def night() -> dict:
        run = get_current_context()["dag_run"]
        # The date of the night, also when the task is tried again after midnight.
        date = (run.logical_date or run.run_after).astimezone(pendulum.timezone(ZONE)).date()
        command = os.environ.get("NIGHTFEED_COMMAND", "nightfeed").split()
        feed = os.environ["NIGHTFEED_FEED"]
        ended = subprocess.run(
            [*command, "run", feed, "--date", date.isoformat(), "--json"], stdout=subprocess.PIPE, text=True
        )
        try:
            answer = json.loads(ended.stdout)
        except ValueError:
            raise AirflowException(f"nightfeed ended with {ended.returncode} and without an answer") from None
        if ended.returncode == 0:
            return {"run": answer["run"], "state": answer["state"], "tables": answer["tables"]}
        reason = reason_of(ended.returncode, answer)
        if ended.returncode in ENDS:
            raise AirflowFailException(reason)
        raise AirflowException(reason)

    night()


def reason_of(code: int, answer: dict) -> str:
    what = {**TRY_AGAIN, **ENDS}.get(code, f"exit code {code}")
    error = answer["error"]
    if error is not None:
        return f"{what}: {error['name']}: {error['message']}. {error['hint']}"
    holds = ", ".join(f"{hold['guard']} of {hold['table']}" for hold in answer["holds"])
    return f"{what}: {answer['run']}: {holds}. Look at it with `nightfeed status {answer['run']}`, then approve or reject it."


nights()
