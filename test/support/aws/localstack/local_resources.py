"""CloudFormation resources of the services that LocalStack 4.14.0 does not have without Docker."""

from types import SimpleNamespace

from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
)

import local_ecs
import local_glue


def cluster(context, name, model):
    model["ClusterName"] = model.get("ClusterName") or name
    model["Arn"] = local_ecs.create_cluster(context, {"clusterName": model["ClusterName"]})["cluster"]["clusterArn"]


def task_definition(context, name, model):
    registered = local_ecs.register_task_definition(context, {"family": name, **with_lower_case_keys(model)})
    model["TaskDefinitionArn"] = registered["taskDefinition"]["taskDefinitionArn"]


def forget_task_definition(context, model):
    local_ecs.deregister_task_definition(context, {"taskDefinition": model["TaskDefinitionArn"]})


def job(context, name, model):
    model["Name"] = model.get("Name") or name
    local_glue.create_job(context, model)


def plugin(resource_type, identifier, create, delete=None, replaced_by=()):
    """`create` makes the resource from its properties, and adds the identifier to them. A change of the properties in
    `replaced_by` makes a new one; any other change is made to the one that is there."""

    class Provider(ResourceProvider):
        TYPE = resource_type
        SCHEMA = {
            "typeName": resource_type,
            "primaryIdentifier": [f"/properties/{identifier}"],
            "readOnlyProperties": [f"/properties/{identifier}"],
            "createOnlyProperties": [f"/properties/{name}" for name in replaced_by],
            "properties": {},
            "handlers": {},
        }

        def create(self, request):
            create(context_of(request), request.logical_resource_id, request.desired_state)
            return succeeded(request)

        def update(self, request):
            return self.create(request)

        def delete(self, request):
            if delete:
                delete(context_of(request), request.desired_state)
            return succeeded(request)

    class Plugin(CloudFormationResourceProviderPlugin):
        name = resource_type

        def load(self):
            self.factory = Provider

    return Plugin


def context_of(request):
    return SimpleNamespace(account_id=request.account_id, region=request.region_name)


def succeeded(request):
    return ProgressEvent(OperationStatus.SUCCESS, request.desired_state, custom_context=request.custom_context)


def with_lower_case_keys(value):
    """CloudFormation's `ContainerDefinitions` is `containerDefinitions` to the API."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: with_lower_case_keys(inner) for key, inner in value.items()}
    return [with_lower_case_keys(inner) for inner in value] if isinstance(value, list) else value


ClusterPlugin = plugin("AWS::ECS::Cluster", "ClusterName", cluster)
TaskDefinitionPlugin = plugin(
    "AWS::ECS::TaskDefinition",
    "TaskDefinitionArn",
    task_definition,
    forget_task_definition,
    # All but the tags: a revision never changes.
    replaced_by=[
        "ContainerDefinitions",
        "Cpu",
        "EphemeralStorage",
        "ExecutionRoleArn",
        "Family",
        "Memory",
        "NetworkMode",
        "RequiresCompatibilities",
        "RuntimePlatform",
        "TaskRoleArn",
        "Volumes",
    ],
)
JobPlugin = plugin("AWS::Glue::Job", "Name", job)
