"""The tables of a feed as assets of Dagster, a partition for each night.

Dagster starts the night and shows the numbers of each table; nightfeed does everything else. Two variables of the environment say
where things are:

  NIGHTFEED_FEED     the feed file
  NIGHTFEED_COMMAND  the program, `nightfeed` without it; what the feed file names as `env:…` stands beside it
"""

import json
import os
import subprocess

import dagster as dg

# As in `schedule` of the feed file.
ZONE = "Europe/Berlin"
AT = {"hour_of_day": 2, "minute_of_hour": 0}
TABLES = ["products"]

# By exit code. What only a person or the vendor can change is not tried again; docs/json.md has all codes.
TRY_AGAIN = {1: "failed", 4: "late", 6: "busy"}
ENDS = {2: "wrong use", 3: "held", 5: "not published"}

nights = dg.DailyPartitionsDefinition(start_date="2026-11-01", timezone=ZONE, end_offset=1)


@dg.multi_asset(
    name="night",
    specs=[dg.AssetSpec(table, partitions_def=nights, kinds={"postgres"}) for table in TABLES],
    retry_policy=dg.RetryPolicy(max_retries=6, delay=1800),
)
def night(context: dg.AssetExecutionContext):
    command = os.environ.get("NIGHTFEED_COMMAND", "nightfeed").split()
    feed = os.environ["NIGHTFEED_FEED"]
    ended = subprocess.run(
        [*command, "run", feed, "--date", context.partition_key, "--json"], stdout=subprocess.PIPE, text=True
    )
    try:
        answer = json.loads(ended.stdout)
    except ValueError:
        raise dg.Failure(f"nightfeed ended with {ended.returncode} and without an answer") from None
    if ended.returncode != 0:
        raise dg.Failure(reason_of(ended.returncode, answer), allow_retries=ended.returncode not in ENDS)
    for table in TABLES:
        # Nothing is told of the tables of a night that found nothing new.
        numbers = answer["tables"].get(table, {})
        counts = {name: number for name, number in numbers.items() if isinstance(number, int)}
        yield dg.MaterializeResult(table, metadata={"run": answer["run"], "state": answer["state"], **counts})


def reason_of(code: int, answer: dict) -> str:
    what = {**TRY_AGAIN, **ENDS}.get(code, f"exit code {code}")
    error = answer["error"]
    if error is not None:
        return f"{what}: {error['name']}: {error['message']}. {error['hint']}"
    holds = ", ".join(f"{hold['guard']} of {hold['table']}" for hold in answer["holds"])
    return f"{what}: {answer['run']}: {holds}. Look at it with `nightfeed status {answer['run']}`, then approve or reject it."


job = dg.define_asset_job("nightfeed", selection=[dg.AssetKey(table) for table in TABLES])

definitions = dg.Definitions(
    assets=[night], jobs=[job], schedules=[dg.build_schedule_from_partitioned_job(job, **AT)]
)
