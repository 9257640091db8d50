"""Asks PyJWT and python-jose about tokens. Standard input: a JSON list of cases; standard output: their answers."""
import json
import sys
import warnings

warnings.simplefilter("ignore")
import jwt as pyjwt
from jose import jwt as jose


def answer(decode):
    try:
        decode()
        return None
    except Exception as error:
        # python-jose prints the whole key
        return type(error).__name__ + ": " + str(error).split(": {")[0]


def ask(case):
    asked = {"algorithms": case["algorithms"], "audience": case["audience"], "issuer": case["issuer"]}
    return {
        "PyJWT": answer(lambda: pyjwt.decode(case["token"], case["key"], leeway=case["leeway"], **asked)),
        "python-jose": answer(
            lambda: jose.decode(case["token"], case["joseKey"], options={"leeway": case["leeway"]}, **asked)
        ),
    }


print(json.dumps([ask(case) for case in json.load(sys.stdin)]))
