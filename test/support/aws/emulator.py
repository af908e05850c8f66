"""Runs a program that dies with the test run: emulator.py FOLDER PROGRAM [ARGUMENT...]

The test run holds the other end of our standard input. When that ends, however the test run does, the program is killed
with all that it started (its process group), and the folder is removed.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading

folder, *command = sys.argv[1:]
program = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True)


def follow_test_run():
    os.read(0, 1)
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


threading.Thread(target=follow_test_run, daemon=True).start()
if program.wait() == -signal.SIGKILL:
    # By the thread, which ends this process too.
    threading.Event().wait()
os._exit(1)
