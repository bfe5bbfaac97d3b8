#!/bin/sh
# Packs the libraries, compiles each example of the README with what is in the packages, and runs it against the server that
# the environment names.
set -eu
cd "$(dirname "$0")/.."
rm -rf bin/examples bin/packages
toolchain/dotnet csc toolchain/pack.rsp
toolchain/dotnet toolchain/bin/Pack.dll \
  src/OctoStore.Client/OctoStore.Client.csproj src/OctoStore.Client.Testing/OctoStore.Client.Testing.csproj
mkdir -p bin/examples
awk '
  /^```csharp$/ { count++; file = "bin/examples/Example" count ".cs"; next }
  /^```$/ { file = "" }
  file != "" { print > file }
' README.md
for source in bin/examples/*.cs; do
  {
    printf '%s\n' -target:exe "-out:${source%.cs}.dll" examples/Support.cs "$source"
    for library in bin/packages/*/lib/*/*.dll; do echo "-r:$library"; done
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

cp bin/packages/*/lib/*/*.dll bin/examples/
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
