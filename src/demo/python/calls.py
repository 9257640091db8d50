"""What every route needs: who calls, the body, and a refusal that is an answer."""

import json

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response, StreamingResponse

from store import wire
from tokens import KeysUnavailable, Unusable, bearer

BODY_LIMIT = 64 * 1024


class Refusal(Exception):
    def __init__(self, status, code, headers=None):
        super().__init__(code)
        self.status, self.code, self.headers = status, code, headers


def answer(status, body=None, headers=None):
    headers = {"cache-control": "no-store", **(headers or {})}
    if status == 204:
        return Response(status_code=204, headers=headers)
    return JSONResponse(wire(body), status, headers)


def event_stream(events):
    headers = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no"}
    return StreamingResponse(events, 200, headers, media_type="text/event-stream")


def event(data, event_id=None):
    return ("" if event_id is None else f"id: {event_id}\n") + f"data: {data}\n\n"


def guarded(handler):
    """A route for those who have a token (RFC 6750 section 3)."""

    async def run(request):
        try:
            return await handler(request, await caller_of(request))
        except Refusal as refusal:
            return answer(refusal.status, {"error": refusal.code}, refusal.headers)

    return run


async def caller_of(request):
    token = bearer(request.headers.get("authorization"))
    if token is None:
        raise Refusal(401, "unauthorized", {"www-authenticate": "Bearer"})
    try:
        return await request.app.state.verifier.caller(token)
    except KeysUnavailable as error:
        raise Refusal(503, "keys_unavailable") from error
    except Unusable as error:
        raise Refusal(401, "invalid_token", {"www-authenticate": 'Bearer error="invalid_token"'}) from error


async def body_of(request):
    text = b""
    try:
        async for chunk in request.stream():
            text += chunk
            if len(text) > BODY_LIMIT:
                raise Refusal(413, "body_too_large", {"connection": "close"})
        body = json.loads(text)
    except (ValueError, RecursionError, ClientDisconnect):
        body = None
    if not isinstance(body, dict):
        raise Refusal(400, "body_not_a_json_object")
    return body


def text_in(body, name, longest=None):
    value = body.get(name)
    if not isinstance(value, str) or "\0" in value or (longest is not None and not 0 < len(value.strip()) <= longest):
        raise Refusal(422, f"{name}_not_a_text")
    return value
