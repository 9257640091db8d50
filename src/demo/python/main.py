"""
The API of the demo once more, by Starlette, uvicorn and PyJWT, because their habits are others than those of Node and
jose. Takes the listening socket as file descriptor 3 and its settings as the first line of standard input; says `ready`
once it serves, and ends with its standard input.
"""

import asyncio
import json
import os
import socket
import sys
import threading

import uvicorn
from calls import answer, guarded
from sockets import Rooms
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route
from store import Store
from tokens import Verifier

import chat
import chatkit
import sockets
import tasks


async def health(_request):
    return answer(200, {"status": "ok"})


@guarded
async def me(_request, caller):
    return answer(200, {"id": caller.id, "email": caller.email})


def application(env, trust, socket_auth):
    origins = json.loads(env["CORS_ORIGINS"])
    cors = Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["WWW-Authenticate"],
        max_age=600,
    )
    own = [Route("/health", health), Route("/api/me", me)]
    app = Starlette(
        routes=[*own, *tasks.routes, *chat.routes, *chatkit.routes, *sockets.routes], middleware=[cors]
    )
    app.state.store = Store(env["DATABASE_URL"])
    app.state.verifier = Verifier(env, trust)
    app.state.origins, app.state.socket_auth, app.state.rooms = origins, socket_auth, Rooms()
    return app


class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print("ready", flush=True)


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_parent, daemon=True).start()
    config = uvicorn.Config(
        application(told["env"], told["trust"], told["socketAuth"]),
        log_level="critical",
        lifespan="off",
        ws="websockets",
        ws_max_size=64 * 1024,
        # longer than any client keeps an idle connection: who closes first must not be the server
        timeout_keep_alive=65,
    )
    asyncio.run(Server(config).serve([socket.socket(fileno=3)]))
