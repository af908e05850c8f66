"""Lambda functions as Node processes, one per execution environment: LAMBDA_RUNTIME_EXECUTOR=node."""

import json
import os
import queue
import subprocess
import threading
from pathlib import Path

from localstack import config
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import LambdaRuntimeException, RuntimeExecutor

from local_process import machine_environment

NODE = os.environ["LAMBDA_NODE"]
RUNTIME = str(Path(__file__).with_name("lambda-runtime.ts"))
START_SECONDS = 20


class NodeExecutor(RuntimeExecutor):
    def start(self, env_vars):
        code = str(self.function_version.config.code.get_unzipped_code_location())
        given = {name: str(value) for name, value in env_vars.items() if value is not None}
        self.environment = {**machine_environment(), **given, "LAMBDA_TASK_ROOT": code, "TZ": "UTC"}
        self.output = []
        self.spawn()

    def spawn(self):
        # Replies have a pipe of their own: handlers may write to standard output what they like.
        read_end, write_end = os.pipe()
        self.replies = queue.Queue()
        self.process = subprocess.Popen(
            [NODE, RUNTIME, str(write_end)],
            cwd=self.environment["LAMBDA_TASK_ROOT"],
            env=self.environment,
            pass_fds=[write_end],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        os.close(write_end)
        threading.Thread(target=self.collect_output, args=[self.process], daemon=True).start()
        threading.Thread(target=self.collect_replies, args=[read_end, self.replies], daemon=True).start()
        if self.replies.get(timeout=START_SECONDS) is None:
            raise LambdaRuntimeException(f"node ended: {self.get_logs()}")

    def collect_output(self, process):
        for line in process.stdout:
            self.output.append(line)

    def collect_replies(self, read_end, replies):
        with open(read_end, encoding="utf-8") as lines:
            for line in lines:
                replies.put(json.loads(line))
        # The process has ended.
        replies.put(None)

    def invoke(self, payload):
        request_id = payload["invoke-id"]
        timeout = self.function_version.config.timeout
        if self.process.poll() is not None:
            self.spawn()
        self.output = [f"START RequestId: {request_id}\n"]
        request = {
            "id": request_id,
            "arn": payload["invoked-function-arn"],
            "event": payload["payload"],
            "timeout": timeout,
        }
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        reply = self.reply_within(timeout, request_id)
        self.output.append(f"END RequestId: {request_id}\n")
        is_error = "error" in reply
        body = json.dumps(reply["error"]) if is_error else reply["result"]
        return InvocationResult(request_id, body.encode(), is_error, self.get_logs())

    def reply_within(self, timeout, request_id):
        try:
            reply = self.replies.get(timeout=timeout)
        except queue.Empty:
            self.stop()
            return failure("Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds")
        if reply is None:
            code = self.process.wait()
            return failure("Runtime.ExitError", f"RequestId: {request_id} Error: Runtime exited with error: exit status {code}")
        return reply

    def stop(self):
        self.process.kill()
        self.process.wait()

    def get_logs(self):
        return "".join(self.output)

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}/_localstack_lambda/{self.id}"

    @classmethod
    def prepare_version(cls, function_version):
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        pass


class NodeExecutorPlugin(RuntimeExecutorPlugin):
    name = "node"

    def load(self, *arguments, **named):
        return NodeExecutor


def failure(name, message):
    return {"error": {"errorType": name, "errorMessage": message}}
