#!/bin/sh
# What stands on PATH in place of kind, docker, kubectl, helm and cilium: it records the call and gives an answer.
#
# STAND_IN is a folder: rules/N/match is a part of a command line; the first rule that matches answers with its
# files out, err, code; knock (a FIFO to write to), hang and deaf (to SIGTERM) make it a bad program. Each call is
# written to calls/N.*: argv (with NUL between words), stdin, kubeconfig, pid, and the files that it was given.
# Few programs are started: a test makes dozens of calls.
name=${0##*/}
line="$name $*"
read -r number < "$STAND_IN/number"
echo $((number + 1)) > "$STAND_IN/number"
call=$STAND_IN/calls/$number
printf '%s\0' "$name" "$@" > "$call.argv"
printf '%s\n%s\n' "$$" "$KUBECONFIG" > "$call.about"
if IFS= read -r first; then { printf '%s\n' "$first"; /bin/cat; } > "$call.stdin"
elif [ -n "$first" ]; then printf '%s' "$first" > "$call.stdin"
fi
for argument in "$@"; do
  path=${argument#*=}
  case "$argument" in
    --config=* | --values=*) /bin/cat "$path" > "$call.file.${path##*/}" ;;
    --kustomize=*) for file in "$path"/*; do /bin/cat "$file" > "$call.file.${file##*/}"; done ;;
    --kubeconfig=*) kubeconfig=$path ;;
  esac
done
code=0
for rule in "$STAND_IN"/rules/*; do
  read -r match < "$rule/match"
  case "$line" in
    *"$match"*)
      [ -e "$rule/deaf" ] && trap '' TERM
      [ -s "$rule/out" ] && /bin/cat "$rule/out"
      [ -s "$rule/err" ] && /bin/cat "$rule/err" >&2
      read -r code < "$rule/code"
      if [ -e "$rule/knock" ]; then echo here > "$rule/knock"; fi
      if [ -e "$rule/hang" ]; then /bin/sleep 60; fi
      break
      ;;
  esac
done
case "$line" in
  "kind create cluster"*) [ "$code" = 0 ] && [ -e "$STAND_IN/kubeconfig" ] && /bin/cat "$STAND_IN/kubeconfig" > "$kubeconfig" ;;
esac
exit "$code"
