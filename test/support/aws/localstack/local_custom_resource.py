"""CloudFormation's custom resources that Lambda functions work on; LocalStack 4.14.0 passes over them without a word."""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
from botocore.config import Config
from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
)

from local_process import ENDPOINT

ANSWER_SECONDS = 120


class CustomResource(ResourceProvider):
    TYPE = "AWS::CloudFormation::CustomResource"
    SCHEMA = {
        "typeName": TYPE,
        "primaryIdentifier": ["/properties/PhysicalResourceId"],
        "readOnlyProperties": ["/properties/PhysicalResourceId"],
        "properties": {},
        "handlers": {},
    }

    def create(self, request):
        return work(request, "Create")

    def update(self, request):
        return work(request, "Update")

    def delete(self, request):
        return work(request, "Delete")


class CustomResourcePlugin(CloudFormationResourceProviderPlugin):
    name = CustomResource.TYPE

    def load(self):
        self.factory = CustomResource


def work(request, request_type):
    """Calls the function that ServiceToken names, and waits until it has put its answer to the address that it is given."""
    model = request.desired_state or request.previous_state
    answers = []

    class Desk(BaseHTTPRequestHandler):
        def do_PUT(self):
            answers.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Desk) as desk:
        desk.timeout = ANSWER_SECONDS
        before = request.previous_state or {}
        known = before.get("PhysicalResourceId")
        event = {
            "RequestType": request_type,
            "ResponseURL": f"http://127.0.0.1:{desk.server_port}/",
            "StackId": request.stack_id,
            "RequestId": str(uuid.uuid4()),
            "ResourceType": request.resource_type,
            "LogicalResourceId": request.logical_resource_id,
            **({"PhysicalResourceId": known} if known else {}),
            "ResourceProperties": properties(model),
            **({"OldResourceProperties": properties(before)} if request_type == "Update" else {}),
        }
        threading.Thread(target=invoke, args=[request.region_name, model["ServiceToken"], event], daemon=True).start()
        desk.handle_request()

    answer = answers[0] if answers else {"Status": "FAILED", "Reason": f"no answer in {ANSWER_SECONDS} s"}
    if answer["Status"] != "SUCCESS":
        return ProgressEvent(OperationStatus.FAILED, {}, message=answer.get("Reason", ""))
    model["PhysicalResourceId"] = answer["PhysicalResourceId"]
    return ProgressEvent(OperationStatus.SUCCESS, model)


def invoke(region, function, event):
    """AWS does not wait for the function. Here an asynchronous call may wait a minute after the function's code changed."""
    config = Config(read_timeout=ANSWER_SECONDS, retries={"max_attempts": 0})
    credentials = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.client("lambda", region_name=region, endpoint_url=ENDPOINT, config=config, **credentials)
    client.invoke(FunctionName=function, Payload=json.dumps(event))


def properties(model):
    return {key: value for key, value in model.items() if key != "PhysicalResourceId"}
