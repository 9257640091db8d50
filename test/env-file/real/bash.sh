# Sources n files, each in a shell of its own, and prints the exported names and values, all ended by NUL; a record
# of the empty name ends a file. The shells are restricted: of random pieces come redirections to `$0` and other places.
# bash bash.sh FOLDER COUNT
folder=$1 count=$2
shift 2
cd "$folder" || exit 1
lockstep_print() {
  local lockstep_n
  for lockstep_n in "${!K@}" "${!J@}" SET EMPTY; do printf '%s\0%s\0' "$lockstep_n" "${!lockstep_n}" >&3; done
}
for ((lockstep_i = 0; lockstep_i < count; lockstep_i++)); do
  (
    PATH=/nonexistent
    exec </dev/null 3>&1 >/dev/null 2>&1
    # a bad reference ends the shell
    trap lockstep_print EXIT
    set -ar
    source "$lockstep_i.env"
  )
  printf '\0'
done
