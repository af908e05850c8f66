"""CloudFormation that takes a failed deployment back. LocalStack 4.14.0 leaves everything as it was when the failure came,
and deletes what was already replaced. docs/emulation.md says what is as in AWS."""

from localstack.aws.api.cloudformation import ChangeAction, ChangeSetType, ResourceStatus, StackStatus
from localstack.services.cloudformation.engine.v2.change_set_model import is_nothing
from localstack.services.cloudformation.engine.v2.change_set_model_executor import (
    ChangeSetModelExecutor,
    ChangeSetModelExecutorResult,
    TriggerRollback,
)
from localstack.services.cloudformation.engine.v2.change_set_model_preproc import PreprocProperties
from localstack.services.cloudformation.resource_provider import OperationStatus

FAILED = (ResourceStatus.CREATE_FAILED, ResourceStatus.UPDATE_FAILED)


def install():
    change = ChangeSetModelExecutor._execute_resource_change
    execute = ChangeSetModelExecutor.execute

    def change_and_remember(self, name, before, after):
        self.__dict__.setdefault("_changes", []).append((name, before, after))
        change(self, name=name, before=before, after=after)
        delete_replaced_custom_resource(self, name, before, after)

    def execute_or_take_back(self):
        if self._change_set.stack.status == StackStatus.DELETE_IN_PROGRESS:
            return execute(self)
        self._changes = []
        try:
            self.process()
        except Exception as failure:
            reason = failure.reason if isinstance(failure, TriggerRollback) else str(failure)
            return take_back(self, reason or "")
        self._change_set.stack.set_stack_status(StackStatus.UPDATE_COMPLETE_CLEANUP_IN_PROGRESS)
        for deferred in reversed(self._deferred_actions):
            deferred.action()
        return ChangeSetModelExecutorResult(resources=self.resources, outputs=self.outputs)

    ChangeSetModelExecutor._execute_resource_change = change_and_remember
    ChangeSetModelExecutor.execute = execute_or_take_back


def delete_replaced_custom_resource(executor, name, before, after):
    """A custom resource that answers an update with another id is a new one; the old one is deleted at the end."""
    if is_nothing(before) or is_nothing(after) or not after.resource_type.startswith("Custom::"):
        return
    old = executor._change_set.stack.resolved_resources[name]
    new = executor.resources[name]
    if new["ResourceStatus"] in FAILED or new["PhysicalResourceId"] == old["PhysicalResourceId"]:
        return
    executor._defer_action(f"replaced-{name}", lambda: delete(executor, name, before.resource_type, old))


def take_back(executor, reason):
    """What was updated is updated again, with the properties of before and in the same order. Then what was made is deleted."""
    change_set = executor._change_set
    stack = change_set.stack
    is_update = change_set.change_set_type == ChangeSetType.UPDATE
    kind = "UPDATE_ROLLBACK" if is_update else "ROLLBACK"
    stack.set_stack_status(StackStatus(f"{kind}_IN_PROGRESS"), reason)
    made = dict(executor.resources)
    known = dict(stack.resolved_resources)

    failures = [
        event.message
        for name, before, after in executor._changes
        if not is_nothing(before) and not is_nothing(after) and not after.requires_replacement
        if (event := update_back(executor, name, before, made.get(name), known[name])).status != OperationStatus.SUCCESS
    ]
    if failures:
        stack.set_stack_status(StackStatus.UPDATE_ROLLBACK_FAILED, "; ".join(failures))
    else:
        for name, before, after in reversed(executor._changes):
            is_new = not is_nothing(after) and (is_nothing(before) or after.requires_replacement)
            if is_new and name in made and made[name]["ResourceStatus"] not in FAILED:
                delete(executor, name, after.resource_type, made[name])
        stack.set_stack_status(StackStatus(f"{kind}_COMPLETE"))
    if is_update:
        for field in ("template", "template_body", "processed_template", "resolved_parameters"):
            setattr(change_set, field, getattr(stack, field))
    return ChangeSetModelExecutorResult(resources=known, outputs=stack.resolved_outputs, failure_message=reason)


def update_back(executor, name, before, reached, known):
    has_changed = reached is not None and reached["ResourceStatus"] not in FAILED
    now = (reached if has_changed else known)["Properties"]
    event = executor._execute_resource_action(
        action=ChangeAction.Modify,
        logical_resource_id=name,
        resource_type=before.resource_type,
        before_properties=PreprocProperties(properties=now),
        after_properties=before.properties,
    )
    executor._process_event(
        action=ChangeAction.Modify,
        logical_resource_id=name,
        event_status=event.status,
        resource_type=before.resource_type,
        reason=event.message,
    )
    return event


def delete(executor, name, resource_type, resource):
    executor._execute_resource_action(
        action=ChangeAction.Remove,
        logical_resource_id=name,
        resource_type=resource_type,
        before_properties=PreprocProperties(properties=resource["Properties"]),
        after_properties=None,
        part_of_replacement=True,
    )
