"""Corrections of LocalStack's Step Functions 4.14.0, which takes every ended ECS task for a success."""

import json

from localstack.aws.api.stepfunctions import HistoryEventType, TaskFailedEventDetails
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name import StatesErrorName
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_ecs import (
    StateTaskServiceEcs,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails


def fail_tasks_by_exit_code():
    """`ecs:runTask.sync` fails as States.TaskFailed when a container's exit code is not 0, and can be retried."""
    build_resolver = StateTaskServiceEcs._build_sync_resolver
    evaluate = StateTaskServiceEcs._eval_sync

    def build_checked_resolver(self, env, *arguments, **named):
        resolve = build_resolver(self, env, *arguments, **named)

        def checked():
            task = resolve()
            if task and any(container.get("ExitCode") != 0 for container in task["Containers"]):
                raise task_failed(self, env, task)
            return task

        return checked

    def evaluate_without_token(self, env, timeout_seconds, callback_endpoint, heartbeat_endpoint, sync_resolver):
        """A retry would wait on the token of the failed attempt, which is interrupted, and end as States.Timeout."""
        return evaluate(
            self,
            env=env,
            timeout_seconds=timeout_seconds,
            callback_endpoint=None,
            heartbeat_endpoint=None,
            sync_resolver=sync_resolver,
        )

    StateTaskServiceEcs._build_sync_resolver = build_checked_resolver
    StateTaskServiceEcs._eval_sync = evaluate_without_token


def task_failed(service, env, task):
    details = TaskFailedEventDetails(
        resource=service._get_sfn_resource(),
        resourceType=service._get_sfn_resource_type(),
        error="States.TaskFailed",
        cause=json.dumps(task, default=str),
    )
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=StatesErrorName(StatesErrorNameType.StatesTaskFailed),
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )
    )
