"""Starts LocalStack 4.14.0 in this process, reachable over the loopback interface only."""

import sys
import threading
import warnings

if sys.version_info < (3, 13):
    # What LocalStack uses of 3.13: a decorator in its new place, and a lock's maker that is a class, as in `Lock | None`.
    from typing_extensions import deprecated

    make_lock = threading.Lock

    class Lock:
        def __new__(cls):
            return make_lock()

    warnings.deprecated = deprecated
    threading.Lock = Lock

from twisted.internet import endpoints

listen = endpoints.TCP4ServerEndpoint.__init__


def listen_on_loopback(self, reactor, port, backlog=50, interface=""):
    """LocalStack ignores the host part of GATEWAY_LISTEN and would listen on all interfaces."""
    listen(self, reactor, port, backlog, interface or "127.0.0.1")


endpoints.TCP4ServerEndpoint.__init__ = listen_on_loopback

import local_events
import local_record
import local_rollback
from localstack.runtime.main import main

local_events.install()
local_record.install()
local_rollback.install()
main()
