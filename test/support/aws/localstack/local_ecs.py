"""ECS whose tasks are child processes: the stand-in of the task definition's family, with the container's environment
and command. A container's runtimeId is the id of its process. docs/emulation.md says what is as in AWS."""

import uuid

from localstack.aws.api import CommonServiceException
from localstack.aws.skeleton import Skeleton
from localstack.aws.spec import load_service
from localstack.services.plugins import Service, aws_provider

import local_steps
from local_process import arn, credentials_of, public, run, stand_in

definitions = {}
tasks = {}


@aws_provider()
def ecs():
    local_steps.fail_tasks_by_exit_code()
    operations = {
        "CreateCluster": create_cluster,
        "RegisterTaskDefinition": register_task_definition,
        "DescribeTaskDefinition": describe_task_definition,
        "DeregisterTaskDefinition": deregister_task_definition,
        "ListTaskDefinitions": list_task_definitions,
        "RunTask": run_task,
        "DescribeTasks": describe_tasks,
        "ListTasks": list_tasks,
        "StopTask": stop_task,
    }
    return Service("ecs", skeleton=Skeleton(load_service("ecs"), operations))


def create_cluster(context, request):
    name = request.get("clusterName", "default")
    return {"cluster": {"clusterArn": cluster_arn(context, name), "clusterName": name, "status": "ACTIVE"}}


def register_task_definition(context, request):
    family = request["family"]
    revision = 1 + sum(known["family"] == family for known in definitions.values())
    identifier = arn(context, "ecs", f"task-definition/{family}:{revision}")
    definition = {**request, "revision": revision, "status": "ACTIVE", "taskDefinitionArn": identifier}
    definitions[identifier] = definition
    return {"taskDefinition": definition}


def describe_task_definition(context, request):
    return {"taskDefinition": find_definition(request["taskDefinition"])}


def deregister_task_definition(context, request):
    definition = find_definition(request["taskDefinition"])
    definition["status"] = "INACTIVE"
    return {"taskDefinition": definition}


def list_task_definitions(context, request):
    status = request.get("status", "ACTIVE")
    family = request.get("familyPrefix")
    found = [
        identifier
        for identifier, definition in definitions.items()
        if definition["status"] == status and family in (None, definition["family"])
    ]
    return {"taskDefinitionArns": found}


def run_task(context, request):
    definition = find_definition(request["taskDefinition"])
    if definition["status"] != "ACTIVE":
        raise CommonServiceException("ClientException", "TaskDefinition is inactive", sender_fault=True)
    container = definition["containerDefinitions"][0]
    overrides = request.get("overrides", {}).get("containerOverrides", [])
    override = next((given for given in overrides if given["name"] == container["name"]), {})
    environment = {
        entry["name"]: entry["value"] for entry in container.get("environment", []) + override.get("environment", [])
    }
    credentials = credentials_of(definition.get("taskRoleArn"), "ecs-tasks", context.region)
    command = override.get("command") or container.get("command", [])

    cluster = cluster_arn(context, request.get("cluster", "default").split("/")[-1])
    identifier = cluster.replace(":cluster/", ":task/") + "/" + uuid.uuid4().hex
    running = {"name": container["name"], "lastStatus": "RUNNING"}
    task = {
        "taskArn": identifier,
        "clusterArn": cluster,
        "taskDefinitionArn": definition["taskDefinitionArn"],
        "group": f"family:{definition['family']}",
        "launchType": "FARGATE",
        "startedBy": request.get("startedBy", ""),
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        "containers": [running],
    }

    def when_ended(code):
        running.update(lastStatus="STOPPED", exitCode=code)
        task.setdefault("stopCode", "EssentialContainerExited")
        task.setdefault("stoppedReason", "Essential container in task exited")
        task.update(lastStatus="STOPPED", desiredStatus="STOPPED")

    process = run(stand_in(f"task/{definition['family']}"), command, {**credentials, **environment}, context.region, when_ended)
    running["runtimeId"] = str(process.pid)
    task["_process"] = process
    tasks[identifier] = task
    return {"tasks": [public(task)], "failures": []}


def describe_tasks(context, request):
    return {"tasks": [public(find_task(task)) for task in request["tasks"]], "failures": []}


def list_tasks(context, request):
    status = request.get("desiredStatus", "RUNNING")
    family = request.get("family")
    found = [task for task in tasks.values() if task["desiredStatus"] == status]
    return {"taskArns": [task["taskArn"] for task in found if family is None or task["group"] == f"family:{family}"]}


def stop_task(context, request):
    task = find_task(request["task"])
    task.update(stopCode="UserInitiated", stoppedReason=request.get("reason", ""), desiredStatus="STOPPED")
    task["_process"].terminate()
    return {"task": public(task)}


def cluster_arn(context, name):
    return arn(context, "ecs", f"cluster/{name}")


def find_definition(reference):
    """By ARN, family:revision, or the newest of a family that can be run."""
    for identifier, definition in reversed(definitions.items()):
        is_newest = reference == definition["family"] and definition["status"] == "ACTIVE"
        if is_newest or reference in (identifier, identifier.split("/")[-1]):
            return definition
    raise CommonServiceException("ClientException", f"no task definition {reference}", sender_fault=True)


def find_task(reference):
    found = next((task for task in tasks.values() if task["taskArn"].endswith(reference)), None)
    if found is None:
        raise CommonServiceException("InvalidParameterException", f"no task {reference}", sender_fault=True)
    return found
