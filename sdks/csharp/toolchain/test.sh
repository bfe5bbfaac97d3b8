#!/bin/sh
# Checks the style, compiles and runs the README's examples, and runs the tests against the server that the environment names.
set -eu
cd "$(dirname "$0")/.."
toolchain/dotnet csc toolchain/lint.rsp toolchain/tests.rsp
toolchain/dotnet toolchain/bin/Lint.dll src tests conformance examples toolchain/host toolchain/lint toolchain/pack
toolchain/examples.sh
toolchain/dotnet bin/OctoStore.Client.Tests.dll
