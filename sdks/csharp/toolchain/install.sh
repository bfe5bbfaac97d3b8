#!/bin/sh
# Puts a .NET runtime and the C# compiler in place. Both are inside of a program that an npm package brings.
set -eu
cd "$(dirname "$0")/.."
npm ci --prefix toolchain --loglevel=error --ignore-scripts --no-audit --no-fund
mkdir -p toolchain/bin
mcs -target:library -langversion:latest -warnaserror -r:Microsoft.CSharp.dll -out:toolchain/bin/Toolchain.dll toolchain/host/*.cs
toolchain/dotnet unbundle toolchain/bin/framework
