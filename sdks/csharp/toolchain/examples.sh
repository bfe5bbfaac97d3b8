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
    printf '%s\n' -target:exe "-out:${source%.cs}.dll" -r:bin/OctoStore.Client.dll examples/Support.cs "$source"
    echo @toolchain/common.rsp
  } > "${source%.cs}.rsp"
done
toolchain/dotnet csc bin/examples/*.rsp
cp bin/OctoStore.Client.dll bin/examples/
passed=0
for program in bin/examples/Example*.dll; do
  timeout 30 toolchain/dotnet "$program"
  passed=$((passed + 1))
done
echo "examples of the README: $passed passed, 0 failed"
