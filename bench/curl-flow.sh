#!/usr/bin/env bash
# The same requests with curl, one process each, as a shell script would send them. No socket: curl here speaks none.
set -euo pipefail
origin=${AUTH%/api/auth}
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
ask() { curl --silent --header "Origin: $origin" "$@"; }

jar=$(mktemp)
trap 'rm -f "$jar" "$jar.b"' EXIT
person() {
  ask --cookie-jar "$1" --header 'Content-Type: application/json' --data "{\"email\":\"$2\",\"password\":\"$3\"}" "$AUTH/sign-in/email" >/dev/null
  ask --cookie "$1" "$AUTH/get-session" >/dev/null
  ask "$AUTH/get-session" >/dev/null
  ask --cookie "$1" "$AUTH/token" | field token
}
a=$(person "$jar" "$LOCKSTEP_A_EMAIL" "$LOCKSTEP_A_PASSWORD")
b=$(person "$jar.b" "$LOCKSTEP_B_EMAIL" "$LOCKSTEP_B_PASSWORD")
as() { local token=$1; shift; ask --header "Authorization: Bearer $token" "$@"; }

as "$a" "$API/api/me" >/dev/null
ask "$API/api/me" >/dev/null
for i in 1 2 3 4 5; do as "${a%.*}.AAAA$i" "$API/api/me" >/dev/null; done
as "$a" "$API/api/me" >/dev/null
as "${a%.*}.AAAA" "$API/api/me" >/dev/null
ask --cookie "$jar" "$AUTH/token" >/dev/null
as "$a" "$API/api/me" >/dev/null
create() { as "$a" --header 'Content-Type: application/json' --data '{"title":"canary"}' "$API/api/tasks" | field id; }
task=$(create)
as "$a" "$API/api/tasks/$task" >/dev/null
as "$b" "$API/api/tasks" >/dev/null
for query in '' '?include=owner' '?expand=all'; do as "$b" "$API/api/tasks/$task$query" >/dev/null; done
as "$a" "$API/api/tasks/$task" >/dev/null
as "$a" "$API/api/tasks" >/dev/null
for query in '' '?q=canary' '?search=canary' '?userId=a' '?user_id=a' '?limit=100'; do as "$b" "$API/api/tasks$query" >/dev/null; done
as "$a" --request DELETE "$API/api/tasks/$task" >/dev/null
