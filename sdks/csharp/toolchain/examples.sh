#!/bin/sh
# Compiles each example of the README and runs it against the server that the environment names.
set -eu
cd "$(dirname "$0")/.."
rm -rf bin/examples
mkdir -p bin/examples
awk '
  /^```csharp$/ { count++; file = "bin/examples/Example" count ".cs"; next }
  /^```$/ { file = "" }
  file != "" { print > file }
' README.md
for source in bin/examples/*.cs; do
  {
    printf '%s\n' -target:exe "-out:${source%.cs}.dll" -r:bin/OctoStore.Client.dll -r:bin/OctoStore.Client.Testing.dll examples/Support.cs "$source"
    echo @toolchain/common.rsp
  } > "${source%.cs}.rsp"
done
toolchain/dotnet csc bin/examples/*.rsp

# Runs a program that works until it gets a signal, and sends one. Fails unless the program then ends by itself.
terminate() {
  timeout --foreground 30 toolchain/dotnet "$1" > "$1.out" &
  until grep -q 'the next job' "$1.out"; do
    kill -0 $! || return 1
    sleep 0.1
  done
  kill -TERM $!
  wait $!
}

cp bin/OctoStore.Client.dll bin/OctoStore.Client.Testing.dll bin/examples/
passed=0
for program in bin/examples/Example*.dll; do
  if grep -q 'PosixSignal.SIGTERM, Stop' "${program%.dll}.cs"; then
    # The second run gets the lock only if the first one has released it.
    terminate "$program"
    terminate "$program"
  else
    timeout 30 toolchain/dotnet "$program"
  fi
  passed=$((passed + 1))
done
echo "examples of the README: $passed passed, 0 failed"
