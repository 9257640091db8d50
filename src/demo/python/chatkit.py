"""POST /chatkit: the ChatKit protocol as its own server SDK for Python speaks it."""

import asyncio
import json
import secrets
from datetime import datetime, timezone

from calls import Refusal, answer, body_of, event, event_stream, guarded, text_in
from model import PACE, answer_parts
from starlette.routing import Route
from store import wire


@guarded
async def chatkit(request, caller):
    body = await body_of(request)
    params = body.get("params")
    if not isinstance(params, dict):
        raise Refusal(422, "params_missing")
    threads = Threads(request.app.state.store, caller.id)
    kind = body.get("type")
    if kind == "threads.create":
        content = user_content(params)
        thread = await threads.create()
        return event_stream(turn(threads, thread["id"], content, {"type": "thread.created", "thread": thread}))
    if kind == "threads.add_user_message":
        content = user_content(params)
        thread = await threads.metadata(text_in(params, "thread_id"))
        return event_stream(turn(threads, thread["id"], content, None))
    if kind == "threads.list":
        return answer(200, await threads.listed(params))
    if kind == "threads.get_by_id":
        return answer(200, await threads.whole(text_in(params, "thread_id")))
    raise Refusal(422, "type_unknown")


async def turn(threads, thread_id, content, first):
    """The events of one turn in their order: the user's item, the options, the answer as it grows, the answer whole."""
    if first is not None:
        yield said(first)
    question = {**new_item(thread_id), "type": "user_message", **content}
    await threads.add(thread_id, question)
    yield said({"type": "thread.item.done", "item": question})
    yield said({"type": "stream_options", "stream_options": {"allow_cancel": True}})

    reply = {**new_item(thread_id), "type": "assistant_message"}

    def update(kind, **rest):
        change = {"type": f"assistant_message.content_part.{kind}", "content_index": 0, **rest}
        return said({"type": "thread.item.updated", "item_id": reply["id"], "update": change})

    yield said({"type": "thread.item.added", "item": {**reply, "content": []}})
    yield update("added", content=part(""))
    parts = answer_parts(" ".join(one["text"] for one in content["content"]))
    for delta in parts:
        yield update("text_delta", delta=delta)
        await asyncio.sleep(PACE)
    whole = part("".join(parts))
    yield update("done", content=whole)
    item = {**reply, "content": [whole]}
    await threads.add(thread_id, item)
    yield said({"type": "thread.item.done", "item": item})


def said(message):
    return event(json.dumps(wire(message), ensure_ascii=False))


def part(text):
    return {"annotations": [], "text": text, "type": "output_text"}


def new_item(thread_id):
    return {"id": new_id("msg"), "thread_id": thread_id, "created_at": wire(datetime.now(timezone.utc))}


def new_id(prefix):
    return f"{prefix}_{secrets.token_hex(8)}"


def user_content(params):
    given = params.get("input")
    if not isinstance(given, dict) or not isinstance(given.get("content"), list):
        raise Refusal(422, "input_missing")
    for one in given["content"]:
        if not isinstance(one, dict) or one.get("type") != "input_text":
            raise Refusal(422, "content_not_text")
    content = [{"type": "input_text", "text": text_in(one, "text")} for one in given["content"]]
    options = given.get("inference_options")
    return {"content": content, "attachments": [], "inference_options": options if isinstance(options, dict) else {}}


class Threads:
    """The threads of one user. A foreign thread is a missing thread."""

    def __init__(self, store, owner):
        self._store, self._owner = store, owner

    async def metadata(self, thread_id):
        statement = 'select "id", "createdAt" from "thread" where "id" = %s and "ownerId" = %s'
        thread = await self._store.row(statement, thread_id, self._owner)
        if thread is None:
            raise Refusal(404, "not_found")
        return thread

    async def create(self):
        statement = 'insert into "thread" ("id", "ownerId") values (%s, %s) returning "id", "createdAt"'
        return wired(await self._store.row(statement, new_id("thr"), self._owner), [])

    async def add(self, thread_id, item):
        statement = (
            'insert into "threadItem" ("id", "threadId", "position", "body") '
            'values (%s, %s, (select count(*) from "threadItem" where "threadId" = %s), %s)'
        )
        await self._store.rows(statement, item["id"], thread_id, thread_id, json.dumps(item))

    async def whole(self, thread_id):
        thread = await self.metadata(thread_id)
        statement = 'select "body" from "threadItem" where "threadId" = %s order by "position" limit 100'
        return wired(thread, [row["body"] for row in await self._store.rows(statement, thread_id)])

    async def listed(self, params):
        limit = params.get("limit")
        limit = min(int(limit), 100) if isinstance(limit, (int, float)) and limit >= 1 else 20
        ascending = params.get("order") == "asc"
        order, beyond = ("asc", ">") if ascending else ("desc", "<")
        where, values = '"ownerId" = %s', [self._owner]
        if isinstance(params.get("after"), str):
            after = await self.metadata(params["after"])
            where += f' and ("createdAt", "id") {beyond} (%s, %s)'
            values += [after["createdAt"], after["id"]]
        statement = f'select "id", "createdAt" from "thread" where {where} order by "createdAt" {order}, "id" {order} limit %s'
        rows = await self._store.rows(statement, *values, limit + 1)
        data = [wired(row, []) for row in rows[:limit]]
        more = {"has_more": True, "after": data[-1]["id"]} if len(rows) > limit else {"has_more": False}
        return {"data": data, **more}


def wired(thread, items):
    return {
        "id": thread["id"],
        "created_at": thread["createdAt"],
        "status": {"type": "active"},
        "metadata": {},
        "items": {"data": items, "has_more": False},
    }


routes = [Route("/chatkit", chatkit, methods=["POST"])]
