"""Who a token speaks for, by PyJWT as its documentation says: what it refuses and takes beyond that is its own habit."""

from dataclasses import dataclass

import jwt
from starlette.concurrency import run_in_threadpool


@dataclass
class Caller:
    id: str
    email: str
    expires_at: float


class Unusable(Exception):
    """The token says nothing that may be believed."""


class KeysUnavailable(Exception):
    """The auth server could not be asked for its keys: no verdict on the token."""


class Verifier:
    def __init__(self, env, trust):
        self._secret = env["BETTER_AUTH_SECRET"]
        self._issuer = env["BETTER_AUTH_URL"]
        auth = env.get("AUTH_INTERNAL_URL") or f"{self._issuer}/api/auth"
        self._keys = jwt.PyJWKClient(f"{auth}/jwks") if trust == "jwks" else None

    async def caller(self, token):
        try:
            claims = await run_in_threadpool(self._claims, token)
        except jwt.PyJWKClientError as error:
            if "Fail to fetch" in str(error):
                raise KeysUnavailable from error
            raise Unusable from error
        except jwt.PyJWTError as error:
            raise Unusable from error
        subject, email = claims["sub"], claims.get("email")
        if not isinstance(subject, str) or subject == "":
            raise Unusable
        return Caller(subject, email if isinstance(email, str) else None, float(claims["exp"]))

    def _claims(self, token):
        options = {"require": ["sub", "exp"]}
        if self._keys is None:
            return jwt.decode(
                token, self._secret, algorithms=["HS256"], issuer=self._issuer, audience=self._issuer, options=options
            )
        key = self._keys.get_signing_key_from_jwt(token).key
        return jwt.decode(
            token, key, algorithms=["EdDSA"], issuer=self._issuer, audience=self._issuer, options=options
        )


def bearer(authorization):
    """The token of an Authorization header; None where there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token != "" else None
