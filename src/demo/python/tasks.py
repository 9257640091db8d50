"""/api/tasks, their notes, and the list by the path of its owner. A foreign row is a missing row."""

import re
import uuid

from calls import Refusal, answer, body_of, guarded, text_in
from starlette.routing import Route

COLUMNS = '"id", "title", "done", "createdAt", "updatedAt"'


@guarded
async def listed(request, caller):
    wanted = request.query_params.get("q")
    pattern = "%" if wanted is None else "%" + re.sub(r"([\\%_])", r"\\\1", wanted) + "%"
    store = request.app.state.store
    where = 'from "task" where "ownerId" = %s and "title" ilike %s'
    tasks = await store.rows(
        f'select {COLUMNS} {where} order by "createdAt" desc, "id" limit %s offset %s',
        caller.id,
        pattern,
        number(request, "limit", 50, 200),
        number(request, "offset", 0, 2**53),
    )
    counted = await store.row(f'select count(*) as "total" {where}', caller.id, pattern)
    return answer(200, {"tasks": tasks, "total": counted["total"]})


@guarded
async def of_user(request, caller):
    if request.path_params["id"] != caller.id:
        raise Refusal(404, "not_found")
    statement = f'select {COLUMNS} from "task" where "ownerId" = %s order by "createdAt" desc limit 200'
    return answer(200, {"tasks": await request.app.state.store.rows(statement, caller.id)})


@guarded
async def created(request, caller):
    title = text_in(await body_of(request), "title", 500)
    statement = f'insert into "task" ("id", "ownerId", "title") values (%s, %s, %s) returning {COLUMNS}'
    return answer(201, await request.app.state.store.row(statement, str(uuid.uuid4()), caller.id, title))


@guarded
async def read(request, caller):
    statement = f'select {COLUMNS} from "task" where "id" = %s and "ownerId" = %s'
    return answer(200, found(await request.app.state.store.row(statement, request.path_params["id"], caller.id)))


@guarded
async def changed(request, caller):
    body = await body_of(request)
    title = text_in(body, "title", 500) if "title" in body else None
    done = body.get("done")
    if done is not None and not isinstance(done, bool):
        raise Refusal(422, "done_not_a_boolean")
    statement = (
        'update "task" set "title" = coalesce(%s, "title"), "done" = coalesce(%s, "done"), "updatedAt" = now() '
        f'where "id" = %s and "ownerId" = %s returning {COLUMNS}'
    )
    values = (title, done, request.path_params["id"], caller.id)
    return answer(200, found(await request.app.state.store.row(statement, *values)))


@guarded
async def removed(request, caller):
    statement = 'delete from "task" where "id" = %s and "ownerId" = %s returning "id"'
    found(await request.app.state.store.row(statement, request.path_params["id"], caller.id))
    return answer(204)


@guarded
async def notes(request, caller):
    task = await own_task(request, caller)
    statement = 'select "id", "taskId", "title", "createdAt" from "note" where "taskId" = %s order by "createdAt" limit 200'
    return answer(200, {"notes": await request.app.state.store.rows(statement, task)})


@guarded
async def noted(request, caller):
    task = await own_task(request, caller)
    statement = (
        'insert into "note" ("id", "ownerId", "taskId", "title") values (%s, %s, %s, %s) '
        'returning "id", "taskId", "title", "createdAt"'
    )
    title = text_in(await body_of(request), "title", 500)
    return answer(201, await request.app.state.store.row(statement, str(uuid.uuid4()), caller.id, task, title))


async def own_task(request, caller):
    statement = 'select "id" from "task" where "id" = %s and "ownerId" = %s'
    return found(await request.app.state.store.row(statement, request.path_params["id"], caller.id))["id"]


def found(row):
    if row is None:
        raise Refusal(404, "not_found")
    return row


def number(request, name, otherwise, most):
    text = request.query_params.get(name)
    if text is None:
        return otherwise
    if re.fullmatch(r"[0-9]{1,15}", text) is None:
        raise Refusal(422, f"{name}_not_a_number")
    return min(int(text), most)


routes = [
    Route("/api/tasks", listed, methods=["GET"]),
    Route("/api/tasks", created, methods=["POST"]),
    Route("/api/tasks/{id}", read, methods=["GET"]),
    Route("/api/tasks/{id}", changed, methods=["PATCH", "PUT"]),
    Route("/api/tasks/{id}", removed, methods=["DELETE"]),
    Route("/api/tasks/{id}/notes", notes, methods=["GET"]),
    Route("/api/tasks/{id}/notes", noted, methods=["POST"]),
    Route("/api/users/{id}/tasks", of_user, methods=["GET"]),
]
