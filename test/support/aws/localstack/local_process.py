"""Programs that run here, as child processes, what AWS would run from an image or a script."""

import json
import os
import subprocess
import sys
import threading
import uuid
from pathlib import Path

from localstack import config
from localstack.aws.api import CommonServiceException
from localstack.aws.connect import connect_to

ENDPOINT = f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}"
STAND_INS = Path(os.environ["STAND_INS"])


def stand_in(name):
    """What `standIn` of localstack.ts wrote down for task/FAMILY or job/NAME."""
    path = STAND_INS / f"{name}.json"
    if not path.exists():
        raise CommonServiceException("ClientException", f"no stand-in for {name}", sender_fault=True)
    return json.loads(path.read_text())


def credentials_of(role, service, region):
    """What a service of AWS puts into the environment of what it runs under a role. Without a role there is nothing."""
    if not role:
        return {}
    sts = connect_to(region_name=region).sts.request_metadata(service_principal=service)
    given = sts.assume_role(RoleArn=role, RoleSessionName=f"process-{uuid.uuid4().hex}")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


def run(program, arguments, environment, region, when_ended, listen=None):
    """Starts a stand-in. `when_ended` is called with an exit code as a shell would give it: 137 after SIGKILL.
    `listen` is called with each line that it wrote to standard error, before that."""
    environment = {
        **machine_environment(),
        "AWS_ENDPOINT_URL": ENDPOINT,
        "AWS_REGION": region,
        **program["environment"],
        **environment,
    }
    process = subprocess.Popen(
        [*program["command"], *arguments],
        cwd=program["cwd"],
        env=environment,
        stdin=subprocess.DEVNULL,
        **({"stderr": subprocess.PIPE, "encoding": "utf-8"} if listen else {}),
    )

    def wait():
        for line in process.stderr or []:
            sys.stderr.write(line)
            listen(line)
        code = process.wait()
        when_ended(code if code >= 0 else 128 - code)

    threading.Thread(target=wait, daemon=True).start()
    return process


def machine_environment():
    """Nothing of LocalStack's own settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def arn(context, service, rest):
    return f"arn:aws:{service}:{context.region}:{context.account_id}:{rest}"


def public(record):
    return {key: value for key, value in record.items() if not key.startswith("_")}
