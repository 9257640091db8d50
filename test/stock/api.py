"""A backend in Python that trusts the tokens of auth.js, as the documentation of FastAPI and PyJWT would write it."""

import os
from uuid import uuid4

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

AUTH_URL = os.environ["AUTH_URL"]
keys = jwt.PyJWKClient(f"{AUTH_URL}/api/auth/jwks")
app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=[AUTH_URL],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


def current_user(credentials: HTTPAuthorizationCredentials = Depends(HTTPBearer())) -> dict:
    token = credentials.credentials
    try:
        key = keys.get_signing_key_from_jwt(token)
        return jwt.decode(token, key.key, algorithms=["EdDSA"], audience=AUTH_URL, issuer=AUTH_URL)
    except jwt.PyJWTError as error:
        raise HTTPException(401, "Could not validate credentials", {"WWW-Authenticate": "Bearer"}) from error


notes: dict[str, dict] = {}


class NoteIn(BaseModel):
    title: str


@app.get("/profile")
def profile(user: dict = Depends(current_user)):
    return {"data": {"id": user["sub"], "email": user["email"]}}


@app.get("/notes/")
def read_notes(user: dict = Depends(current_user)):
    return [note for note in notes.values() if note["owner_id"] == user["sub"]]


@app.post("/notes/", status_code=201)
def create_note(note: NoteIn, user: dict = Depends(current_user)):
    made = {"id": str(uuid4()), "title": note.title, "owner_id": user["sub"]}
    notes[made["id"]] = made
    return made


def own_note(note_id: str, user: dict = Depends(current_user)) -> dict:
    note = notes.get(note_id)
    if note is None or note["owner_id"] != user["sub"]:
        raise HTTPException(404, "Note not found")
    return note


@app.get("/notes/{note_id}")
def read_note(note: dict = Depends(own_note)):
    return note


@app.delete("/notes/{note_id}", status_code=204)
def delete_note(note: dict = Depends(own_note)):
    del notes[note["id"]]


class Memo(BaseModel):
    text: str


@app.post("/memos/", status_code=201)
def create_memo(memo: Memo, user: dict = Depends(current_user)):
    return {"id": str(uuid4()), "text": memo.text, "owner_id": user["sub"]}
