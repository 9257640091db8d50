"""PostgreSQL by psycopg2: each statement in a thread, on one of a few connections."""

import threading
from datetime import datetime, timezone

import psycopg2
import psycopg2.extras
import psycopg2.pool
from starlette.concurrency import run_in_threadpool


class Store:
    def __init__(self, url):
        self._pool = psycopg2.pool.ThreadedConnectionPool(0, 6, url)
        # the pool refuses whoever comes too many: they wait here instead
        self._free = threading.BoundedSemaphore(6)

    async def rows(self, statement, *values):
        return await run_in_threadpool(self._rows, statement, values)

    async def row(self, statement, *values):
        rows = await self.rows(statement, *values)
        return rows[0] if rows else None

    def _rows(self, statement, values):
        with self._free:
            connection = self._pool.getconn()
            lost = True
            try:
                connection.autocommit = True
                with connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
                    cursor.execute(statement, values)
                    rows = [dict(row) for row in cursor.fetchall()] if cursor.description else []
                lost = False
                return rows
            except psycopg2.Error as error:
                lost = connection.closed != 0 or isinstance(error, psycopg2.OperationalError)
                raise
            finally:
                self._pool.putconn(connection, close=lost)


def wire(value):
    """A value as JSON has it: times as JavaScript writes them."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, dict):
        return {key: wire(one) for key, one in value.items()}
    if isinstance(value, list):
        return [wire(one) for one in value]
    return value
