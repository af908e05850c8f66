"""Corrects LocalStack's EventBridge 4.14.0, which names an execution after the event's id and finds none in an input that a rule made of it."""

import uuid

from localstack.services.events.target import StatesTargetSender, to_json_str


def install():
    def send_event(self, event, trace_header):
        self.service = "stepfunctions"
        self.client.start_execution(stateMachineArn=self.target["Arn"], name=str(uuid.uuid4()), input=to_json_str(event))

    StatesTargetSender.send_event = send_event
