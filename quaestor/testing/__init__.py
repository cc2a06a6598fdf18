"""Doubles for tests of prompts and graphs: chat models without a network, a server with faults.

Start with docs/testing.md. The real client libraries are tested through `ModelServer`.
"""

from quaestor.testing.broken import BrokenModel
from quaestor.testing.defects import DEFECTS, Defect
from quaestor.testing.double import Double, Reply
from quaestor.testing.embeddings import HashEmbeddings
from quaestor.testing.exchange import Exchange
from quaestor.testing.failing import EndpointError, ScriptSpentError
from quaestor.testing.faults import Fault, fault_of
from quaestor.testing.garbage import GarbageModel
from quaestor.testing.hashing import HashModel
from quaestor.testing.model_server import ModelServer
from quaestor.testing.obedient import ObedientModel
from quaestor.testing.replying import reply_as
from quaestor.testing.request import Request, wanted_schema
from quaestor.testing.scripted import ScriptedModel
from quaestor.testing.server_process import ServerProcess
from quaestor.testing.usage import token_count

__all__ = [
    "DEFECTS",
    "BrokenModel",
    "Defect",
    "Double",
    "EndpointError",
    "Exchange",
    "Fault",
    "GarbageModel",
    "HashEmbeddings",
    "HashModel",
    "ModelServer",
    "ObedientModel",
    "Reply",
    "Request",
    "ScriptSpentError",
    "ScriptedModel",
    "ServerProcess",
    "fault_of",
    "reply_as",
    "token_count",
    "wanted_schema",
]
