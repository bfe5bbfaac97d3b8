#!/bin/sh
# Keeps a file for as long as this machine leads. The file contains the fencing token.
#
#   octostore elect leader/reports --ttl 15s --grace 5s -- while-leading.sh /leader/token
#
# octostore ends this script before anyone else can lead, even if octostore itself is killed.
set -eu

file=$1
trap 'rm -f "$file"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# In one step, so that no one reads half of it.
printf '%s\n' "$OCTOSTORE_FENCING_TOKEN" >"$file.new"
mv "$file.new" "$file"

# `wait` ends at a signal, unlike `sleep` in the foreground.
sleep 2147483647 &
wait $!
