"""/api/ws. Refused tokens are closed before the handshake is accepted, which uvicorn makes a 403, as it does of other paths."""

import asyncio
import json
import time
import uuid

from model import PACE, answer_parts
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect
from tokens import Unusable, bearer

DEADLINE = 5
UNAUTHORIZED, AUTH_TIMEOUT = 4401, 4408
FORBIDDEN = {"type": "error", "code": "forbidden"}


async def socket(websocket):
    settings = websocket.app.state
    origin = websocket.headers.get("origin")
    if origin is not None and origin not in settings.origins:
        return await websocket.close()
    offered = websocket.scope["subprotocols"]
    chosen = "bearer" if "bearer" in offered else None
    if settings.socket_auth == "message":
        await websocket.accept(subprotocol=chosen)
        try:
            token = token_of(await asyncio.wait_for(websocket.receive(), DEADLINE))
        except asyncio.TimeoutError:
            return await websocket.close(AUTH_TIMEOUT, "authentication timed out")
    else:
        token = token_in(websocket, offered, settings.socket_auth)
    try:
        caller = await settings.verifier.caller(token)
    except Unusable:
        return await websocket.close(UNAUTHORIZED, "unauthorized")
    if settings.socket_auth != "message":
        await websocket.accept(subprotocol=chosen)
    await converse(websocket, caller, settings.rooms)


def token_in(websocket, offered, how):
    if how == "query":
        return websocket.query_params.get("token", "")
    if how == "header":
        return bearer(websocket.headers.get("authorization")) or ""
    return offered[1] if len(offered) > 1 and offered[0] == "bearer" else ""


def token_of(received):
    message = parsed(received.get("text"))
    token = message.get("token") if message is not None and message.get("type") == "auth" else None
    return token if isinstance(token, str) else ""


def parsed(text):
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


class Member:
    def __init__(self, websocket, user_id):
        self._websocket, self.user_id = websocket, user_id

    async def hear(self, message):
        try:
            await self._websocket.send_text(json.dumps(message, ensure_ascii=False))
        except Exception:
            # whoever is gone hears nothing
            pass


async def converse(websocket, caller, rooms):
    member = Member(websocket, caller.id)
    await member.hear({"type": "ready"})
    # a socket lives no longer than the token that opened it
    left = caller.expires_at - time.time()
    expiry = asyncio.get_running_loop().call_later(
        left, lambda: asyncio.ensure_future(websocket.close(UNAUTHORIZED, "token expired"))
    )
    try:
        while True:
            received = await websocket.receive()
            if received["type"] == "websocket.disconnect":
                return
            message = parsed(received.get("text"))
            answer = {"type": "error", "code": "not_a_json_object"}
            if message is not None:
                answer = await reply(message, member, rooms)
            if answer is not None:
                await member.hear(answer)
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        expiry.cancel()
        rooms.leave_all(member)


async def reply(message, member, rooms):
    kind, room, text = message.get("type"), message.get("room"), message.get("text")
    if kind == "ping":
        return {"type": "pong"}
    if kind == "echo":
        return {"type": "echo", "data": message.get("data")}
    if kind == "chat" and is_name(text):
        asyncio.ensure_future(chat(text, member))
        return None
    if not is_name(room):
        return {"type": "error", "code": "not_understood"}
    if kind == "join":
        return {"type": "joined", "room": room} if rooms.join(room, member) else FORBIDDEN
    if kind == "leave":
        rooms.leave(room, member)
        return {"type": "left", "room": room}
    if kind == "invite" and is_name(message.get("user")):
        invited = {"type": "invited", "room": room, "user": message["user"]}
        return invited if rooms.invite(room, member, message["user"]) else FORBIDDEN
    if kind == "say" and is_name(text):
        said = {"type": "message", "id": str(uuid.uuid4()), "room": room, "from": member.user_id, "text": text}
        return None if await rooms.say(room, member, said) else FORBIDDEN
    return {"type": "error", "code": "not_understood"}


def is_name(value):
    return isinstance(value, str) and value != ""


async def chat(prompt, member):
    message_id, parts = str(uuid.uuid4()), answer_parts(prompt)
    for delta in parts:
        await member.hear({"type": "delta", "id": message_id, "delta": delta})
        await asyncio.sleep(PACE)
    await member.hear({"type": "message", "id": message_id, "from": "assistant", "text": "".join(parts)})


class Rooms:
    """Rooms in memory. Whoever joins first creates one; it ends with the last who leaves. Names are compared whole."""

    def __init__(self):
        self._rooms = {}

    def join(self, name, member):
        allowed, present = self._rooms.get(name, ({member.user_id}, set()))
        if member.user_id not in allowed:
            return False
        present.add(member)
        self._rooms[name] = (allowed, present)
        return True

    def invite(self, name, member, user_id):
        allowed, present = self._rooms.get(name, (set(), set()))
        if member not in present:
            return False
        allowed.add(user_id)
        return True

    async def say(self, name, member, message):
        _, present = self._rooms.get(name, (set(), set()))
        if member not in present:
            return False
        for one in list(present):
            await one.hear(message)
        return True

    def leave(self, name, member):
        _, present = self._rooms.get(name, (set(), set()))
        present.discard(member)
        if not present:
            self._rooms.pop(name, None)

    def leave_all(self, member):
        for name in list(self._rooms):
            self.leave(name, member)


routes = [WebSocketRoute("/api/ws", socket)]
