"""The fixed part of a batch's script: POSIX sh only, for dash and busybox ash alike.

The functions keep to shell builtins wherever a record is written, so that a batch costs one process
per program asked and next to nothing on top.
"""

from __future__ import annotations

ANSWER = ">"
"""What the text of a UDP probe's P record begins with when it is the server's answer, not an error."""

PROLOGUE = r"""LC_ALL=C; export LC_ALL
np_uptime() { np_now=; read -r np_now np_rest </proc/uptime; }
np_text() { # at most 400 characters of the file $1, its lines joined, into np_out
  np_out=
  [ -f "$1" ] || return 0
  while IFS= read -r np_line || [ -n "$np_line" ]; do
    [ -z "$np_line" ] || np_out="$np_out$np_line; "
    [ "${#np_out}" -lt 400 ] || break
  done <"$1"
  np_out=${np_out%; }
}
np_probe() { # attempt id command...: run it, and write a P record without a middle time
  np_k=$1; np_id=$2; shift 2
  np_uptime; np_from=$np_now
  "$@" >"o.$np_k.$np_id" 2>&1; np_rc=$?
  np_uptime; np_text "o.$np_k.$np_id"
  printf 'P\t%s\t%s\t%s\t%s\t%s\t%s\t%.400s\t.\n' \
    "$np_k" "$np_id" "$np_from" "$np_now" "$np_now" "$np_rc" "$np_out" >"p.$np_k.$np_id"
}
np_ask() { printf hostname | nc -u -n -w "$1" -W 1 "$2" "$3"; }
np_udp() { # attempt id address port wait wait-again: one datagram, another on silence; > marks an answer
  np_o="o.$1.$2"; np_middle=
  np_uptime; np_from=$np_now
  np_ask "$5" "$3" "$4" >"$np_o" 2>"e.$1.$2"; np_rc=$?
  np_uptime; np_middle=$np_now
  if [ "$np_rc" -eq 0 ] && ! [ -s "$np_o" ]; then
    np_ask "$6" "$3" "$4" >"$np_o" 2>"e.$1.$2"; np_rc=$?
    np_uptime
  fi
  if [ -s "$np_o" ]; then np_text "$np_o"; np_out=">$np_out"; else np_text "e.$1.$2"; fi
  printf 'P\t%s\t%s\t%s\t%s\t%s\t%s\t%.400s\t.\n' \
    "$1" "$2" "$np_from" "$np_middle" "$np_now" "$np_rc" "$np_out" >"p.$1.$2"
}
np_curl() { # attempt transfers: the configuration on stdin, T records to a file
  curl -q -s --no-progress-meter -Z --parallel-immediate --parallel-max "$2" -K - >"t.$1" 2>"e.$1"; np_rc=$?
  np_text "e.$1"
  printf 'X\t%s\tcurl\t%s\t%.400s\t.\n' "$1" "$np_rc" "$np_out" >"x.$1"
}
np_start() { # attempt: note when it starts
  np_uptime; printf 'S\t%s\t%s\t.\n' "$1" "$np_now"
}
np_show() { # everything that was written, bodies before the T records that rest on them
  for np_file in b.*; do
    [ -f "$np_file" ] || continue
    np_line=; IFS= read -r np_line <"$np_file"
    np_file=${np_file#b.}
    printf 'B\t%s\t%s\t%.400s\t.\n' "${np_file%%.*}" "${np_file#*.}" "$np_line"
  done
  set --
  for np_file in t.* p.* x.*; do [ -f "$np_file" ] && set -- "$@" "$np_file"; done
  [ "$#" -eq 0 ] || cat "$@"
}
np_dir=$(mktemp -d "${TMPDIR:-/tmp}/netprobe.XXXXXX" 2>&1) && cd "$np_dir" || {
  printf 'X\t0\tmktemp\t1\t%.400s\t.\n' "$np_dir"; exit 1; }
trap 'cd /; rm -rf "$np_dir"' EXIT
trap 'exit 1' HUP INT TERM
"""
