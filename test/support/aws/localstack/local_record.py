"""Writes down each call of a role or of a service of AWS, a line of JSON each, into the file that CALLS names. Tests compare
them with what IAM would allow, which LocalStack 4.14.0 does not ask."""

import json
import os
import threading

from localstack.aws.handlers import run_custom_response_handlers

# Parameters that say what a call is about. No others are written, because some hold secrets or rows.
NOTED = set(
    """Bucket Key Prefix CopySource IfNoneMatch Tagging Delete Objects SecretId FunctionName Qualifier TopicArn QueueUrl
    stateMachineArn executionArn cluster taskDefinition propagateTags tasks task JobName RunId JobRunIds DatabaseName TableInput Name
    RoleArn StackName""".split()
)
writing = threading.Lock()
# ARNs of roles by the access keys that were given out for them.
sessions = {}


def install():
    run_custom_response_handlers.append(record)


def record(chain, context, response):
    if context.service is None or context.operation is None:
        return
    service, operation = context.service.service_name, context.operation.name
    request = context.service_request or {}
    if operation == "AssumeRole" and response.status_code == 200:
        sessions[context.service_response["Credentials"]["AccessKeyId"]] = request["RoleArn"]
    internal = context.internal_request_params or {}
    role = sessions.get(access_key(context.request))
    if role is None and "service_principal" not in internal:
        return
    caller = {"role": role} if role else {"service": internal["service_principal"], "source": internal.get("source_arn")}
    call = {**caller, "api": service, "operation": operation, "request": noted(request), "status": response.status_code}
    with writing, open(os.environ["CALLS"], "a", encoding="utf-8") as calls:
        calls.write(json.dumps(call) + "\n")


def access_key(request):
    """AWS4-HMAC-SHA256 Credential=KEY/20261120/us-east-1/s3/aws4_request, …"""
    return request.headers.get("Authorization", "").partition("Credential=")[2].partition("/")[0]


def noted(value):
    if isinstance(value, dict):
        return {key: noted(inner) for key, inner in value.items() if key in NOTED and inner is not None}
    if isinstance(value, list):
        return [noted(inner) for inner in value]
    return str(value)
