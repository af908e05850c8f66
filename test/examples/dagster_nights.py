"""Dagster materializes the assets of a folder for each date, and tells what came of it, and when it would, as JSON."""

import json
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

folder, *dates = sys.argv[1:]
sys.path.insert(0, folder)

import dagster as dg

# One more try, which follows at once.
policy = dg.RetryPolicy
dg.RetryPolicy = lambda max_retries, delay: policy(max_retries=min(max_retries, 1), delay=0)
import nightfeed_assets

found = []
with dg.DagsterInstance.ephemeral() as instance:
    for date in dates:
        result = dg.materialize(
            [nightfeed_assets.night], partition_key=date, raise_on_error=False, instance=instance
        )
        events = result.get_asset_materialization_events()
        tables = {event.asset_key.to_user_string(): event.materialization.metadata for event in events}
        found.append(
            {
                "date": date,
                "success": result.success,
                "tables": {name: {key: each.value for key, each in told.items()} for name, told in tables.items()},
            }
        )
schedule = nightfeed_assets.definitions.resolve_schedule_def("nightfeed_schedule")
at = datetime(2026, 11, 19, 2, tzinfo=ZoneInfo("Europe/Berlin"))
tick = schedule.evaluate_tick(dg.build_schedule_context(scheduled_execution_time=at))
print(json.dumps({"found": found, "at": [request.partition_key for request in tick.run_requests]}))
