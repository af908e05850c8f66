"""Programs that run here, as child processes, what AWS would run from an image or a script."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from localstack import config
from localstack.aws.api import CommonServiceException

ENDPOINT = f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}"
STAND_INS = Path(os.environ["STAND_INS"])


def stand_in(name):
    """What `standIn` of localstack.ts wrote down for task/FAMILY or job/NAME."""
    path = STAND_INS / f"{name}.json"
    if not path.exists():
        raise CommonServiceException("ClientException", f"no stand-in for {name}", sender_fault=True)
    return json.loads(path.read_text())


def run(program, arguments, environment, region, when_ended, listen=None):
    """Starts a stand-in. `when_ended` is called with an exit code as a shell would give it: 137 after SIGKILL.
    `listen` is called with each line that it wrote to standard error, before that."""
    environment = {
        **machine_environment(),
        "AWS_ENDPOINT_URL": ENDPOINT,
        "AWS_REGION": region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
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
