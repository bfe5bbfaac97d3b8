#!/bin/sh
# Every file is one that PHP can read.
set -eu
find . -name '*.php' -not -path './vendor/*' -print0 | xargs -0 -n1 -P2 php -l | grep -v '^No syntax errors' && exit 1
exit 0
