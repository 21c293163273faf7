#!/bin/sh
# What stands on PATH in place of kind, docker, kubectl, helm and cilium: it records the call and gives an answer.
#
# STAND_IN is a folder: rules/N/match is a part of a command line; the first rule that matches answers with its
# files out, err, code; knock (a FIFO to write to), hang and deaf (to SIGTERM) make it a bad program. Each call is
# written to calls/N: argv (with NUL between words), stdin, kubeconfig, pid, and what files it was given.
name=${0##*/}
line="$name $*"
read -r number < "$STAND_IN/number"
echo $((number + 1)) > "$STAND_IN/number"
call=$STAND_IN/calls/$number
/bin/mkdir -p "$call/files"
printf '%s\0' "$name" "$@" > "$call/argv"
echo "$KUBECONFIG" > "$call/kubeconfig"
echo $$ > "$call/pid"
/bin/cat > "$call/stdin"
for argument in "$@"; do
  path=${argument#*=}
  case "$argument" in
    --config=* | --values=*) /bin/cat "$path" > "$call/files/${path##*/}" ;;
    --kustomize=*) for file in "$path"/*; do /bin/cat "$file" > "$call/files/${file##*/}"; done ;;
    --kubeconfig=*) kubeconfig=$path ;;
  esac
done
code=0
for rule in "$STAND_IN"/rules/*; do
  read -r match < "$rule/match"
  case "$line" in
    *"$match"*)
      [ -e "$rule/deaf" ] && trap '' TERM
      /bin/cat "$rule/out"
      /bin/cat "$rule/err" >&2
      read -r code < "$rule/code"
      if [ -e "$rule/knock" ]; then echo here > "$rule/knock"; fi
      if [ -e "$rule/hang" ]; then /bin/sleep 60; fi
      break
      ;;
  esac
done
case "$line" in
  "kind create cluster"*) [ "$code" = 0 ] && /bin/cat "$STAND_IN/kubeconfig" > "$kubeconfig" ;;
esac
exit "$code"
