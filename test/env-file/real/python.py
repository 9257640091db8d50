"""Reads n files with a real Python loader; prints a JSON array of what it made of each, null where it raised.

python3 python.py LOADER FOLDER COUNT ENVIRONMENT
"""
import functools
import json
import logging
import os
import sys
import warnings

loader, folder, count, environment = sys.argv[1:]
base = json.loads(environment)
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")


def reset():
    os.environ.clear()
    os.environ.update(base)


def python_dotenv(path):
    from dotenv import load_dotenv

    reset()
    load_dotenv(path, encoding="utf-8")
    return dict(os.environ)


def pydantic_settings(path):
    reset()
    found = {name: value for name, value in settings()(_env_file=path).model_dump().items() if value is not None}
    return {name: value for name, value in found.items() if base.get(name.upper()) != value}


@functools.cache
def settings():
    from pydantic_settings import BaseSettings, SettingsConfigDict

    class Settings(BaseSettings):
        model_config = SettingsConfigDict(extra="ignore")
        k: str | None = None
        j: str | None = None
        set: str | None = None
        empty: str | None = None

    return Settings


def starlette(path):
    from starlette.config import Config

    return {**Config(path, environ={}).file_values, **base}


read = {"python-dotenv": python_dotenv, "pydantic-settings": pydantic_settings, "starlette": starlette}[loader]
read(os.devnull) if loader != "starlette" else None
answers = []
for i in range(int(count)):
    try:
        answers.append(read(f"{folder}/{i}.env"))
    except Exception:
        answers.append(None)
sys.stdout.write(json.dumps(answers))
