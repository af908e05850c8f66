"""CloudFormation's custom resources that Lambda functions work on; LocalStack 4.14.0 passes over them without a word."""

import json
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
)

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
        known = (request.previous_state or {}).get("PhysicalResourceId")
        event = {
            "RequestType": request_type,
            "ResponseURL": f"http://127.0.0.1:{desk.server_port}/",
            "StackId": request.stack_id,
            "RequestId": str(uuid.uuid4()),
            "ResourceType": request.resource_type,
            "LogicalResourceId": request.logical_resource_id,
            **({"PhysicalResourceId": known} if known else {}),
            "ResourceProperties": {key: value for key, value in model.items() if key != "PhysicalResourceId"},
        }
        request.aws_client_factory.lambda_.invoke(
            FunctionName=model["ServiceToken"], InvocationType="Event", Payload=json.dumps(event)
        )
        desk.handle_request()

    answer = answers[0] if answers else {"Status": "FAILED", "Reason": f"no answer in {ANSWER_SECONDS} s"}
    if answer["Status"] != "SUCCESS":
        return ProgressEvent(OperationStatus.FAILED, {}, message=answer.get("Reason", ""))
    model["PhysicalResourceId"] = answer["PhysicalResourceId"]
    return ProgressEvent(OperationStatus.SUCCESS, model)
