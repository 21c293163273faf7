#!/usr/bin/env bash
# One netprobe command: COMMAND on CLUSTER, its reports into REPORTS, its report into the summary of the job. Ends as
# netprobe ends, so that the step fails when something is proved to be wrong, or when there is no answer.
set -euo pipefail

wrong() { printf '::error title=netprobe::%s\n' "$1"; exit 2; }

read -r -d '' -a scenarios <<<"${SCENARIOS:-}" || true
read -r -d '' -a arguments <<<"${ARGUMENTS:-}" || true
case "$COMMAND" in
  check)
    [ ${#scenarios[@]} = 0 ] || wrong "the input scenarios goes with command: run"
    words=(check) ;;
  run)
    words=(run "${scenarios[@]:---all}") ;;
  *) wrong "the input command is check or run, not \"$COMMAND\"" ;;
esac
case "${SUMMARY:-true}" in true | false) ;; *) wrong "the input summary is true or false, not \"$SUMMARY\"" ;; esac

# The lab makes network namespaces, which the runner's user may not.
as=()
case "$CLUSTER" in
  lab | lab:*)
    missing=()
    need() { command -v "$1" >/dev/null || PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null || missing+=("$2"); }
    need ip iproute2; need nft nftables; need curl curl; need nslookup bind9-dnsutils; need nc netcat-openbsd
    [ "$(id -u)" = 0 ] || as=(sudo --preserve-env env "PATH=$PATH")
    if [ ${#missing[@]} -gt 0 ]; then
      "${as[@]}" apt-get update -qq && "${as[@]}" apt-get install -qq --yes --no-install-recommends "${missing[@]}"
    fi ;;
esac

mkdir -p "$REPORTS"
summary="$REPORTS/summary.md"
outputs=(-o "json=$REPORTS/netprobe.json" -o "junit=$REPORTS/netprobe.xml" -o "html=$REPORTS/netprobe.html" -o "markdown=$summary")
code=0
"${as[@]}" netprobe "${words[@]}" --cluster "$CLUSTER" --journal "$REPORTS" "${outputs[@]}" "${arguments[@]}" || code=$?
printf 'exit-code=%s\n' "$code" >>"$GITHUB_OUTPUT"
if [ "${SUMMARY:-true}" = true ] && [ -s "$summary" ]; then cat "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
exit "$code"
