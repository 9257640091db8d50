"""/api/chat: an answer as server-sent events that can be resumed, and the stored messages."""

import asyncio
import json
import re
import uuid

from calls import Refusal, answer, body_of, event, event_stream, guarded, text_in
from model import PACE, answer_parts
from starlette.routing import Route

COLUMNS = '"id", "prompt", "text", "createdAt"'


@guarded
async def chat(request, caller):
    last = request.headers.get("last-event-id")
    message, following = (await begun(request, caller), 0) if last is None else await resumed(request, caller, last)
    parts = answer_parts(message["prompt"])

    async def events():
        for number in range(following, len(parts)):
            data = json.dumps({"messageId": message["id"], "delta": parts[number]}, ensure_ascii=False)
            yield event(data, f"{message['id']}:{number}")
            await asyncio.sleep(PACE)
        if following <= len(parts):
            yield event("[DONE]", f"{message['id']}:{len(parts)}")

    return event_stream(events())


async def begun(request, caller):
    prompt = text_in(await body_of(request), "message", 64 * 1024)
    statement = f'insert into "message" ("id", "ownerId", "prompt", "text") values (%s, %s, %s, %s) returning {COLUMNS}'
    text = "".join(answer_parts(prompt))
    return await request.app.state.store.row(statement, str(uuid.uuid4()), caller.id, prompt, text)


async def resumed(request, caller, last):
    match = re.fullmatch(r"([A-Za-z0-9-]{1,64}):([0-9]{1,6})", last)
    message = await mine(request, caller, match[1] if match else "")
    return message, int(match[2]) + 1


@guarded
async def listed(request, caller):
    statement = f'select {COLUMNS} from "message" where "ownerId" = %s order by "createdAt" limit 200'
    return answer(200, {"messages": await request.app.state.store.rows(statement, caller.id)})


@guarded
async def read(request, caller):
    return answer(200, await mine(request, caller, request.path_params["id"]))


async def mine(request, caller, message_id):
    statement = f'select {COLUMNS} from "message" where "id" = %s and "ownerId" = %s'
    message = await request.app.state.store.row(statement, message_id, caller.id)
    if message is None:
        raise Refusal(404, "not_found")
    return message


routes = [
    Route("/api/chat", chat, methods=["POST"]),
    Route("/api/chat/messages", listed, methods=["GET"]),
    Route("/api/chat/messages/{id}", read, methods=["GET"]),
]
